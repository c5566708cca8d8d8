package dev.kelpfs.master.growth;

import dev.kelpfs.core.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One growth under way or over. Safe for all threads. */
public final class Growth {
    /** What a growth came to. */
    public sealed interface Result {
        /**
         * Volumes were made.
         *
         * @param volumes logical ones
         * @param replicas copies of all of them
         * @param shortfall why there are fewer than wanted; empty if there are not
         */
        record Grown(int volumes, int replicas, String shortfall) implements Result {}

        /** The known servers cannot satisfy the wish, however empty they are. */
        record Impossible(String reason) implements Result {}

        /** The known servers could, but too few have a free slot. */
        record NoSlots(String reason) implements Result {}

        /** It was tried and failed; trying again later may help. */
        record Failed(String reason) implements Result {}

        /** It is not over yet. */
        record Running() implements Result {}
    }

    private final GrowthRequest request;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition over;
    /** Written under the lock. */
    private volatile Result result = new Result.Running();

    Growth(GrowthRequest request, Ticker ticker) {
        this.request = request;
        this.over = ticker.newCondition(lock);
    }

    /** What is grown. */
    public GrowthRequest request() {
        return request;
    }

    static Growth over(GrowthRequest request, Result result, Ticker ticker) {
        Growth growth = new Growth(request, ticker);
        growth.end(result);
        return growth;
    }

    public Result result() {
        return result;
    }

    public boolean isOver() {
        return !(result instanceof Result.Running);
    }

    /** Waits for the end, but no longer than so many seconds. */
    public Result await(long seconds) throws InterruptedException {
        long left = TimeUnit.SECONDS.toNanos(seconds);
        lock.lockInterruptibly();
        try {
            while (!isOver() && left > 0) left = over.awaitNanos(left);
            return result;
        } finally {
            lock.unlock();
        }
    }

    void end(Result outcome) {
        lock.lock();
        try {
            result = outcome;
            over.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
