package dev.kelpfs.benchmarks.harness;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Makes the machine's free memory real before a load that fills it. A virtual machine gives memory that lies free for some
 * seconds back to its host, and pays for each page again, in microseconds, when it is next touched: a server that writes
 * new files fills the page cache with such pages, and the host's work would be counted as the server's. On a machine that
 * has run for a day there is no such memory, as old cache fills it.
 */
final class BackedMemory {
    private static final long MOST_BYTES = 2L << 30;
    private static final int PAGE_BYTES = 4096;

    private BackedMemory() {}

    /** Touches this much memory, at most 2 GiB, and frees it at once. */
    static void claim(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(Math.min(bytes, MOST_BYTES));
            for (long at = 0; at < memory.byteSize(); at += PAGE_BYTES) memory.set(ValueLayout.JAVA_BYTE, at, (byte) 1);
        }
    }
}
