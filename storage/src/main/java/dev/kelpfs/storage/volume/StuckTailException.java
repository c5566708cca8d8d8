package dev.kelpfs.storage.volume;

import java.io.IOException;

/** A failed append left bytes behind that could not be cut off either, so nothing may be appended after them. */
final class StuckTailException extends IOException {
    private static final long serialVersionUID = 1L;

    StuckTailException(String message, Throwable cause) {
        super(message, cause);
    }
}
