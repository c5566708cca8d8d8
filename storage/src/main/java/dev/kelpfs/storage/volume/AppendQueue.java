package dev.kelpfs.storage.volume;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Appends that wait for the append right of one volume. One thread of the disk's pool at a time serves the queue, a
 * batch of tasks for each time it takes the right, so that a busy volume never occupies the pool.
 */
final class AppendQueue {
    static final int LIMIT = 1024;

    private static final int BATCH = 128;

    private record Task<T>(Callable<T> work, CompletableFuture<T> result) {
        void run() {
            try {
                result.complete(work.call());
            } catch (Throwable failed) {
                // Memory that ran out too: whoever waits must be told, and those behind must have their turn.
                result.completeExceptionally(failed);
            }
        }
    }

    private final ReentrantLock appendRight;
    private final Executor diskThreads;

    // Written under this; whether somebody waits is read by any thread.
    private final ArrayDeque<Task<?>> waiting = new ArrayDeque<>();
    private volatile boolean served;

    AppendQueue(ReentrantLock appendRight, Executor diskThreads) {
        this.appendRight = appendRight;
        this.diskThreads = diskThreads;
    }

    /**
     * Does the work under the append right, on a thread of the disk, and waits for it.
     *
     * @return empty if the queue is full
     * @throws Exception what the work throws
     */
    <T> Optional<T> call(Callable<T> work) throws Exception {
        Task<T> task = new Task<>(work, new CompletableFuture<>());
        boolean first;
        synchronized (this) {
            if (waiting.size() >= LIMIT) return Optional.empty();
            waiting.add(task);
            first = !served;
            served = true;
        }
        if (first) again();
        try {
            return Optional.of(task.result.join());
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof Exception cause) throw cause;
            if (failed.getCause() instanceof Error cause) throw cause;
            throw failed;
        }
    }

    /** True if somebody waits; who comes now should wait too. */
    boolean isBusy() {
        return served;
    }

    private void serve() {
        appendRight.lock();
        try {
            for (int i = 0; i < BATCH; i++) {
                Task<?> task = next();
                if (task == null) return;
                task.run();
                // Somebody who waits for the right itself (a vacuum, an unmount) goes before the rest of the batch.
                if (appendRight.hasQueuedThreads()) break;
            }
        } finally {
            appendRight.unlock();
        }
        again();
    }

    private synchronized @Nullable Task<?> next() {
        Task<?> task = waiting.poll();
        if (task == null) served = false;
        return task;
    }

    // Behind the other volumes' turns; if the pool takes no more, this thread does the work.
    private void again() {
        try {
            diskThreads.execute(this::serve);
        } catch (RejectedExecutionException full) {
            serve();
        }
    }
}
