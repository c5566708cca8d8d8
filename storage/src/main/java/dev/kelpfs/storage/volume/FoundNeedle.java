package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.DeviceErrorException;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A needle that the index knows, and the right to read it: it keeps the volume's files open until it is closed. Used by
 * one thread at a time.
 *
 * <p>Small records: give a buffer of {@link #recordBytes()} to {@link #readNow}, on a false answer to {@link #read} in a
 * thread that may block, then {@link #parse}. Large ones: {@link #readMetadata}, then {@link #readData} piece by piece.
 */
public final class FoundNeedle implements AutoCloseable {
    private final Volume volume;
    private final Generation generation;
    private final long keyBits;
    private final long offset;
    private final int bodyBytes;
    private boolean closed;

    FoundNeedle(Volume volume, Generation generation, long keyBits, long entry) {
        this.volume = volume;
        this.generation = generation;
        this.keyBits = keyBits;
        this.offset = IndexEntry.offset(entry);
        this.bodyBytes = Math.abs(IndexEntry.bodyBytes(entry));
    }

    /** Length of the whole record. */
    public long recordBytes() {
        return generation.version.recordBytes(bodyBytes);
    }

    /** Length of its body: data, metadata and their lengths. */
    public int bodyBytes() {
        return bodyBytes;
    }

    /** True if there is no data; such a record has nothing but key and cookie, and need not be read. */
    public boolean isEmpty() {
        return bodyBytes == 0;
    }

    /** How often the volume had been vacuumed when the needle was found. */
    public int revision() {
        return generation.revision;
    }

    /**
     * Reads as much of the record as is in memory, from the buffer's position on, without waiting for the disk. The
     * position counts the bytes of the record that are there.
     *
     * @param target a direct buffer that starts at position 0 and has room for the record
     * @return true if the record is complete; false if {@link #read} has to fetch the rest
     */
    public boolean readNow(ByteBuffer target) throws IOException {
        checkRoom(target);
        int limit = target.limit();
        target.limit((int) recordBytes());
        try {
            int got = generation.dat.readNow(target, offset + target.position());
            if (got == DiskFile.WOULD_BLOCK) return false;
            return isComplete(target);
        } catch (DeviceErrorException failed) {
            volume.deviceFailed();
            throw failed;
        } finally {
            target.limit(limit);
        }
    }

    /**
     * Reads the rest of the record; may block.
     *
     * @throws DamagedRecordException if the file ends before the record does
     */
    public void read(ByteBuffer target) throws IOException {
        checkRoom(target);
        int limit = target.limit();
        target.limit((int) recordBytes());
        try {
            while (target.hasRemaining()) {
                if (generation.dat.read(target, offset + target.position()) < 0) break;
            }
            volume.deviceWorked();
        } catch (DeviceErrorException failed) {
            volume.deviceFailed();
            throw failed;
        } finally {
            target.limit(limit);
        }
        if (!isComplete(target)) {
            throw new DamagedRecordException(generation.datPath, offset, "the file ends inside the record of key "
                    + Long.toHexString(keyBits));
        }
    }

    /**
     * The record in a buffer that {@link #readNow} or {@link #read} has completed. The record is a view on the buffer.
     *
     * @throws DamagedRecordException if it is not the record that the index names, or its checksum fails
     */
    public NeedleRecord parse(ByteBuffer complete) throws DamagedRecordException {
        if (!isComplete(complete)) throw new IllegalStateException("the record is not complete");
        return NeedleRecord.parse(
                complete.order(ByteOrder.BIG_ENDIAN), generation.version, keyBits, bodyBytes, generation.datPath, offset);
    }

    /**
     * Reads and parses the record into a buffer of its own; may block. For callers that do not care for speed.
     *
     * @throws DamagedRecordException if it is damaged
     */
    public NeedleRecord readRecord() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(recordBytes()));
        read(buffer);
        return parse(buffer);
    }

    /**
     * Reads all but the data of a record with data; may block. The checksum is not verified: who streams the data
     * computes it on the way and compares it with {@link NeedleMetadata#checksum()} in either form.
     *
     * @throws DamagedRecordException if it is damaged
     */
    public NeedleMetadata readMetadata() throws IOException {
        if (isEmpty()) return readRecord().metadata();
        return volume.guarded(() -> RecordReader.metadata(
                generation.dat, generation.datPath, generation.version, offset, keyBits, bodyBytes));
    }

    /**
     * Reads data of a record with data from {@code dataOffset} on, as much as the buffer takes; may block. The caller
     * does not ask for more than {@link NeedleMetadata#dataBytes()}.
     *
     * @return bytes read, at least 1
     * @throws DamagedRecordException if the file ends there
     */
    public int readData(ByteBuffer target, long dataOffset) throws IOException {
        if (dataOffset + target.remaining() > bodyBytes) throw new IllegalArgumentException("beyond the data: " + dataOffset);
        int got = volume.guarded(() -> generation.dat.read(target, dataAt() + dataOffset));
        if (got <= 0) throw new DamagedRecordException(generation.datPath, offset, "the file ends inside the data");
        return got;
    }

    /** Whether {@link #sendData} is worth trying. */
    public boolean canSend() {
        return generation.dat.canSend();
    }

    /**
     * Has the kernel move data of a record to a socket that does not wait; may wait for the disk unless the data was read
     * just before. May be called while another thread reads. Arguments as for {@link #readData}, answers as of
     * {@link DiskFile#send}.
     */
    public long sendData(int socket, long dataOffset, long bytes) throws IOException {
        if (dataOffset + bytes > bodyBytes) throw new IllegalArgumentException("beyond the data: " + dataOffset);
        return volume.guarded(() -> generation.dat.send(socket, dataAt() + dataOffset, bytes));
    }

    private long dataAt() {
        return offset + (generation.version == RecordVersion.V1 ? NeedleRecord.DATA_AT - Integer.BYTES : NeedleRecord.DATA_AT);
    }

    /** Gives the right to read back. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        generation.release();
    }

    // What the padding holds is nobody's business, so a file that ends inside it is fine.
    private boolean isComplete(ByteBuffer target) {
        return target.position() >= recordBytes() - generation.version.paddingBytes(bodyBytes);
    }

    private void checkRoom(ByteBuffer target) {
        if (target.limit() < recordBytes()) {
            throw new IllegalArgumentException("a buffer of " + target.limit() + " bytes for a record of " + recordBytes());
        }
    }
}
