package dev.kelpfs.storage.vacuum;

import java.util.concurrent.TimeUnit;

/** Lets time go by. */
@FunctionalInterface
public interface Pause {
    /** Returns when this much time is over. */
    void nanos(long nanos) throws InterruptedException;

    /** Puts the thread to sleep. */
    static Pause sleeping() {
        return TimeUnit.NANOSECONDS::sleep;
    }
}
