package dev.kelpfs.storage.needle;

import java.io.IOException;
import java.nio.file.Path;

/** Bytes on disk that are not the record that should be there. Says which file, where, and what is wrong. */
public final class DamagedRecordException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long offset;

    public DamagedRecordException(Path file, long offset, String what) {
        super(file + " at " + offset + ": " + what);
        this.file = file;
        this.offset = offset;
    }

    public Path file() {
        return file;
    }

    /** Where the record starts in the file. */
    public long offset() {
        return offset;
    }
}
