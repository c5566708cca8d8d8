package dev.kelpfs.storage.needle;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * One record as it lies on disk, checked. A view on the buffer it was parsed from, which must stay untouched while
 * this is in use.
 *
 * <pre>
 *   header 16: cookie u32, key u64, body length i32
 *   body, version 1: data
 *   body, versions 2 and 3 (only if there is data):
 *       data length u32, data, flags u8,
 *       [name length u8, name] [mime length u8, mime] [last modified 5 bytes] [ttl 2] [pairs length u16, pairs]
 *   tail: checksum u32, [append time in nanoseconds u64: version 3], padding of 1 to 8 bytes to a multiple of 8
 * </pre>
 */
public final class NeedleRecord {
    /** Bytes in front of the data in versions 2 and 3: header and data length. */
    public static final int DATA_AT = NeedleHeader.BYTES + Integer.BYTES;

    private final ByteBuffer buffer;
    private final int dataAt;
    private final NeedleMetadata metadata;

    private NeedleRecord(ByteBuffer buffer, int dataAt, NeedleMetadata metadata) {
        this.buffer = buffer;
        this.dataAt = dataAt;
        this.metadata = metadata;
    }

    /**
     * Parses the record at the start of the buffer (position 0) and verifies header, lengths and checksum. The buffer
     * must be big-endian and hold at least header, body and tail.
     *
     * @param keyBits key that the index knows the record by
     * @param bodyBytes body length that the index knows
     * @param file file and {@code offset} in it are for the message only
     * @throws DamagedRecordException if the bytes are not this record, or its checksum fails
     */
    public static NeedleRecord parse(
            ByteBuffer buffer, RecordVersion version, long keyBits, int bodyBytes, Path file, long offset)
            throws DamagedRecordException {
        RecordParser parser = new RecordParser(buffer, version, file, offset);
        parser.header(keyBits, bodyBytes);
        NeedleMetadata.Fields fields = parser.fields();
        int tailAt = NeedleHeader.BYTES + bodyBytes;
        if (buffer.limit() < tailAt + version.tailBytes()) throw parser.damage("the file ends inside the record");
        if (bodyBytes == 0) {
            parser.tail(tailAt);
            return new NeedleRecord(buffer, NeedleHeader.BYTES, new NeedleMetadata(buffer, fields));
        }
        int dataAt = parser.data(bodyBytes);
        if (version.hasMetadata()) parser.metadata(dataAt + fields.dataBytes, tailAt);
        parser.tail(tailAt);
        int plain = NeedleChecksum.of(buffer, dataAt, fields.dataBytes);
        if (!NeedleChecksum.matches(fields.checksum, plain)) {
            throw parser.damage("checksum of key " + Long.toHexString(keyBits) + " is " + NeedleChecksum.etag(fields.checksum)
                    + ", expected " + NeedleChecksum.etag(plain));
        }
        fields.checksum = plain;
        return new NeedleRecord(buffer, dataAt, new NeedleMetadata(buffer, fields));
    }

    /**
     * Parses all but the data of a large record, which is not verified here.
     *
     * @param head the first {@link #DATA_AT} bytes of the record
     * @param rest what follows the data, from the flags to the end of the tail
     * @throws DamagedRecordException if the bytes are not this record
     */
    public static NeedleMetadata parseMetadata(
            ByteBuffer head, ByteBuffer rest, RecordVersion version, long keyBits, int bodyBytes, Path file, long offset)
            throws DamagedRecordException {
        RecordParser headParser = new RecordParser(head, version, file, offset);
        headParser.header(keyBits, bodyBytes);
        headParser.data(bodyBytes);
        NeedleMetadata.Fields fields = headParser.fields();
        int metadataBytes = version.hasMetadata() ? bodyBytes - Integer.BYTES - fields.dataBytes : 0;
        RecordParser restParser = new RecordParser(rest, version, file, offset, fields);
        if (rest.limit() < metadataBytes + version.tailBytes()) throw restParser.damage("the file ends inside the record");
        if (version.hasMetadata()) restParser.metadata(0, metadataBytes);
        restParser.tail(metadataBytes);
        return new NeedleMetadata(rest, fields);
    }

    /** The data as stored; each call gives a new slice with its own position. */
    public ByteBuffer data() {
        return buffer.slice(dataAt, metadata.dataBytes());
    }

    /** Where the data starts in the buffer. */
    public int dataAt() {
        return dataAt;
    }

    public int dataBytes() {
        return metadata.dataBytes();
    }

    public NeedleMetadata metadata() {
        return metadata;
    }
}
