package dev.kelpfs.benchmarks.storage;

import dev.kelpfs.core.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Makes syncs take longer by a stated time, and counts them. Any thread. */
final class SyncTimer {
    private final Ticker ticker;
    private final long delayNanos;
    private final LongAdder syncs = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    SyncTimer(Ticker ticker, Duration delay) {
        this.ticker = ticker;
        this.delayNanos = delay.toNanos();
    }

    /** A sync of the disk below. */
    @FunctionalInterface
    interface Sync {
        void run() throws IOException;
    }

    /** Does the sync and waits as long as the delay says; the disk's own time comes on top. */
    void sync(Sync real) throws IOException {
        long start = ticker.nanos();
        real.run();
        long end = ticker.nanos() + delayNanos;
        for (long left = delayNanos; left > 0; left = end - ticker.nanos()) LockSupport.parkNanos(left);
        syncs.increment();
        nanos.add(ticker.nanos() - start);
    }

    void forget() {
        syncs.reset();
        nanos.reset();
    }

    long syncs() {
        return syncs.sum();
    }

    double meanMillis() {
        return nanos.sum() / 1e6 / Math.max(1, syncs.sum());
    }
}
