package dev.kelpfs.volume.file;

import java.util.concurrent.Semaphore;

/** The memory that files may take together while they are inflated for their clients. Safe for all threads. */
final class InflatingMemory {
    private static final int UNIT_BYTES = 1024;

    private final int units;
    private final Semaphore free;

    InflatingMemory(long bytes) {
        units = unitsFor(bytes);
        free = new Semaphore(units, true);
    }

    /** Takes a share if it is free now; never waits. */
    boolean tryTake(long bytes) {
        return free.tryAcquire(capped(bytes));
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
