package dev.kelpfs.benchmarks.load;

/**
 * Counts durations in buckets whose width grows with their value, so that a percentile is right to within 1/64. Not safe
 * for several threads: one each, {@link #add}ed at the end.
 */
final class LatencyHistogram {
    private static final int SUB_BITS = 6;
    private static final int SUB_COUNT = 1 << SUB_BITS;

    private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUB_COUNT];
    private long total;

    void record(long nanos) {
        counts[bucketOf(Math.max(0, nanos))]++;
        total++;
    }

    void add(LatencyHistogram other) {
        for (int i = 0; i < counts.length; i++) counts[i] += other.counts[i];
        total += other.total;
    }

    long count() {
        return total;
    }

    /** The largest value of the bucket in which the {@code share}-th (0 to 1) of all durations lies; 0 without any. */
    long percentile(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) return lastValueOf(i);
        }
        return 0;
    }

    private static int bucketOf(long value) {
        if (value < SUB_COUNT) return (int) value;
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        return (shift + 1) * SUB_COUNT + (int) (value >>> shift) - SUB_COUNT;
    }

    private static long lastValueOf(int bucket) {
        if (bucket < SUB_COUNT) return bucket;
        int shift = bucket / SUB_COUNT - 1;
        long first = (long) (SUB_COUNT + bucket % SUB_COUNT) << shift;
        return first + (1L << shift) - 1;
    }
}
