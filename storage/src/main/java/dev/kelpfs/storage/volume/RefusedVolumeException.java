package dev.kelpfs.storage.volume;

import java.io.IOException;

/** Files that this server does not open as a volume. The message says what they are and what to do; others serve on. */
public final class RefusedVolumeException extends IOException {
    private static final long serialVersionUID = 1L;

    public RefusedVolumeException(String message) {
        super(message);
    }
}
