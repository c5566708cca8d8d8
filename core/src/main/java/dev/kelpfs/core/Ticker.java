package dev.kelpfs.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * Monotonic time, for deadlines, ages and durations, and for waiting. It never jumps and means nothing outside this
 * process; what people read or what is stored comes from a {@link java.time.InstantSource} instead.
 */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since some fixed moment. Compare by subtraction only. Any thread may call it. */
    long nanos();

    /** The ticker of this machine. */
    static Ticker system() {
        return System::nanoTime;
    }

    /** Has the calling thread wait until so much of this time has passed. */
    default void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    /** A condition of {@code lock} whose timed waits end by this time. */
    default Condition newCondition(Lock lock) {
        return lock.newCondition();
    }

    /** Time gone since {@code startNanos}, a value of the same ticker. */
    default Duration since(long startNanos) {
        return Duration.ofNanos(nanos() - startNanos);
    }
}
