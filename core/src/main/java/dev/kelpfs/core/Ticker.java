package dev.kelpfs.core;

import java.time.Duration;

/**
 * Monotonic time, for deadlines, ages and durations. It never jumps and means nothing outside this process; what
 * people read or what is stored comes from a {@link java.time.InstantSource} instead.
 */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since some fixed moment. Compare by subtraction only. Any thread may call it. */
    long nanos();

    /** The ticker of this machine. */
    static Ticker system() {
        return System::nanoTime;
    }

    /** Time gone since {@code startNanos}, a value of the same ticker. */
    default Duration since(long startNanos) {
        return Duration.ofNanos(nanos() - startNanos);
    }
}
