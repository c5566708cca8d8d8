package dev.kelpfs.storage.index;

import java.util.Arrays;

/**
 * The entries whose scrambled keys begin with the same few bits, in ascending order of those keys. Every entry has a
 * home, the slot where its key would stand if keys were spread evenly; it lies there or further on, and all slots
 * between its home and itself are taken. So a search starts at the home and ends at the key, at a larger one, or at an
 * empty slot. Slots behind the last home catch what is pushed over the end.
 */
final class Segment {
    /** Answer of {@link #put} when the segment must grow first; no entry looks like it, as its offset is 0. */
    static final long NO_ROOM = 1;

    /** Heap bytes of a segment beside its chunk numbers. */
    static final int OVERHEAD_BYTES = 64;

    private static final int MAX_CHUNKS = 64;
    private static final int SPARE_SLOTS = 16;

    private int depth;
    private long prefix;
    /** Replaced as a whole when the segment grows, so that a reader sees one state or the other. */
    private int[] chunks;
    private int count;

    /** An empty segment for all keys that begin with the {@code depth} bits of {@code prefix}, on fresh slots. */
    Segment(SlotStore slots, int depth, long prefix, int expectedEntries) {
        this(depth, prefix, new int[chunksFor(expectedEntries)]);
        for (int i = 0; i < chunks.length; i++) chunks[i] = slots.allocate();
    }

    private Segment(int depth, long prefix, int[] chunks) {
        this.depth = depth;
        this.prefix = prefix;
        this.chunks = chunks;
    }

    int depth() {
        return depth;
    }

    /** The bits with which all keys of this segment begin, as a number. */
    long prefix() {
        return prefix;
    }

    /** First scrambled key behind those of this segment; 0 behind the last. */
    long endOrder() {
        return depth == 0 ? 0 : prefix + 1 << Long.SIZE - depth;
    }

    long find(SlotStore slots, long order) {
        int[] here = chunks;
        int end = here.length * SlotStore.CHUNK_SLOTS;
        for (int at = home(order, end); at < end; at++) {
            int chunk = here[at / SlotStore.CHUNK_SLOTS];
            int slot = at % SlotStore.CHUNK_SLOTS;
            long entry = slots.entry(chunk, slot);
            if (entry == IndexEntry.ABSENT) break;
            long found = slots.order(chunk, slot);
            if (found == order) return entry;
            if (Long.compareUnsigned(found, order) > 0) break;
        }
        return IndexEntry.ABSENT;
    }

    /** Sets an entry; gives the one before, {@link IndexEntry#ABSENT} or {@link #NO_ROOM}. */
    long put(SlotStore slots, long order, long entry) {
        int end = capacity();
        for (int at = home(order, end); at < end; at++) {
            int chunk = chunks[at / SlotStore.CHUNK_SLOTS];
            int slot = at % SlotStore.CHUNK_SLOTS;
            long before = slots.entry(chunk, slot);
            long found = slots.order(chunk, slot);
            if (before != IndexEntry.ABSENT && found == order) {
                slots.setEntry(chunk, slot, entry);
                return before;
            }
            if (before == IndexEntry.ABSENT || Long.compareUnsigned(found, order) > 0) {
                return insert(slots, at, order, entry) ? IndexEntry.ABSENT : NO_ROOM;
            }
        }
        return NO_ROOM;
    }

    private boolean insert(SlotStore slots, int at, long order, long entry) {
        int end = capacity();
        if (count >= end - end / 10) return false;
        int empty = at;
        while (empty < end && entryAt(slots, empty) != IndexEntry.ABSENT) empty++;
        if (empty == end) return false;
        shiftUp(slots, at, empty);
        setAt(slots, at, order, entry);
        count++;
        return true;
    }

    /** Moves the slots from {@code at} on one place up, into the empty one; chunk by chunk from the end. */
    private void shiftUp(SlotStore slots, int at, int empty) {
        int hole = empty;
        while (hole > at) {
            int low = Math.max(at, hole / SlotStore.CHUNK_SLOTS * SlotStore.CHUNK_SLOTS);
            slots.shiftUp(chunks[low / SlotStore.CHUNK_SLOTS], low % SlotStore.CHUNK_SLOTS, hole - low);
            hole = low;
            if (low > at) {
                setAt(slots, low, orderAt(slots, low - 1), entryAt(slots, low - 1));
                hole = low - 1;
            }
        }
    }

    /** True if the segment should grow when it is full; false if it should be split. */
    boolean mayGrow() {
        return chunks.length < MAX_CHUNKS;
    }

    /** Adds an eighth of its size. */
    void grow(SlotStore slots) {
        long[] content = content(slots);
        resize(slots, chunks.length + Math.max(1, chunks.length / 8));
        place(slots, content, 0, count);
    }

    /** Keeps the lower half of its keys and gives the upper half to a new segment. */
    Segment split(SlotStore slots) {
        long[] content = content(slots);
        int lower = 0;
        while (lower < count && content[2 * lower] << depth >= 0) lower++;
        int all = count;
        depth++;
        prefix <<= 1;
        Segment upper = new Segment(depth, prefix + 1, new int[0]);
        resize(slots, chunksFor(lower));
        upper.resize(slots, chunksFor(all - lower));
        place(slots, content, 0, lower);
        upper.place(slots, content, lower, all);
        return upper;
    }

    private static int chunksFor(int entries) {
        return 1 + entries * 5 / 4 / SlotStore.CHUNK_SLOTS;
    }

    /** All entries in ascending order: scrambled key, entry, scrambled key, entry ... */
    long[] content(SlotStore slots) {
        long[] all = new long[2 * capacity()];
        for (int i = 0; i < chunks.length; i++) slots.read(chunks[i], all, 2 * SlotStore.CHUNK_SLOTS * i);
        int filled = 0;
        for (int at = 0; at < all.length; at += 2) {
            if (all[at + 1] == IndexEntry.ABSENT) continue;
            all[filled] = all[at];
            all[filled + 1] = all[at + 1];
            filled += 2;
        }
        return Arrays.copyOf(all, filled);
    }

    /** Leaves the segment with this many chunks; what is in them is stale. */
    private void resize(SlotStore slots, int wanted) {
        int have = chunks.length;
        for (int i = wanted; i < have; i++) slots.free(chunks[i]);
        int[] resized = Arrays.copyOf(chunks, wanted);
        for (int i = have; i < wanted; i++) resized[i] = slots.allocate();
        chunks = resized;
    }

    private void place(SlotStore slots, long[] content, int from, int to) {
        while (!placed(slots, content, from, to)) resize(slots, chunks.length + 1);
        count = to - from;
    }

    private boolean placed(SlotStore slots, long[] content, int from, int to) {
        int end = capacity();
        long[] all = new long[2 * end];
        int next = 0;
        for (int i = from; i < to; i++) {
            int at = Math.max(next, home(content[2 * i], end));
            if (at >= end) return false;
            all[2 * at] = content[2 * i];
            all[2 * at + 1] = content[2 * i + 1];
            next = at + 1;
        }
        for (int i = 0; i < chunks.length; i++) slots.write(chunks[i], all, 2 * SlotStore.CHUNK_SLOTS * i);
        return true;
    }

    private int capacity() {
        return chunks.length * SlotStore.CHUNK_SLOTS;
    }

    private int home(long order, int capacity) {
        long local = order << depth >>> 32;
        return (int) (local * (capacity - SPARE_SLOTS) >>> 32);
    }

    private long orderAt(SlotStore slots, int at) {
        return slots.order(chunks[at / SlotStore.CHUNK_SLOTS], at % SlotStore.CHUNK_SLOTS);
    }

    private long entryAt(SlotStore slots, int at) {
        return slots.entry(chunks[at / SlotStore.CHUNK_SLOTS], at % SlotStore.CHUNK_SLOTS);
    }

    private void setAt(SlotStore slots, int at, long order, long entry) {
        slots.set(chunks[at / SlotStore.CHUNK_SLOTS], at % SlotStore.CHUNK_SLOTS, order, entry);
    }
}
