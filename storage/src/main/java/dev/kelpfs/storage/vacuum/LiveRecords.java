package dev.kelpfs.storage.vacuum;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.NeedleIndex;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.storage.volume.RewrittenIndex;

/** Counts the records that a vacuum has to copy. The index may change meanwhile; what becomes dead is counted or not. */
final class LiveRecords {
    private LiveRecords() {}

    /** Number and length of records. */
    record Sum(long records, long bytes) {}

    /** True for a live record that starts before {@code datEnd}. */
    static boolean counts(long entry, long datEnd) {
        return IndexEntry.isLive(entry) && IndexEntry.offset(entry) < datEnd;
    }

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

    /** How many of them have no equally long one of their key in a copy. */
    static long missing(NeedleIndex index, RewrittenIndex copy, long datEnd) {
        long[] missing = new long[1];
        index.forEach((keyBits, entry) -> {
            if (counts(entry, datEnd) && !isCopied(copy, keyBits, entry)) missing[0]++;
        });
        return missing[0];
    }

    static boolean isCopied(RewrittenIndex copy, long keyBits, long entry) {
        long copied = copy.find(keyBits);
        return IndexEntry.isLive(copied) && IndexEntry.bodyBytes(copied) == IndexEntry.bodyBytes(entry);
    }
}
