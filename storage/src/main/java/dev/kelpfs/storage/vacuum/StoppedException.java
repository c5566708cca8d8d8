package dev.kelpfs.storage.vacuum;

import java.io.IOException;

/** Somebody asked for the end of the work. */
final class StoppedException extends IOException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
        super("the vacuum was stopped");
    }
}
