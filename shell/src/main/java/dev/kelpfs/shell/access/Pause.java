package dev.kelpfs.shell.access;

import java.time.Duration;

/** Waits; passed in, so that tests need not. */
@FunctionalInterface
public interface Pause {
    /** Returns when this much time is over. */
    void of(Duration time) throws InterruptedException;

    /** Puts the thread to sleep. */
    static Pause sleeping() {
        return time -> Thread.sleep(time.toMillis());
    }
}
