package dev.kelpfs.storage.volume;

import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The stretch of a volume's data file from a record on to its end at one moment, and the right to read it: the files
 * stay open until this is closed, also when the volume is vacuumed or unmounted meanwhile. Used by one thread at a time.
 */
public final class AppendedRecords implements AutoCloseable {
    private final Volume volume;
    private final Generation generation;
    private final long firstRow;
    private final long endRow;
    private final long from;
    private final long end;
    private boolean closed;

    AppendedRecords(Volume volume, Generation generation, long firstRow, long endRow, long from, long end) {
        this.volume = volume;
        this.generation = generation;
        this.firstRow = firstRow;
        this.endRow = endRow;
        this.from = from;
        this.end = end;
    }

    /**
     * A record in the order of the rows.
     *
     * @param offset where it starts in the data file
     * @param bodyBytes length of its body; 0 for an empty file and for a deletion
     * @param deletion it marks the deletion of the key
     */
    public record Appended(NeedleKey key, long offset, int bodyBytes, boolean deletion) {}

    /** Told of each record. */
    @FunctionalInterface
    public interface Visitor {
        void record(Appended record) throws IOException;
    }

    /** Version of the records. */
    public RecordVersion version() {
        return generation.version;
    }

    /** How often the volume had been vacuumed; offsets mean nothing under another revision. */
    public int revision() {
        return generation.revision;
    }

    /** Offset of the first record; {@link #end} if there is none. */
    public long from() {
        return from;
    }

    /** Where the data file ended. */
    public long end() {
        return end;
    }

    /** Length of the whole record in the data file. */
    public long recordBytes(Appended record) {
        return generation.version.recordBytes(record.bodyBytes());
    }

    /** Visits the records that index rows name, in the order of the rows; deletions without a record are left out. */
    public void forEach(Visitor visitor) throws IOException {
        IndexFile.walk(generation.idx, firstRow, endRow, (_, keyBits, entry) -> {
            if (IndexEntry.offset(entry) == 0) return;
            int bodyBytes = IndexEntry.bodyBytes(entry);
            visitor.record(new Appended(new NeedleKey(keyBits), IndexEntry.offset(entry), Math.max(0, bodyBytes),
                    bodyBytes < 0));
        });
    }

    /**
     * Reads bytes of the stretch, as they lie in the file; may block.
     *
     * @param offset in the data file, from {@link #from} on
     * @return bytes read, at least 1
     * @throws DamagedRecordException if the file ends there
     */
    public int read(ByteBuffer target, long offset) throws IOException {
        if (offset < from || offset + target.remaining() > end) {
            throw new IllegalArgumentException("bytes " + offset + " to " + (offset + target.remaining())
                    + " lie outside of " + from + " to " + end);
        }
        int got = volume.guarded(() -> generation.dat.read(target, offset));
        if (got <= 0) throw new DamagedRecordException(generation.datPath, offset, "the file ends before " + end);
        return got;
    }

    /** Gives the right to read back. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        generation.release();
    }
}
