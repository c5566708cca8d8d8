package dev.kelpfs.master.growth;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Result result = new Result.Running();

    Growth(GrowthRequest request) {
        this.request = request;
    }

    /** What is grown. */
    public GrowthRequest request() {
        return request;
    }

    static Growth over(GrowthRequest request, Result result) {
        Growth growth = new Growth(request);
        growth.end(result);
        return growth;
    }

    public Result result() {
        return result;
    }

    public boolean isOver() {
        return over.getCount() == 0;
    }

    /** Waits for the end, but no longer than so many seconds. */
    public Result await(long seconds) throws InterruptedException {
        if (!over.await(seconds, TimeUnit.SECONDS)) return new Result.Running();
        return result;
    }

    void end(Result outcome) {
        result = outcome;
        over.countDown();
    }
}
