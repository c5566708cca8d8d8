package dev.kelpfs.disk.real;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Native memory that a system call needs beside the caller's buffer: the error number, the vector of ranges, and room
 * to carry bytes of heap buffers. One caller uses it at a time, between {@link #take} and {@link #giveBack}. A few
 * are kept in slots instead of in thread locals, because callers may be short-lived virtual threads.
 */
final class Scratch {
    /** Ranges in one gathering write. */
    static final int MAX_RANGES = 64;

    /** Bytes of heap buffers that travel in one call. */
    static final int CARRIER_BYTES = 64 * 1024;

    private static final int RANGE_BYTES = 2 * Long.BYTES;
    private static final int SLOTS = 64;

    /** Slots to look at, so that threads whose numbers fall on the same slot do not make and drop one in each call. */
    private static final int PROBES = 4;

    private static final AtomicReferenceArray<@Nullable Scratch> FREE = new AtomicReferenceArray<>(SLOTS);

    final MemorySegment errno;
    private final MemorySegment vector;
    private final long vectorAddress;
    private @Nullable ByteBuffer carrier;

    private Scratch() {
        MemorySegment block = Arena.ofAuto().allocate(MemoryLayout.sequenceLayout(
                2 + 2 * MAX_RANGES, ValueLayout.JAVA_LONG));
        errno = block.asSlice(0, 2 * Long.BYTES);
        vector = block.asSlice(2 * Long.BYTES);
        vectorAddress = vector.address();
    }

    static Scratch take() {
        int slot = slot();
        for (int i = 0; i < PROBES; i++) {
            Scratch kept = FREE.getAndSet(slot + i & (SLOTS - 1), null);
            if (kept != null) return kept;
        }
        return new Scratch();
    }

    void giveBack() {
        int slot = slot();
        for (int i = 0; i < PROBES; i++) {
            if (FREE.compareAndSet(slot + i & (SLOTS - 1), null, this)) return;
        }
        // All taken: the garbage collector frees this one.
    }

    /** Error number of the last failed call. */
    int error() {
        return errno.get(ValueLayout.JAVA_INT, 0);
    }

    void vector(int index, long address, long bytes) {
        vector.set(ValueLayout.JAVA_LONG, (long) index * RANGE_BYTES, address);
        vector.set(ValueLayout.JAVA_LONG, (long) index * RANGE_BYTES + Long.BYTES, bytes);
    }

    long vectorAddress() {
        return vectorAddress;
    }

    /** The carrier buffer, empty and with all its room. */
    ByteBuffer carrier() {
        ByteBuffer buffer = carrier;
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(CARRIER_BYTES);
            carrier = buffer;
        }
        return buffer.clear();
    }

    private static int slot() {
        return (int) Thread.currentThread().threadId() & (SLOTS - 1);
    }
}
