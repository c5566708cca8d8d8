package dev.kelpfs.disk;

import java.io.IOException;
import java.nio.file.Path;

/** No space is left where a file was to grow. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    public DiskFullException(Path path) {
        super("no space left on the disk of " + path + "; free some, or move volumes elsewhere");
    }
}
