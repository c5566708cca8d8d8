package dev.kelpfs.volume.file;

import dev.kelpfs.http.HttpException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds requests back while those under way have more bytes than the limit; one that comes in below it is let through
 * whatever its size. A limit of 0 holds nobody back. Safe for all threads.
 *
 * <p>Source: volume server, section 3.14.
 */
final class Throttle {
    private static final int TOO_MANY_REQUESTS = 429;

    private final long limitBytes;
    private final Duration patience;
    private final Runnable heldBack;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();

    /** Guarded by {@code lock}. */
    private long underWay;

    /** @param heldBack told whenever a request has to wait */
    Throttle(long limitBytes, Duration patience, Runnable heldBack) {
        this.limitBytes = limitBytes;
        this.patience = patience;
        this.heldBack = heldBack;
    }

    boolean isOn() {
        return limitBytes > 0;
    }

    /** Bytes of the requests that were let through and have not left. */
    long underWay() {
        lock.lock();
        try {
            return underWay;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the limit is kept, and counts this request.
     *
     * @throws HttpException 429 if that takes too long
     */
    void enter(long bytes) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            if (underWay > limitBytes) heldBack.run();
            while (underWay > limitBytes) {
                if (left <= 0) {
                    throw new HttpException(TOO_MANY_REQUESTS, "requests under way have " + underWay + " bytes, the limit is "
                            + limitBytes + "; try again later");
                }
                left = fewer.awaitNanos(left);
            }
            underWay += bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back what {@link #enter} counted. */
    void leave(long bytes) {
        lock.lock();
        try {
            underWay -= bytes;
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
