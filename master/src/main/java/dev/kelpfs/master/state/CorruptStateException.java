package dev.kelpfs.master.state;

import java.io.IOException;
import java.nio.file.Path;

/** A state file is damaged where a crash cannot have damaged it. Nothing was changed. */
public final class CorruptStateException extends IOException {
    private static final long serialVersionUID = 1L;

    public CorruptStateException(Path file, long offset, String reason) {
        super(file + " is damaged at offset " + offset + ": " + reason + "; the master does not start on it, because ids could be"
                + " given out twice. Restore the file, or move the directory away: a new cluster then adopts the volumes and skips"
                + " far ahead of all ids that it sees");
    }
}
