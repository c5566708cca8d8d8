package dev.kelpfs.storage.index;

import java.util.concurrent.locks.StampedLock;

/**
 * Index of one volume in memory: key to {@link IndexEntry}. One writer at a time, any number of readers beside it.
 *
 * <p>Shape: keys are scrambled by a secret bijection and the entries are kept in the order of the scrambled keys, in
 * segments that each own a range of them. Inside a segment an entry lies at or a little behind the place where its
 * scrambled key would stand if all were spread evenly, so a look-up touches one directory word, one segment and mostly
 * one cache line of slots. A full segment grows by an eighth, in place, and at 3,500 entries or so is split in two; no
 * step moves more than one segment, which is what bounds the pause (some ten microseconds), and no step doubles
 * anything but the directory, a few words a segment. Slots lie outside the heap, in chunks of 64, so that the garbage
 * collector never sees them; 16 bytes a slot at 80 to 90 % fill make some 19 bytes a needle.
 *
 * <p>Why not sorted runs: keys mostly ascend, but a look-up then costs a binary search over every run; the scrambled
 * order costs the same for every pattern of keys. Why a secret: clients choose keys, and must not be able to aim them
 * all at one segment.
 *
 * <p>Readers use optimistic reads, so they never stop the writer; slots are only freed by {@link #close}, which the
 * caller orders after the last reader.
 */
public final class NeedleIndex implements AutoCloseable {
    private static final int MAX_DIRECTORY_BITS = 24;

    /** Keys that a segment is made for at most when their number is known before. */
    private static final int EXPECTED_IN_SEGMENT = 3000;

    private final KeyScrambler scrambler;
    private final StampedLock lock = new StampedLock();

    // Written under the lock's write half; read under its read half or validated afterwards.
    private final SlotStore slots;
    private Segment[] directory;
    private long count;
    private int segments;

    /** @param secret any random number; makes the order of keys unforeseeable */
    public NeedleIndex(long secret) {
        this(secret, 0);
    }

    /** @param expected how many keys are about to come; with enough room from the start they are stored faster */
    public NeedleIndex(long secret, long expected) {
        this(secret, expected, new SlotStore());
    }

    NeedleIndex(long secret, long expected, SlotStore slots) {
        this.slots = slots;
        scrambler = new KeyScrambler(secret);
        int depth = 0;
        while (depth < MAX_DIRECTORY_BITS && expected >>> depth > EXPECTED_IN_SEGMENT) depth++;
        directory = new Segment[1 << depth];
        segments = directory.length;
        try {
            for (int i = 0; i < directory.length; i++) directory[i] = new Segment(slots, depth, i, (int) (expected >>> depth));
        } catch (RuntimeException | Error failed) {
            slots.close();
            throw failed;
        }
    }

    /** Entry of the key, {@link IndexEntry#ABSENT} if there is none. Any thread. */
    public long find(long keyBits) {
        long order = scrambler.scramble(keyBits);
        long stamp = lock.tryOptimisticRead();
        if (stamp != 0) {
            try {
                long entry = segmentOf(order).find(slots, order);
                if (lock.validate(stamp)) return entry;
            } catch (IndexOutOfBoundsException | NullPointerException halfWritten) {
                // A writer is at work and this thread saw half of what it does; the lock below waits for it.
            }
        }
        stamp = lock.readLock();
        try {
            return segmentOf(order).find(slots, order);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Where a key stands among all, unsigned: neighbours in this order are neighbours in memory. */
    long order(long keyBits) {
        return scrambler.scramble(keyBits);
    }

    private Segment segmentOf(long order) {
        Segment[] all = directory;
        return all.length == 1 ? all[0] : all[(int) (order >>> Long.numberOfLeadingZeros(all.length) + 1)];
    }

    /**
     * Sets the entry of a key.
     *
     * @param entry not {@link IndexEntry#ABSENT}
     * @return the entry it had before, or {@link IndexEntry#ABSENT}
     */
    public long put(long keyBits, long entry) {
        if (entry >>> 32 == 0) throw new IllegalArgumentException("an entry needs an offset");
        long order = scrambler.scramble(keyBits);
        long stamp = lock.writeLock();
        try {
            return set(order, entry);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /**
     * Does what a row of an index file says: the row of a deletion marks the needle as deleted if it is live, any other
     * row sets the entry of its key.
     *
     * @param entry of the row; its offset may be 0 in a deletion
     * @return the entry that the key had before, or {@link IndexEntry#ABSENT}
     */
    public long apply(long keyBits, long entry) {
        long stamp = lock.writeLock();
        try {
            return applyHolding(keyBits, entry);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /** Does what the rows from {@code from} (inclusive) to {@code to} (exclusive) say, one after another; readers wait. */
    void applyAll(long[] keys, long[] entries, int from, int to, RowBatch.Observer observer) {
        long stamp = lock.writeLock();
        try {
            for (int i = from; i < to; i++) observer.row(keys[i], entries[i], applyHolding(keys[i], entries[i]));
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private long applyHolding(long keyBits, long entry) {
        long order = scrambler.scramble(keyBits);
        if (IndexEntry.isLive(entry)) return set(order, entry);
        long before = segmentOf(order).find(slots, order);
        if (IndexEntry.isLive(before)) set(order, IndexEntry.deleted(before));
        return before;
    }

    private long set(long order, long entry) {
        while (true) {
            Segment segment = segmentOf(order);
            long before = segment.put(slots, order, entry);
            if (before != Segment.NO_ROOM) {
                if (before == IndexEntry.ABSENT) count++;
                return before;
            }
            if (segment.mayGrow() || segment.depth() >= MAX_DIRECTORY_BITS) {
                segment.grow(slots);
            } else {
                split(segment);
            }
        }
    }

    private void split(Segment segment) {
        if (1 << segment.depth() == directory.length) doubleDirectory();
        Segment upper = segment.split(slots);
        segments++;
        // The slots of a segment are neighbours in the directory; the upper half of them goes to the new one.
        int width = directory.length >>> upper.depth();
        int first = (int) upper.prefix() * width;
        for (int i = 0; i < width; i++) directory[first + i] = upper;
    }

    private void doubleDirectory() {
        Segment[] wider = new Segment[directory.length * 2];
        for (int i = 0; i < directory.length; i++) {
            wider[2 * i] = directory[i];
            wider[2 * i + 1] = directory[i];
        }
        directory = wider;
    }

    /** Number of keys, deleted ones included. */
    public long count() {
        long stamp = lock.readLock();
        try {
            return count;
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Memory in bytes, outside the heap and inside it. */
    public long memoryBytes() {
        long stamp = lock.readLock();
        try {
            return slots.bytes() + (long) segments * Segment.OVERHEAD_BYTES + 8L * directory.length;
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Told of each key with its entry. */
    @FunctionalInterface
    public interface Visitor {
        void visit(long keyBits, long entry);
    }

    /**
     * Visits all keys that are there all the time, once each, in no particular order. Writers wait while a segment is
     * copied, never for the visitor; what they change meanwhile is seen or not.
     */
    public void forEach(Visitor visitor) {
        long from = 0;
        do {
            long[] content;
            long stamp = lock.readLock();
            try {
                Segment segment = segmentOf(from);
                content = segment.content(slots);
                from = segment.endOrder();
            } finally {
                lock.unlockRead(stamp);
            }
            for (int i = 0; i < content.length; i += 2) visitor.visit(scrambler.restore(content[i]), content[i + 1]);
        } while (from != 0);
    }

    /** Frees the memory. Nobody may use the index any more. */
    @Override
    public void close() {
        slots.close();
    }
}
