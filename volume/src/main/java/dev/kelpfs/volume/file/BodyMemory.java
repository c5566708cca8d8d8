package dev.kelpfs.volume.file;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory that bodies of running uploads may take together. Who wants some takes a share first and gives it back when
 * the record is stored; nobody gets more than there is, so many slow uploads cost waiting and not the process. Safe for
 * all threads.
 */
final class BodyMemory {
    private static final int UNIT_BYTES = 1024;

    private final int units;
    private final Semaphore free;

    BodyMemory(long bytes) {
        units = unitsFor(bytes);
        free = new Semaphore(units, true);
    }

    /** Takes a share if it is free now; never waits. */
    boolean tryTake(long bytes) {
        return free.tryAcquire(capped(bytes));
    }

    /** Waits for a share, in the order of coming. A body larger than the whole takes the whole and runs alone. */
    boolean take(long bytes, Duration patience) throws InterruptedException {
        return free.tryAcquire(capped(bytes), patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Gives back a share that was taken with the same number of bytes. */
    void giveBack(long bytes) {
        free.release(capped(bytes));
    }

    private int capped(long bytes) {
        return Math.min(units, unitsFor(bytes));
    }

    private static int unitsFor(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    }
}
