package dev.kelpfs.storage.vacuum;

import dev.kelpfs.core.Ticker;

/**
 * Bounds bytes per second: each byte has a moment at which it is due, and who is too early waits. Time that was not used
 * is lost but for a tenth of a second. Used by one thread.
 */
final class ByteRate {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long LENIENCE_NANOS = NANOS_PER_SECOND / 10;
    private static final long LONGEST_PAUSE_NANOS = NANOS_PER_SECOND / 10;

    private final long bytesPerSecond;
    private final Ticker ticker;
    private final Pause pause;
    private final Checkpoint checkpoint;
    private long dueNanos;

    /** @param bytesPerSecond 0 for no bound */
    ByteRate(long bytesPerSecond, Ticker ticker, Pause pause, Checkpoint checkpoint) {
        this.bytesPerSecond = bytesPerSecond;
        this.ticker = ticker;
        this.pause = pause;
        this.checkpoint = checkpoint;
        this.dueNanos = ticker.nanos();
    }

    /** Throws when it is time to stop. */
    @FunctionalInterface
    interface Checkpoint {
        void check() throws StoppedException;
    }

    /** Waits until as many bytes as were spent so far are due. */
    void spend(long bytes) throws StoppedException {
        if (bytesPerSecond == 0) return;
        long now = ticker.nanos();
        if (dueNanos - now < -LENIENCE_NANOS) dueNanos = now - LENIENCE_NANOS;
        dueNanos += (long) ((double) bytes / bytesPerSecond * NANOS_PER_SECOND);
        // Shorter sleeps than the lenience cost more than they are worth.
        if (dueNanos - now < LENIENCE_NANOS / 10) return;
        try {
            for (long left = dueNanos - now; left > 0; left = dueNanos - ticker.nanos()) {
                checkpoint.check();
                pause.nanos(Math.min(left, LONGEST_PAUSE_NANOS));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }
}
