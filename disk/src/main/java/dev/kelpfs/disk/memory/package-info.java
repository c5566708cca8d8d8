/**
 * A disk that lives in the heap, for tests and for servers that are to leave nothing behind. Start at
 * {@link dev.kelpfs.disk.memory.MemoryDisk}. It keeps the whole contract of {@link dev.kelpfs.disk.Disk}; everything
 * on it counts as durable at once.
 */
@NullMarked
package dev.kelpfs.disk.memory;

import org.jspecify.annotations.NullMarked;
