package dev.kelpfs.disk.memory;

import dev.kelpfs.disk.DiskFullException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/** Bytes of one file. They live on while somebody has the file open, whatever happens to its name. */
final class MemoryContent {
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8; // of an array

    private final Path path;
    private final MemorySpace space;
    private final InstantSource clock;

    // All guarded by this.
    private byte[] bytes = new byte[0];
    private int size;
    private long taken; // of the space, by content and by what is reserved for more; 0 without a name
    private Instant modified;
    private boolean linked = true;

    MemoryContent(Path path, MemorySpace space, InstantSource clock) {
        this.path = path;
        this.space = space;
        this.clock = clock;
        this.modified = clock.instant();
    }

    synchronized int read(ByteBuffer target, long offset) {
        if (offset < 0) throw new IllegalArgumentException("negative offset " + offset);
        if (!target.hasRemaining()) return 0;
        if (offset >= size) return -1;
        int count = (int) Math.min(target.remaining(), size - offset);
        target.put(bytes, (int) offset, count);
        return count;
    }

    /** Writes all of the source, or as much as fits before the disk is full. */
    synchronized void write(ByteBuffer source, long offset) throws DiskFullException {
        if (offset < 0) throw new IllegalArgumentException("negative offset " + offset);
        if (!source.hasRemaining()) return;
        if (offset > MAX_BYTES - source.remaining()) throw new DiskFullException(path);
        long end = offset + source.remaining();
        if (end > size) {
            long room = space.freeBytes();
            if (linked && end - taken > room) {
                int fits = (int) Math.max(0, taken + room - offset);
                if (fits > 0) write(source.slice(source.position(), fits), offset);
                throw new DiskFullException(path);
            }
            take(end);
            if (end > bytes.length) bytes = Arrays.copyOf(bytes, (int) Math.max(end, Math.min(bytes.length * 2L, 1 << 30)));
            size = (int) end;
        }
        source.get(bytes, (int) offset, source.remaining());
        modified = clock.instant();
    }

    /** Keeps room for the first {@code bytes} bytes: nobody else can take it. */
    synchronized void reserve(long bytes) throws DiskFullException {
        take(bytes);
    }

    private void take(long bytes) throws DiskFullException {
        if (!linked || bytes <= taken) return;
        space.take(path, bytes - taken);
        taken = bytes;
    }

    synchronized int size() {
        return size;
    }

    synchronized void truncate(long newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException("cannot cut " + path + " of " + size + " bytes to " + newSize);
        }
        Arrays.fill(bytes, (int) newSize, size, (byte) 0);
        // What was reserved behind the new end goes too, as on other file systems.
        if (linked) space.giveBack(taken - newSize);
        if (linked) taken = newSize;
        size = (int) newSize;
        modified = clock.instant();
    }

    synchronized void unlink() {
        space.giveBack(taken);
        taken = 0;
        linked = false;
    }

    synchronized byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    synchronized Instant modified() {
        return modified;
    }
}
