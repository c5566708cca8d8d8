package dev.kelpfs.client;

import java.time.Duration;

/** Waiting between two tries. An interrupt ends the operation that waited, and stays set. */
final class Pause {
    private Pause() {}

    static void of(Duration time, String what) throws KelpException {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KelpException(what + " was interrupted", interrupted);
        }
    }
}
