package dev.kelpfs.storage.volume;

import dev.kelpfs.storage.index.IndexEntry;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a volume counts over its index rows (storage formats, section 10.7). One writer, who holds the append right or
 * is opening the volume; any thread may read single numbers.
 */
final class VolumeCounters {
    private final AtomicLong puts = new AtomicLong();
    private final AtomicLong putBytes = new AtomicLong();
    private final AtomicLong deletions = new AtomicLong();
    private final AtomicLong deletedBytes = new AtomicLong();
    private final AtomicLong maxKey = new AtomicLong();

    /** Counts a row that stores a needle, given the entry that the key had before. */
    void put(long keyBits, int bodyBytes, long before) {
        seen(keyBits);
        add(puts, 1);
        add(putBytes, bodyBytes);
        if (IndexEntry.isLive(before)) gone(IndexEntry.bodyBytes(before));
    }

    /** Counts a row that deletes, given the entry that the key had before. */
    void delete(long keyBits, long before) {
        seen(keyBits);
        gone(IndexEntry.isLive(before) ? IndexEntry.bodyBytes(before) : 0);
    }

    private void gone(int bodyBytes) {
        add(deletions, 1);
        add(deletedBytes, bodyBytes);
    }

    /** Raises the largest key. */
    void seen(long keyBits) {
        if (Long.compareUnsigned(keyBits, maxKey.getPlain()) > 0) maxKey.setRelease(keyBits);
    }

    // There is one writer, so nothing has to be atomic; millions of rows are counted when a volume is opened.
    private static void add(AtomicLong counter, long more) {
        counter.setRelease(counter.getPlain() + more);
    }

    long puts() {
        return puts.get();
    }

    long putBytes() {
        return putBytes.get();
    }

    long deletions() {
        return deletions.get();
    }

    long deletedBytes() {
        return deletedBytes.get();
    }

    long maxKey() {
        return maxKey.get();
    }
}
