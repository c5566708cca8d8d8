package dev.kelpfs.storage.vacuum;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.NeedleIndex;
import dev.kelpfs.storage.needle.RecordVersion;
import java.util.Arrays;

/**
 * The live keys of an index in ascending unsigned order, without a sorted copy of all of them: each pass over the index
 * collects the smallest ones behind those that were given already. The index may change meanwhile; a key that becomes
 * dead or moves behind the end of the data at the start may or may not come. Used by one thread.
 */
final class LiveKeys {
    private final NeedleIndex index;
    private final long datEnd;
    private final int batchKeys;
    /** Keys with the sign bit turned, so that signed comparisons order them as unsigned. */
    private final long[] found;
    private int count;
    private long lowest = Long.MIN_VALUE;
    private long highest;
    private boolean exhausted;

    /**
     * @param datEnd records from here on are left out
     * @param batchKeys most keys of a batch; twice as many longs are held
     */
    LiveKeys(NeedleIndex index, long datEnd, int batchKeys) {
        this.index = index;
        this.datEnd = datEnd;
        this.batchKeys = batchKeys;
        this.found = new long[2 * Math.clamp(index.count(), 1, batchKeys)];
    }

    /** Number and length of records. */
    record Sum(long records, long bytes) {}

    /** Sums up the live records that start before {@code datEnd}. */
    static Sum sum(NeedleIndex index, long datEnd, RecordVersion version) {
        long[] sum = new long[2];
        index.forEach((_, entry) -> {
            if (!counts(entry, datEnd)) return;
            sum[0]++;
            sum[1] += version.recordBytes(IndexEntry.bodyBytes(entry));
        });
        return new Sum(sum[0], sum[1]);
    }

    /** True for a live record that starts before {@code datEnd}. */
    static boolean counts(long entry, long datEnd) {
        return IndexEntry.isLive(entry) && IndexEntry.offset(entry) < datEnd;
    }

    /** The next keys in ascending order; empty when there are no more. */
    long[] next() {
        if (exhausted) return new long[0];
        count = 0;
        highest = Long.MAX_VALUE;
        index.forEach(this::offer);
        Arrays.sort(found, 0, count);
        long[] batch = Arrays.copyOf(found, Math.min(count, found.length / 2));
        if (batch.length == 0 || batch[batch.length - 1] == Long.MAX_VALUE) exhausted = true;
        if (!exhausted) lowest = batch[batch.length - 1] + 1;
        for (int i = 0; i < batch.length; i++) batch[i] ^= Long.MIN_VALUE;
        return batch;
    }

    private void offer(long keyBits, long entry) {
        long key = keyBits ^ Long.MIN_VALUE;
        if (key < lowest || key > highest || !counts(entry, datEnd)) return;
        if (count == found.length) {
            Arrays.sort(found);
            count = found.length / 2;
            highest = found[count - 1];
            if (key > highest) return;
        }
        found[count++] = key;
    }
}
