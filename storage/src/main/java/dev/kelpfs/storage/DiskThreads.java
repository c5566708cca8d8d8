package dev.kelpfs.storage;

import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The platform threads that may block on one disk. Both they and the work that waits for them are bounded; more work is
 * answered by {@link RejectedExecutionException}. Threads end when there is nothing to do.
 */
final class DiskThreads implements Executor, AutoCloseable {
    private static final int IDLE_SECONDS = 10;
    private static final int CLOSE_SECONDS = 60;

    private final ThreadPoolExecutor pool;
    private final int threads;

    DiskThreads(String name, int threads, int queue) {
        this.threads = threads;
        pool = new ThreadPoolExecutor(threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queue),
                Thread.ofPlatform().name(name + "-", 0).daemon(true).factory());
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable work) {
        pool.execute(work);
    }

    /** Does the work for each item, several at a time, and returns when all is done. The caller takes part. */
    <T> void forEach(Collection<T> items, Consumer<T> work) {
        Iterator<T> left = items.iterator();
        int helpers = Math.min(threads, items.size() - 1);
        CountDownLatch done = new CountDownLatch(Math.max(0, helpers));
        for (int i = 0; i < helpers; i++) {
            try {
                pool.execute(() -> {
                    try {
                        drain(left, work);
                    } finally {
                        done.countDown();
                    }
                });
            } catch (RejectedExecutionException busy) {
                done.countDown();
            }
        }
        drain(left, work);
        awaitUninterruptibly(done);
    }

    private static <T> void drain(Iterator<T> left, Consumer<T> work) {
        while (true) {
            T item;
            synchronized (left) {
                if (!left.hasNext()) return;
                item = left.next();
            }
            work.accept(item);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch done) {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** Takes no more work and waits for what is under way. */
    @Override
    public void close() {
        pool.shutdown();
        try {
            if (!pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) pool.shutdownNow();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
