package dev.kelpfs.volume.file;

import dev.kelpfs.core.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory that bodies of running uploads may take together, shared out so that one client cannot keep the others from
 * theirs. Who wants some takes a share first and gives it back when the record is stored. Shares go out in the order of
 * coming, except that a client with half of the whole waits for those with less; and while somebody waits, who fills a
 * share too slowly has to give it back ({@link #mustGiveWay}). Clients are told apart by address. Safe for all threads.
 */
final class UploadMemory {
    /** Nobody gives way sooner. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** In so much time after that a share has to be full, at an even pace, while others wait. */
    private static final long FILL_NANOS = TimeUnit.SECONDS.toNanos(120);
    /** Who left without a share is expected to come again within this time. */
    private static final long RETURN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final long wholeBytes;
    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by {@code lock}, as are the next two. */
    private final List<Ask> waiting = new ArrayList<>();
    private final Map<InetAddress, Long> heldByClient = new HashMap<>();
    private long freeBytes;

    private volatile long refusedAtNanos;
    private volatile boolean refusedOnce;
    private volatile boolean somebodyWaits;

    /** Somebody who wants a share. */
    private static final class Ask {
        private final InetAddress client;
        private final long bytes;
        private final Condition granted;
        private boolean done;

        private Ask(InetAddress client, long bytes, Condition granted) {
            this.client = client;
            this.bytes = bytes;
            this.granted = granted;
        }
    }

    UploadMemory(long bytes, Ticker ticker) {
        this.wholeBytes = bytes;
        this.freeBytes = bytes;
        this.ticker = ticker;
    }

    /**
     * Waits for a share. A body larger than the whole takes the whole and runs alone.
     *
     * @return false if it did not become free in time
     */
    boolean take(InetAddress client, long bytes, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        Ask ask = new Ask(client, capped(bytes), lock.newCondition());
        try {
            waiting.add(ask);
            grant();
            long left = patience.toNanos();
            while (!ask.done && left > 0) left = ask.granted.awaitNanos(left);
            if (!ask.done) {
                refusedAtNanos = ticker.nanos();
                refusedOnce = true;
            }
            return ask.done;
        } catch (InterruptedException interrupted) {
            if (ask.done) release(client, ask.bytes);
            throw interrupted;
        } finally {
            // The next in the queue may fit where this one did not.
            if (waiting.remove(ask)) grant();
            lock.unlock();
        }
    }

    /** Gives back a share that was taken with the same number of bytes. */
    void giveBack(InetAddress client, long bytes) {
        lock.lock();
        try {
            release(client, capped(bytes));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether a share is to be given back although its body has not come whole.
     *
     * @param sharedBytes size of the share
     * @param receivedBytes what of it has come
     * @param sinceNanos when it was taken, on the monotonic clock
     */
    boolean mustGiveWay(long sharedBytes, long receivedBytes, long sinceNanos) {
        if (!somebodyWaits && !refusedOnce) return false;
        long now = ticker.nanos();
        boolean wanted = somebodyWaits || now - refusedAtNanos < RETURN_NANOS;
        return wanted && isTooSlow(sharedBytes, receivedBytes, now - sinceNanos);
    }

    /** Whether less has come than a share filled evenly would hold by now. */
    static boolean isTooSlow(long sharedBytes, long receivedBytes, long heldNanos) {
        if (heldNanos <= GRACE_NANOS) return false;
        return receivedBytes < (double) sharedBytes * (heldNanos - GRACE_NANOS) / FILL_NANOS;
    }

    /** How many wait for a share. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private long capped(long bytes) {
        return Math.min(wholeBytes, bytes);
    }

    /** Holding the lock. */
    private void release(InetAddress client, long bytes) {
        freeBytes += bytes;
        heldByClient.computeIfPresent(client, (_, held) -> held > bytes ? held - bytes : null);
        grant();
    }

    /** Holding the lock: gives out what is free; nobody is overtaken because he wants more than that. */
    private void grant() {
        while (!waiting.isEmpty()) {
            Ask next = next();
            if (next.bytes > freeBytes) break;
            freeBytes -= next.bytes;
            heldByClient.merge(next.client, next.bytes, Long::sum);
            waiting.remove(next);
            next.done = true;
            next.granted.signal();
        }
        somebodyWaits = !waiting.isEmpty();
    }

    private Ask next() {
        for (Ask ask : waiting) {
            if (heldByClient.getOrDefault(ask.client, 0L) < wholeBytes / 2) return ask;
        }
        return waiting.getFirst();
    }
}
