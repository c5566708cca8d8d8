package dev.kelpfs.benchmarks.load;

import java.time.Duration;

/**
 * What came of a load.
 *
 * @param requests answers that came, good and bad
 * @param failures answers other than 2xx and 3xx, broken connections and time-outs
 * @param elapsed from the first request to the last answer
 * @param p50Nanos half of the answers took at most this long
 * @param p99Nanos 99 of 100 answers took at most this long
 */
public record LoadResult(long requests, long failures, Duration elapsed, long p50Nanos, long p99Nanos) {
    public LoadResult {
        if (requests < 0 || failures < 0) throw new IllegalArgumentException("counts below zero");
    }

    /** Answers a second. */
    public double perSecond() {
        return requests / (elapsed.toNanos() / 1e9);
    }
}
