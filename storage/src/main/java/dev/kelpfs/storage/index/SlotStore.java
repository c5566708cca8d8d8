package dev.kelpfs.storage.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Slots of 16 bytes (scrambled key, entry) outside the heap, handed out in chunks of 64. Memory is taken in blocks that
 * grow with the whole, so a small index stays small and a large one wastes at most a few percent. Guarded by the
 * index's lock.
 */
final class SlotStore implements AutoCloseable {
    static final int CHUNK_SLOTS = 64;

    private static final int SLOT_BYTES = 16;
    private static final int CHUNK_BYTES = CHUNK_SLOTS * SLOT_BYTES;
    private static final int BLOCK_BITS = 9;
    private static final int BLOCK_CHUNKS = 1 << BLOCK_BITS;
    private static final int GROWTH_SHARE = 16;

    private final Arena arena = Arena.ofShared();
    private final SegmentAllocator memory;

    /** A chunk's number is its block's number times BLOCK_CHUNKS plus its place there; young blocks are shorter. */
    private MemorySegment[] blocks = new MemorySegment[1];
    private int blockCount;
    private int nextInBlock;
    private int chunksInBlock;
    private long chunks;
    private int[] freed = {};
    private int freedCount;

    SlotStore() {
        memory = arena;
    }

    /** @param memory gives the blocks, and outlives this */
    SlotStore(SegmentAllocator memory) {
        this.memory = memory;
    }

    /** Fills an array from a place on with chunks whose slots are empty. If there is no memory for all, it takes none. */
    void allocate(int[] into, int from) {
        roomForFreed(into.length - from - 1);
        int at = from;
        try {
            while (at < into.length) into[at++] = allocate();
        } catch (RuntimeException | Error failed) {
            for (int i = from; i < at - 1; i++) free(into[i]);
            throw failed;
        }
    }

    private int allocate() {
        if (freedCount > 0) return freed[--freedCount];
        if (nextInBlock == chunksInBlock) {
            int more = Math.clamp(chunks / GROWTH_SHARE, 1, BLOCK_CHUNKS);
            if (blockCount == blocks.length) blocks = Arrays.copyOf(blocks, blockCount + 1 + blockCount / 8);
            // If there is no memory for it, nothing has changed.
            blocks[blockCount] = memory.allocate((long) more * CHUNK_BYTES, Long.BYTES);
            blockCount++;
            chunksInBlock = more;
            chunks += more;
            nextInBlock = 0;
        }
        return (blockCount - 1 << BLOCK_BITS) + nextInBlock++;
    }

    /** Makes sure that so many chunks can be freed without memory for it. */
    void roomForFreed(int more) {
        if (more > freed.length - freedCount) freed = Arrays.copyOf(freed, Math.max(8 + 2 * freedCount, freedCount + more));
    }

    /** Takes a chunk back, whose slots must be empty and for which {@link #roomForFreed} was made. */
    void free(int chunk) {
        freed[freedCount++] = chunk;
    }

    long order(int chunk, int slot) {
        return blocks[chunk >>> BLOCK_BITS].get(ValueLayout.JAVA_LONG, at(chunk, slot));
    }

    long entry(int chunk, int slot) {
        return blocks[chunk >>> BLOCK_BITS].get(ValueLayout.JAVA_LONG, at(chunk, slot) + Long.BYTES);
    }

    void set(int chunk, int slot, long order, long entry) {
        MemorySegment block = blocks[chunk >>> BLOCK_BITS];
        block.set(ValueLayout.JAVA_LONG, at(chunk, slot), order);
        block.set(ValueLayout.JAVA_LONG, at(chunk, slot) + Long.BYTES, entry);
    }

    void setEntry(int chunk, int slot, long entry) {
        blocks[chunk >>> BLOCK_BITS].set(ValueLayout.JAVA_LONG, at(chunk, slot) + Long.BYTES, entry);
    }

    /** Moves what is in one slot to another and leaves the first one empty. */
    void move(int fromChunk, int fromSlot, int toChunk, int toSlot) {
        MemorySegment from = blocks[fromChunk >>> BLOCK_BITS];
        long source = at(fromChunk, fromSlot);
        long order = from.get(ValueLayout.JAVA_LONG, source);
        long entry = from.get(ValueLayout.JAVA_LONG, source + Long.BYTES);
        from.set(ValueLayout.JAVA_LONG, source + Long.BYTES, IndexEntry.ABSENT);
        set(toChunk, toSlot, order, entry);
    }

    /** Moves slots of one chunk one place up; the last of them falls on a free slot. */
    void shiftUp(int chunk, int from, int count) {
        MemorySegment block = blocks[chunk >>> BLOCK_BITS];
        MemorySegment.copy(block, at(chunk, from), block, at(chunk, from + 1), (long) count * SLOT_BYTES);
    }

    /** Copies all slots of a chunk to an array: scrambled key, entry, scrambled key, entry ... */
    void read(int chunk, long[] to, int at) {
        MemorySegment.copy(blocks[chunk >>> BLOCK_BITS], ValueLayout.JAVA_LONG, at(chunk, 0), to, at, 2 * CHUNK_SLOTS);
    }

    private static long at(int chunk, int slot) {
        return (long) (chunk & BLOCK_CHUNKS - 1) * CHUNK_BYTES + (long) slot * SLOT_BYTES;
    }

    /** Bytes taken, with what the heap needs to find them; the segments name each chunk by an int. */
    long bytes() {
        return chunks * (CHUNK_BYTES + Integer.BYTES) + 64L * blockCount + 8L * blocks.length + 4L * freed.length;
    }

    @Override
    public void close() {
        arena.close();
    }
}
