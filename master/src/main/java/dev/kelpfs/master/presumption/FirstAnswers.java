package dev.kelpfs.master.presumption;

import dev.kelpfs.core.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Waits until each of some servers was asked once. Safe for all threads. */
final class FirstAnswers {
    private final int expected;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition complete;
    /** Guarded by {@link #lock}. */
    private final Set<String> asked = new HashSet<>();

    FirstAnswers(int expected, Ticker ticker) {
        this.expected = expected;
        this.complete = ticker.newCondition(lock);
    }

    /** The server answered, or will not; only the first time counts. */
    void from(String nodeId) {
        lock.lock();
        try {
            asked.add(nodeId);
            if (asked.size() == expected) complete.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for all, but no longer than so long. */
    void await(Duration longest) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = longest.toNanos();
            while (asked.size() < expected && left > 0) left = complete.awaitNanos(left);
        } finally {
            lock.unlock();
        }
    }
}
