package dev.kelpfs.testkit;

import dev.kelpfs.core.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Many independent rounds of a seeded test, each with a seed of its own, on two threads or one. A normal build does a fixed
 * number; with {@code -Dkelp.soak.minutes=N} each test goes on with fresh rounds for so long. A failure names seed and
 * round, and {@code -Dkelp.seed=... -Dkelp.round=...} does that round alone.
 */
public final class SeededRounds {
    /** System property: minutes for which each test goes on, instead of its fixed number of rounds. */
    public static final String MINUTES_PROPERTY = "kelp.soak.minutes";

    /** System property: the one round to do. */
    public static final String ROUND_PROPERTY = "kelp.round";

    private static final int THREADS = 2;

    private SeededRounds() {}

    /** What is done in each round. */
    @FunctionalInterface
    public interface Round {
        /** Must be safe to run beside other rounds. */
        void run(Seed seed) throws Exception;
    }

    /**
     * Does the rounds and returns when all are done.
     *
     * @param user name of the test
     * @return how many were done
     * @throws AssertionError with the cause of the first round that failed
     */
    public static long run(String user, long rounds, Round round) {
        return run(user, rounds, THREADS, round);
    }

    /** The same on one thread, for rounds that must not run beside each other. */
    public static long runInTurn(String user, long rounds, Round round) {
        return run(user, rounds, 1, round);
    }

    private static long run(String user, long rounds, int threadCount, Round round) {
        Seed seed = Seed.announced(user);
        String only = System.getProperty(ROUND_PROPERTY, "");
        if (!only.isEmpty()) {
            one(seed, Long.parseLong(only), round);
            return 1;
        }
        Duration soak = Duration.ofMinutes(Long.getLong(MINUTES_PROPERTY, 0));
        Ticker ticker = Ticker.system();
        long start = ticker.nanos();
        AtomicLong next = new AtomicLong();
        AtomicReference<AssertionError> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < threadCount; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                while (failure.get() == null) {
                    long number = next.getAndIncrement();
                    boolean over = soak.isZero() ? number >= rounds : ticker.since(start).compareTo(soak) > 0;
                    if (over) {
                        next.decrementAndGet();
                        return;
                    }
                    try {
                        one(seed, number, round);
                    } catch (AssertionError failed) {
                        failure.compareAndSet(null, failed);
                    }
                }
            }));
        }
        for (Thread thread : threads) join(thread);
        if (failure.get() != null) throw failure.get();
        System.out.println(user + ": " + next + " rounds");
        return next.get();
    }

    private static void one(Seed seed, long number, Round round) {
        try {
            round.run(seed.derive(number));
        } catch (Throwable failed) {
            throw new AssertionError("round " + number + " of seed " + seed + " (repeat with -D" + Seed.PROPERTY + "="
                    + seed + " -D" + ROUND_PROPERTY + "=" + number + "): " + failed.getMessage(), failed);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while rounds were under way", stop);
        }
    }
}
