package dev.kelpfs.storage.vacuum;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reads records of a data file, ahead in large pieces as long as they follow each other. Used by one thread. */
final class RecordSource {
    private static final int LEAST_WINDOW_BYTES = 64 * 1024;
    private static final int MOST_WINDOW_BYTES = 1 << 20;
    private static final int NEAR_BYTES = 64 * 1024;

    private final DiskFile file;
    private final Path path;
    private final RecordVersion version;
    private final ByteBuffer window;
    private long windowStart;
    private long windowEnd;
    private long limit;

    /** @param end how far the file may be read: what lies behind may still change */
    RecordSource(DiskFile file, Path path, RecordVersion version, long end) {
        this.file = file;
        this.path = path;
        this.version = version;
        this.limit = end;
        this.window = ByteBuffer.allocateDirect(Math.clamp(end, LEAST_WINDOW_BYTES, MOST_WINDOW_BYTES));
    }

    DiskFile file() {
        return file;
    }

    Path path() {
        return path;
    }

    RecordVersion version() {
        return version;
    }

    /** Says how far the file may be read from now on. */
    void limit(long end) {
        limit = end;
    }

    /** True if {@link #record} can give it. */
    boolean isSmall(int bodyBytes) {
        return version.recordBytes(bodyBytes) <= window.capacity();
    }

    /**
     * The bytes of a small record without its padding, valid until the next call.
     *
     * @throws DamagedRecordException if the file ends inside it
     */
    ByteBuffer record(long offset, int bodyBytes) throws IOException {
        int bytes = (int) version.recordBytes(bodyBytes) - version.paddingBytes(bodyBytes);
        if (offset < windowStart || offset + bytes > windowEnd) load(offset, bytes);
        return window.slice((int) (offset - windowStart), bytes);
    }

    /** A buffer for pieces of a large record; what {@link #record} gave is invalid afterwards. */
    ByteBuffer scratch() {
        windowStart = 0;
        windowEnd = 0;
        return window.clear();
    }

    private void load(long offset, int bytes) throws IOException {
        boolean onwards = offset >= windowStart && offset - windowEnd <= NEAR_BYTES;
        int wanted = onwards ? Math.clamp(limit - offset, bytes, window.capacity()) : bytes;
        window.clear().limit(wanted);
        windowStart = offset;
        windowEnd = offset;
        while (window.hasRemaining()) {
            if (file.read(window, offset + window.position()) < 0) break;
        }
        windowEnd = offset + window.position();
        window.clear();
        if (windowEnd < offset + bytes) throw new DamagedRecordException(path, offset, "the file ends inside the record");
    }
}
