package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleChecksum;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Reads records of any length in pieces of bounded size. */
public final class RecordReader {
    private static final int PIECE_BYTES = 1 << 20;

    private RecordReader() {}

    /**
     * Everything but the data, unverified. The body must not be empty.
     *
     * @throws DamagedRecordException if it is not the record named
     */
    public static NeedleMetadata metadata(
            DiskFile file, Path path, RecordVersion version, long offset, long keyBits, int bodyBytes) throws IOException {
        int headBytes = headBytes(version);
        ByteBuffer head = ByteBuffer.allocate(headBytes);
        readFully(file, path, head, offset, offset);
        int dataBytes = version == RecordVersion.V1 ? bodyBytes : head.getInt(headBytes - Integer.BYTES);
        int metadataBytes = version == RecordVersion.V1 ? 0 : bodyBytes - Integer.BYTES - dataBytes;
        if (dataBytes < 0 || metadataBytes < 0) {
            throw new DamagedRecordException(path, offset, "data length " + Integer.toUnsignedString(dataBytes)
                    + " does not fit a body of " + bodyBytes + " bytes");
        }
        if (metadataBytes > PIECE_BYTES) {
            throw new DamagedRecordException(path, offset, metadataBytes + " bytes of metadata are more than there can be");
        }
        ByteBuffer rest = ByteBuffer.allocate(metadataBytes + version.tailBytes());
        readFully(file, path, rest, offset + headBytes + dataBytes, offset);
        return NeedleRecord.parseMetadata(head, rest, version, keyBits, bodyBytes, path, offset);
    }

    /**
     * Reads a whole record and verifies it.
     *
     * @throws DamagedRecordException if it is not the record named, or its checksum fails
     */
    public static NeedleMetadata verify(
            DiskFile file, Path path, RecordVersion version, long offset, long keyBits, int bodyBytes) throws IOException {
        long recordBytes = version.recordBytes(bodyBytes);
        if (recordBytes <= PIECE_BYTES) {
            ByteBuffer whole = ByteBuffer.allocate((int) recordBytes - version.paddingBytes(bodyBytes));
            readFully(file, path, whole, offset, offset);
            return NeedleRecord.parse(whole, version, keyBits, bodyBytes, path, offset).metadata();
        }
        NeedleMetadata metadata = metadata(file, path, version, offset, keyBits, bodyBytes);
        CRC32C crc = new CRC32C();
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        long end = offset + headBytes(version) + metadata.dataBytes();
        for (long at = offset + headBytes(version); at < end; at += piece.limit()) {
            piece.clear().limit((int) Math.min(PIECE_BYTES, end - at));
            readFully(file, path, piece, at, offset);
            crc.update(piece.flip());
        }
        if (!NeedleChecksum.matches(metadata.checksum(), (int) crc.getValue())) {
            throw new DamagedRecordException(path, offset, "checksum of key " + Long.toHexString(keyBits) + " is "
                    + metadata.etag() + ", expected " + NeedleChecksum.etag((int) crc.getValue()));
        }
        return metadata;
    }

    /** Fills the buffer; afterwards its position is at the limit. */
    static void readFully(DiskFile file, Path path, ByteBuffer target, long from, long recordOffset) throws IOException {
        int start = target.position();
        while (target.hasRemaining()) {
            if (file.read(target, from + target.position() - start) < 0) {
                throw new DamagedRecordException(path, recordOffset, "the file ends inside the record");
            }
        }
    }

    /** Bytes in front of the data. */
    public static int headBytes(RecordVersion version) {
        return version == RecordVersion.V1 ? NeedleRecord.DATA_AT - Integer.BYTES : NeedleRecord.DATA_AT;
    }
}
