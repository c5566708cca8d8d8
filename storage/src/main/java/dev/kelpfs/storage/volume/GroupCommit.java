package dev.kelpfs.storage.volume;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes appends of one volume durable, many with one sync: while a sync runs, those who come meanwhile wait for the
 * next one, which covers them all. Syncs run on the disk's threads, outside the append right, and those of different
 * volumes overlap.
 *
 * <p>Writers who were answered together tend to come back together, so a sync is put off until as many wait again as
 * waited when the last one ended, for half the time that it took at most. Without that a few writers would part in two
 * halves that take turns, and each sync would serve half of them. A lone writer never waits for anybody.
 *
 * <p>After the first failed sync every waiter fails, now and later: what a failed sync left on the disk
 * nobody knows, and asking again would lie.
 */
final class GroupCommit {
    private static final Duration MOST_PATIENCE = Duration.ofMillis(10);

    private final DiskFile dat;
    private final Executor diskThreads;
    private final Ticker ticker;
    private final long mostPatienceNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition gathered = lock.newCondition();

    // Guarded by the lock.
    private long asked;
    private long syncing;
    private long durable;
    private boolean running;
    /** How many waited when the last sync ended, those whom it served included. */
    private long together;
    /** For how long the next sync may be put off until as many wait again. */
    private long patienceNanos;
    private @Nullable IOException failure;

    GroupCommit(DiskFile dat, Executor diskThreads, Ticker ticker) {
        this(dat, diskThreads, ticker, MOST_PATIENCE);
    }

    /** @param mostPatience longest time for which a sync is put off, however long the last one took */
    GroupCommit(DiskFile dat, Executor diskThreads, Ticker ticker, Duration mostPatience) {
        this.dat = dat;
        this.diskThreads = diskThreads;
        this.ticker = ticker;
        this.mostPatienceNanos = mostPatience.toNanos();
    }

    /**
     * Returns when everything that was written to the file before the call is durable.
     *
     * @throws IOException if it cannot be made durable
     */
    void await() throws IOException {
        lock.lock();
        try {
            long ticket = ++asked;
            if (!running) {
                running = true;
                start();
            } else if (asked - durable >= together) {
                gathered.signal();
            }
            while (durable < ticket && failure == null) changed.awaitUninterruptibly();
            if (durable < ticket) throw new IOException("sync failed: " + failure.getMessage(), failure);
        } finally {
            lock.unlock();
        }
    }

    private void start() {
        try {
            diskThreads.execute(this::run);
        } catch (RejectedExecutionException noThread) {
            // All threads of the disk are taken; the caller's own is the one that has to do it then.
            lock.unlock();
            try {
                run();
            } finally {
                lock.lock();
            }
        }
    }

    private void run() {
        while (begin()) {
            IOException failed = null;
            long start = ticker.nanos();
            try {
                dat.sync();
            } catch (IOException broken) {
                failed = broken;
            } catch (RuntimeException | Error brokenOff) {
                failed = new IOException("the sync broke off with " + brokenOff, brokenOff);
            }
            end(ticker.since(start).toNanos(), failed);
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            long left = patienceNanos;
            while (durable < asked && asked - durable < together && left > 0 && failure == null) {
                left = awaitOneMore(left);
            }
            syncing = asked;
            running = durable < asked && failure == null;
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the time that is left. */
    private long awaitOneMore(long nanos) {
        try {
            return gathered.awaitNanos(nanos);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private void end(long tookNanos, @Nullable IOException failed) {
        lock.lock();
        try {
            together = asked - durable;
            patienceNanos = Math.min(tookNanos / 2, mostPatienceNanos);
            if (failed == null) {
                durable = syncing;
            } else {
                failure = failed;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
