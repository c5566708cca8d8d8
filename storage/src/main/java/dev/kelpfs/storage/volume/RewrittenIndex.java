package dev.kelpfs.storage.volume;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.NeedleIndex;

/**
 * Index and counts of the files that a rewrite makes. Used by one thread at a time; nobody else waits for it. Closed by
 * its maker, unless the volume has taken it over.
 */
public final class RewrittenIndex implements AutoCloseable {
    private final NeedleIndex index;
    private final VolumeCounters counters = new VolumeCounters();

    RewrittenIndex(NeedleIndex index) {
        this.index = index;
    }

    /** Takes a row that stores a needle. */
    public void put(long keyBits, long entry) {
        counters.put(keyBits, IndexEntry.bodyBytes(entry), index.put(keyBits, entry));
    }

    /** Takes a row that deletes a live needle. */
    public void delete(long keyBits) {
        long before = index.find(keyBits);
        index.put(keyBits, IndexEntry.deleted(before));
        counters.delete(keyBits, before);
    }

    /** See {@link NeedleIndex#find}. */
    public long find(long keyBits) {
        return index.find(keyBits);
    }

    NeedleIndex index() {
        return index;
    }

    VolumeCounters counters() {
        return counters;
    }

    /** Frees the memory. */
    @Override
    public void close() {
        index.close();
    }
}
