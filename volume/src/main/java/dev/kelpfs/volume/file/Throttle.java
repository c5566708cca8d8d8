package dev.kelpfs.volume.file;

import dev.kelpfs.http.HttpException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Holds requests back while those under way have more bytes than the limit; one that comes in below it is let through
 * whatever its size. A limit of 0 holds nobody back. Safe for all threads.
 *
 * <p>Source: volume server, section 3.14.
 */
final class Throttle {
    private static final int TOO_MANY_REQUESTS = 429;
    /** Nobody sees it, but it is what such requests are counted as. */
    private static final int CLIENT_LEFT = 499;
    /** A waiting request looks so often whether its client is still there. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

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

    /** Whether a request that comes now is held back. */
    boolean isFull() {
        return limitBytes > 0 && underWay() > limitBytes;
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
     * @param abandoned asked now and then whether the client has left; it does not wait on then
     * @throws HttpException 429 if it takes too long
     */
    void enter(long bytes, BooleanSupplier abandoned) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            if (underWay > limitBytes) heldBack.run();
            while (underWay > limitBytes) {
                if (left <= 0) {
                    throw new HttpException(TOO_MANY_REQUESTS, "requests under way have " + underWay + " bytes, the limit is "
                            + limitBytes + "; try again later");
                }
                if (abandoned.getAsBoolean()) throw new HttpException(CLIENT_LEFT, "the client left while its request waited");
                long slice = Math.min(left, LOOK_NANOS);
                left -= slice - fewer.awaitNanos(slice);
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
