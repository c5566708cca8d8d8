package dev.kelpfs.storage.index;

/**
 * Puts the rows of an index file into an index, in an order that is kind to the processor's caches. Keys lie scattered over
 * an index, so that rows put as they come miss the caches one by one; here those for the same part of the index are
 * gathered first, and then put together. Rows of the same key keep their order. Used by one thread.
 */
public final class RowBatch {
    private static final int MOST_PARTS_BITS = 11;
    private static final int ROWS_IN_PART = 256;

    private final NeedleIndex index;
    private final Observer observer;
    private final int partsBits;
    /** The rows of a part stand together, from its number times {@link #ROWS_IN_PART} on. */
    private final long[] keys;
    private final long[] entries;
    private final int[] counts;

    /** Told of each row once it is in the index. */
    @FunctionalInterface
    public interface Observer {
        /** @param before the entry that the key had, or {@link IndexEntry#ABSENT} */
        void row(long keyBits, long entry, long before);
    }

    /** @param expectedRows how many there will be, about; decides on the memory, 8 MB at most */
    public RowBatch(NeedleIndex index, long expectedRows, Observer observer) {
        this.index = index;
        this.observer = observer;
        int bits = 0;
        while (bits < MOST_PARTS_BITS && expectedRows >>> bits > ROWS_IN_PART) bits++;
        partsBits = bits;
        keys = new long[ROWS_IN_PART << bits];
        entries = new long[ROWS_IN_PART << bits];
        counts = new int[1 << bits];
    }

    /** Takes a row, see {@link NeedleIndex#apply}; it may be put into the index only later. */
    public void add(long keyBits, long entry) {
        int part = partsBits == 0 ? 0 : (int) (index.order(keyBits) >>> Long.SIZE - partsBits);
        int at = part * ROWS_IN_PART + counts[part]++;
        keys[at] = keyBits;
        entries[at] = entry;
        if (counts[part] == ROWS_IN_PART) flush(part);
    }

    /** Puts into the index what was gathered. */
    public void flush() {
        for (int part = 0; part < counts.length; part++) flush(part);
    }

    private void flush(int part) {
        int from = part * ROWS_IN_PART;
        index.applyAll(keys, entries, from, from + counts[part], observer);
        counts[part] = 0;
    }
}
