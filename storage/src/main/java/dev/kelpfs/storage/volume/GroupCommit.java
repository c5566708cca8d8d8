package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes appends of one volume durable, many with one sync: while a sync runs, those who come meanwhile wait for the
 * next one, which covers them all. Syncs run on the disk's threads, outside the append right, and those of different
 * volumes overlap. After the first failed sync every waiter fails, now and later: what a failed sync left on the disk
 * nobody knows, and asking again would lie.
 */
final class GroupCommit {
    private final DiskFile dat;
    private final Executor diskThreads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private long asked;
    private long syncing;
    private long durable;
    private boolean running;
    private @Nullable IOException failure;

    GroupCommit(DiskFile dat, Executor diskThreads) {
        this.dat = dat;
        this.diskThreads = diskThreads;
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
            try {
                dat.sync();
            } catch (IOException broken) {
                failed = broken;
            }
            end(failed);
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            syncing = asked;
            running = durable < asked && failure == null;
            return running;
        } finally {
            lock.unlock();
        }
    }

    private void end(@Nullable IOException failed) {
        lock.lock();
        try {
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
