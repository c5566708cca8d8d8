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
        slots.allocate(chunks, 0);
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
        for (int at = home(order, depth, end); at < end; at++) {
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
        for (int at = home(order, depth, end); at < end; at++) {
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

    /**
     * Adds an eighth of its size. In place and without heap, as a full volume's worth of it would keep the collector busy.
     * If there is no memory, nothing has changed.
     */
    void grow(SlotStore slots) {
        int wanted = needed(slots, depth, 0, count, chunks.length + Math.max(1, chunks.length / 8));
        int[] grown = Arrays.copyOf(chunks, wanted);
        slots.allocate(grown, chunks.length);
        chunks = grown;
        spread(slots);
    }

    /** Keeps the lower half of its keys and gives the upper half to a new segment. If there is no memory, nothing has changed. */
    Segment split(SlotStore slots) {
        int lower = lowerHalf(slots);
        int have = chunks.length;
        int[] keeps = new int[needed(slots, depth + 1, 0, lower, chunksFor(lower))];
        int[] gives = new int[needed(slots, depth + 1, lower, count, chunksFor(count - lower))];
        Segment upper = new Segment(depth + 1, (prefix << 1) + 1, gives);
        int added = Math.max(0, keeps.length - have);
        int[] fresh = new int[gives.length + added];
        slots.roomForFreed(have);
        slots.allocate(fresh, 0);
        // From here on nothing can fail any more.
        System.arraycopy(chunks, 0, keeps, 0, keeps.length - added);
        System.arraycopy(fresh, 0, keeps, keeps.length - added, added);
        System.arraycopy(fresh, added, gives, 0, gives.length);
        packDown(slots);
        depth++;
        prefix <<= 1;
        upper.takeFrom(this, slots, lower);
        count = lower;
        for (int i = keeps.length; i < have; i++) slots.free(chunks[i]);
        chunks = keeps;
        spread(slots);
        return upper;
    }

    /** How many of the keys go on with a 0. */
    private int lowerHalf(SlotStore slots) {
        int lower = 0;
        int end = capacity();
        for (int at = 0; at < end; at++) {
            if (entryAt(slots, at) == IndexEntry.ABSENT) continue;
            if (orderAt(slots, at) << depth < 0) break;
            lower++;
        }
        return lower;
    }

    /** How many chunks, a few at least, a segment of some depth needs for the entries of this one from one to another. */
    private int needed(SlotStore slots, int itsDepth, int first, int last, int least) {
        int wanted = least;
        while (!fit(slots, itsDepth, first, last, wanted * SlotStore.CHUNK_SLOTS)) wanted++;
        return wanted;
    }

    /** Does every one of these entries find a slot, as {@link #spread} places them? */
    private boolean fit(SlotStore slots, int itsDepth, int first, int last, int slotsThere) {
        int next = 0;
        int end = capacity();
        for (int at = 0, entry = 0; at < end && entry < last; at++) {
            if (entryAt(slots, at) == IndexEntry.ABSENT || entry++ < first) continue;
            next = Math.max(next, home(orderAt(slots, at), itsDepth, slotsThere)) + 1;
            if (next > slotsThere) return false;
        }
        return true;
    }

    /** Fills an empty segment with all that stands from {@code first} on in a packed one. */
    private void takeFrom(Segment packed, SlotStore slots, int first) {
        count = packed.count - first;
        for (int i = 0; i < count; i++) {
            int from = first + i;
            slots.move(packed.chunks[from / SlotStore.CHUNK_SLOTS], from % SlotStore.CHUNK_SLOTS,
                    chunks[i / SlotStore.CHUNK_SLOTS], i % SlotStore.CHUNK_SLOTS);
        }
        spread(slots);
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

    /**
     * Gives every entry its place: all move to the upper end, and from there, the lowest first, down to their homes or the
     * first free slot behind. If one would have to move up, those behind it have no room either; that is found out before.
     */
    private void spread(SlotStore slots) {
        packUp(slots);
        int end = capacity();
        int next = 0;
        for (int from = end - count; from < end; from++) {
            int to = Math.max(next, home(orderAt(slots, from), depth, end));
            if (to > from) throw new IllegalStateException("a segment of " + count + " entries has too few slots");
            move(slots, from, to);
            next = to + 1;
        }
    }

    private void packUp(SlotStore slots) {
        int to = capacity();
        for (int i = chunks.length - 1; i >= 0; i--) {
            for (int slot = SlotStore.CHUNK_SLOTS - 1; slot >= 0; slot--) {
                if (slots.entry(chunks[i], slot) != IndexEntry.ABSENT) move(slots, i * SlotStore.CHUNK_SLOTS + slot, --to);
            }
        }
    }

    private void packDown(SlotStore slots) {
        int to = 0;
        for (int i = 0; i < chunks.length; i++) {
            for (int slot = 0; slot < SlotStore.CHUNK_SLOTS; slot++) {
                if (slots.entry(chunks[i], slot) != IndexEntry.ABSENT) move(slots, i * SlotStore.CHUNK_SLOTS + slot, to++);
            }
        }
    }

    private void move(SlotStore slots, int from, int to) {
        if (from == to) return;
        slots.move(chunks[from / SlotStore.CHUNK_SLOTS], from % SlotStore.CHUNK_SLOTS,
                chunks[to / SlotStore.CHUNK_SLOTS], to % SlotStore.CHUNK_SLOTS);
    }

    private int capacity() {
        return chunks.length * SlotStore.CHUNK_SLOTS;
    }

    private static int home(long order, int depth, int capacity) {
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
