package dev.kelpfs.storage.volume;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A volume info file that cannot be understood. */
final class DamagedVolumeInfoException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedVolumeInfoException(Path path, String what, @Nullable Throwable cause) {
        super(path + " cannot be understood: " + what + "; restore it from a copy, or remove it to have a new one written",
                cause);
    }
}
