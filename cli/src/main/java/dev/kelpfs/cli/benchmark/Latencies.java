package dev.kelpfs.cli.benchmark;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long requests took, in tenths of a millisecond: one bucket for each up to a second, and a list of the longer ones.
 * Safe for all threads. Source: command line, section 11.
 */
final class Latencies {
    static final int[] PERCENTS = {50, 66, 75, 80, 90, 95, 98, 99, 100};
    private static final int BUCKETS = 10_000;
    private static final long NANOS_PER_BUCKET = 100_000;
    private static final double BUCKETS_PER_MILLI = 10;

    // All guarded by this.
    private final long[] buckets = new long[BUCKETS];
    private long[] longer = new long[16];
    private int longerCount;
    private long count;
    private long sum;
    private double sumOfSquares;
    private long min = Long.MAX_VALUE;
    private long max;

    /** In milliseconds. */
    record Summary(double min, double average, double max, double deviation, Map<Integer, Double> percentiles) {}

    synchronized void add(long nanos) {
        long bucket = Math.max(0, nanos / NANOS_PER_BUCKET);
        count++;
        sum += bucket;
        sumOfSquares += (double) bucket * bucket;
        min = Math.min(min, bucket);
        max = Math.max(max, bucket);
        if (bucket < BUCKETS) {
            buckets[(int) bucket]++;
        } else {
            if (longerCount == longer.length) longer = Arrays.copyOf(longer, longerCount * 2);
            longer[longerCount++] = bucket;
        }
    }

    synchronized Summary summary() {
        if (count == 0) return new Summary(0, 0, 0, 0, Map.of());
        double average = (double) sum / count;
        double variance = Math.max(0, sumOfSquares / count - average * average);
        return new Summary(min / BUCKETS_PER_MILLI, average / BUCKETS_PER_MILLI, max / BUCKETS_PER_MILLI,
                Math.sqrt(variance) / BUCKETS_PER_MILLI, percentiles());
    }

    private Map<Integer, Double> percentiles() {
        long[] tail = Arrays.copyOf(longer, longerCount);
        Arrays.sort(tail);
        Map<Integer, Double> found = new LinkedHashMap<>();
        for (int percent : PERCENTS) {
            long wanted = Math.max(1, count * percent / 100);
            found.put(percent, valueAt(wanted, tail) / BUCKETS_PER_MILLI);
        }
        return found;
    }

    /** The bucket in which the n-th shortest request lies. */
    private long valueAt(long rank, long[] tail) {
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += buckets[i];
            if (seen >= rank) return i;
        }
        return tail[(int) Math.min(tail.length - 1, rank - seen - 1)];
    }
}
