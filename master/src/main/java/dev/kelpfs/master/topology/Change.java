package dev.kelpfs.master.topology;

import dev.kelpfs.core.Ticker;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets threads wait until the picture changed in a way that matters to writers. Safe for all threads. */
public final class Change {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced;
    /** Guarded by {@link #lock}. */
    private long version;

    Change(Ticker ticker) {
        this.advanced = ticker.newCondition(lock);
    }

    /** The version now: read it, look at the picture, then wait for another one. */
    public long version() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the version is another one, but no longer than so many nanoseconds. */
    public void await(long seenVersion, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (version == seenVersion && left > 0) left = advanced.awaitNanos(left);
        } finally {
            lock.unlock();
        }
    }

    /** Wakes everybody who waits. */
    public void advance() {
        lock.lock();
        try {
            version++;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
