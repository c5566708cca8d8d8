package dev.kelpfs.storage.volume;

import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** One record that a {@link VolumeScan} has come to, not yet read; valid as long as the scan is open. */
public final class ScannedRecord {
    private static final int PIECE_BYTES = 1 << 20;

    private final ReadOnlyDat dat;
    private final Path path;
    private final long keyBits;
    private final long entry;
    private final boolean live;

    ScannedRecord(ReadOnlyDat dat, Path path, long keyBits, long entry, boolean live) {
        this.dat = dat;
        this.path = path;
        this.keyBits = keyBits;
        this.entry = entry;
        this.live = live;
    }

    /** Takes the data of a record piece by piece; a piece is valid during the call. */
    @FunctionalInterface
    public interface DataSink {
        void take(ByteBuffer piece) throws IOException;
    }

    public NeedleKey key() {
        return new NeedleKey(keyBits);
    }

    /** False if the needle was deleted or overwritten. */
    public boolean isLive() {
        return live;
    }

    /** Where the record starts in the data file. */
    public long offset() {
        return IndexEntry.offset(entry);
    }

    /** Where it ends. */
    public long end() {
        return offset() + dat.version().recordBytes(bodyBytes());
    }

    /** True if there is no data; such a record has nothing but key and cookie. */
    public boolean isEmpty() {
        return bodyBytes() == 0;
    }

    private int bodyBytes() {
        return IndexEntry.bodyBytes(entry);
    }

    /**
     * Everything but the data, whose checksum is not looked at.
     *
     * @throws DamagedRecordException if it is not the record that the index names
     */
    public NeedleMetadata metadata() throws IOException {
        if (isEmpty()) return verify();
        return RecordReader.metadata(dat.file(), path, dat.version(), offset(), keyBits, bodyBytes());
    }

    /**
     * Reads the whole record, verifies its checksum, and gives everything but the data.
     *
     * @throws DamagedRecordException if it is not the record that the index names, or its checksum fails
     */
    public NeedleMetadata verify() throws IOException {
        return RecordReader.verify(dat.file(), path, dat.version(), offset(), keyBits, bodyBytes());
    }

    /**
     * Reads the data as stored, without looking at its checksum.
     *
     * @param dataBytes its length, from {@link NeedleMetadata#dataBytes()}
     */
    public void readData(int dataBytes, DataSink sink) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(Math.min(PIECE_BYTES, dataBytes));
        RecordVersion version = dat.version();
        long start = offset() + RecordReader.headBytes(version);
        for (long at = 0; at < dataBytes; at += piece.limit()) {
            piece.clear().limit((int) Math.min(piece.capacity(), dataBytes - at));
            RecordReader.readFully(dat.file(), path, piece, start + at, offset());
            sink.take(piece.flip());
        }
    }
}
