package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.RecordEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The ends of a volume's two files. An append writes the record and then its index row; when either fails, what it
 * wrote is cut off again, and nothing else ever is. Used only by whoever holds the append right.
 */
final class AppendLog {
    final Generation generation;
    final RecordEncoder encoder;
    private final ByteBuffer row = ByteBuffer.allocateDirect(IndexRow.BYTES);
    private volatile long datEnd;
    private volatile long idxEnd;
    private long lastEpochNanos;

    /** @param datEnd where the next record starts, a multiple of 8 */
    AppendLog(Generation generation, long datEnd, long idxEnd, long lastEpochNanos) {
        if (datEnd % 8 != 0 || idxEnd % IndexRow.BYTES != 0) {
            throw new IllegalArgumentException("ends " + datEnd + " and " + idxEnd + " are not on a boundary");
        }
        this.generation = generation;
        this.encoder = new RecordEncoder(generation.version);
        this.datEnd = datEnd;
        this.idxEnd = idxEnd;
        this.lastEpochNanos = lastEpochNanos;
    }

    /** Length of the data file; any thread may ask. */
    long datEnd() {
        return datEnd;
    }

    /** Length of the index file; any thread may ask. */
    long idxEnd() {
        return idxEnd;
    }

    /** The time of the next record: later than all before it, whatever the clock does. */
    long nextEpochNanos(long nowEpochNanos) {
        return Math.max(nowEpochNanos, lastEpochNanos + 1);
    }

    /** The latest time of a record so far. */
    long lastEpochNanos() {
        return lastEpochNanos;
    }

    /**
     * Appends a record at {@link #datEnd()} and its row.
     *
     * @throws StuckTailException if it failed and could not be undone
     * @throws IOException if it failed and was undone
     */
    void append(ByteBuffer[] record, long recordBytes, long keyBits, long entry, long epochNanos) throws IOException {
        long datStart = datEnd;
        long idxStart = idxEnd;
        try {
            generation.dat.write(record, datStart);
            row.clear();
            IndexRow.encode(row, keyBits, entry);
            generation.idx.write(row.flip(), idxStart);
        } catch (IOException | RuntimeException | Error failed) {
            cut(generation.idx, idxStart, failed);
            cut(generation.dat, datStart, failed);
            throw failed;
        }
        datEnd = datStart + recordBytes;
        idxEnd = idxStart + IndexRow.BYTES;
        lastEpochNanos = epochNanos;
    }

    private void cut(DiskFile file, long end, Throwable cause) throws StuckTailException {
        try {
            if (file.size() > end) file.truncate(end);
        } catch (IOException failed) {
            cause.addSuppressed(failed);
            throw new StuckTailException("an append to " + generation.datPath + " failed and what it wrote behind " + end
                    + " could not be cut off; restart the server on a healthy disk to have the volume repaired", cause);
        }
    }
}
