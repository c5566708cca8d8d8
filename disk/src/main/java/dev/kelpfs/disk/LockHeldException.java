package dev.kelpfs.disk;

import java.io.IOException;
import java.nio.file.Path;

/** Somebody else holds the lock. */
public final class LockHeldException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String holder;

    public LockHeldException(Path path, String holder) {
        super(path + " is held by " + (holder.isBlank() ? "another process" : holder));
        this.holder = holder;
    }

    /** What the holder wrote about itself; may be empty. */
    public String holder() {
        return holder;
    }
}
