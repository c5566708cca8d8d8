package dev.kelpfs.disk.memory;

import dev.kelpfs.disk.DiskFullException;
import dev.kelpfs.disk.DiskSpace;
import java.nio.file.Path;

/** The capacity that all files of one memory disk share. */
final class MemorySpace {
    private final long capacityBytes;
    private long usedBytes; // guarded by this

    MemorySpace(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    synchronized void take(Path path, long bytes) throws DiskFullException {
        if (bytes > capacityBytes - usedBytes) throw new DiskFullException(path);
        usedBytes += bytes;
    }

    synchronized void giveBack(long bytes) {
        usedBytes -= bytes;
    }

    synchronized long freeBytes() {
        return capacityBytes - usedBytes;
    }

    synchronized DiskSpace now() {
        return new DiskSpace(capacityBytes, capacityBytes - usedBytes);
    }
}
