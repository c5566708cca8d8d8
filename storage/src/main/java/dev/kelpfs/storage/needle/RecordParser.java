package dev.kelpfs.storage.needle;

import dev.kelpfs.core.Ttl;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reads the pieces of one record into its fields; every length is checked against the end of the body. */
final class RecordParser {
    static final int LAST_MODIFIED_BYTES = 5;
    static final int TTL_BYTES = 2;

    private final ByteBuffer buffer;
    private final RecordVersion version;
    private final Path file;
    private final long offset;
    private final NeedleMetadata.Fields fields;

    RecordParser(ByteBuffer buffer, RecordVersion version, Path file, long offset) {
        this(buffer, version, file, offset, new NeedleMetadata.Fields());
    }

    RecordParser(ByteBuffer buffer, RecordVersion version, Path file, long offset, NeedleMetadata.Fields fields) {
        this.buffer = buffer;
        this.version = version;
        this.file = file;
        this.offset = offset;
        this.fields = fields;
    }

    NeedleMetadata.Fields fields() {
        return fields;
    }

    void header(long keyBits, int bodyBytes) throws DamagedRecordException {
        if (bodyBytes < 0) throw new IllegalArgumentException("negative body length " + bodyBytes);
        if (buffer.limit() < NeedleHeader.BYTES) throw damage("the file ends inside the header");
        fields.cookie = NeedleHeader.cookieBits(buffer, 0);
        fields.key = NeedleHeader.keyBits(buffer, 0);
        int found = NeedleHeader.bodyBytes(buffer, 0);
        if (fields.key != keyBits) {
            throw damage("found key " + Long.toHexString(fields.key) + ", expected " + Long.toHexString(keyBits));
        }
        if (found != bodyBytes) {
            throw damage("size mismatch of key " + Long.toHexString(keyBits) + ": body has " + found + " bytes, expected "
                    + bodyBytes);
        }
    }

    /** Sets the data length; gives the position of the data. */
    int data(int bodyBytes) throws DamagedRecordException {
        if (!version.hasMetadata()) {
            fields.dataBytes = bodyBytes;
            return NeedleHeader.BYTES;
        }
        if (bodyBytes < Integer.BYTES || buffer.limit() < NeedleRecord.DATA_AT) {
            throw damage("a body of " + bodyBytes + " bytes has no room for its data length");
        }
        int dataBytes = buffer.getInt(NeedleHeader.BYTES);
        // Nobody writes a body without data; zeros that a power loss left behind look like one, with a good checksum.
        if (dataBytes <= 0 || dataBytes > bodyBytes - Integer.BYTES) {
            throw damage("data length " + Integer.toUnsignedString(dataBytes) + " does not fit a body of " + bodyBytes + " bytes");
        }
        fields.dataBytes = dataBytes;
        return NeedleRecord.DATA_AT;
    }

    /** Reads flags and what they announce; a field that would start at the end of the body is taken as absent. */
    void metadata(int from, int end) throws DamagedRecordException {
        int at = from;
        if (at < end) fields.flags = buffer.get(at++) & 0xff;
        int flags = fields.flags;
        if ((flags & NeedleFlags.NAME) != 0 && at < end) {
            fields.nameBytes = buffer.get(at++) & 0xff;
            fields.nameAt = at;
            at = inside(at + fields.nameBytes, end, "name");
        }
        if ((flags & NeedleFlags.MIME) != 0 && at < end) {
            fields.mimeBytes = buffer.get(at++) & 0xff;
            fields.mimeAt = at;
            at = inside(at + fields.mimeBytes, end, "MIME type");
        }
        if ((flags & NeedleFlags.LAST_MODIFIED) != 0 && at < end) {
            int after = inside(at + LAST_MODIFIED_BYTES, end, "time of last modification");
            fields.lastModifiedEpochSeconds = (buffer.get(at) & 0xffL) << 32 | Integer.toUnsignedLong(buffer.getInt(at + 1));
            at = after;
        }
        if ((flags & NeedleFlags.TTL) != 0 && at < end) {
            int after = inside(at + TTL_BYTES, end, "time to live");
            fields.ttl = Ttl.fromBytes(buffer.get(at), buffer.get(at + 1));
            at = after;
        }
        if ((flags & NeedleFlags.PAIRS) != 0 && at < end) {
            int start = inside(at + Short.BYTES, end, "pairs");
            fields.pairsBytes = buffer.getShort(at) & 0xffff;
            fields.pairsAt = start;
            inside(start + fields.pairsBytes, end, "pairs");
        }
    }

    void tail(int at) {
        fields.checksum = buffer.getInt(at);
        if (version.hasTimestamp()) fields.appendEpochNanos = buffer.getLong(at + Integer.BYTES);
    }

    DamagedRecordException damage(String what) {
        return new DamagedRecordException(file, offset, what);
    }

    private int inside(int at, int end, String field) throws DamagedRecordException {
        if (at > end) throw damage("the " + field + " of key " + Long.toHexString(fields.key) + " runs past the end of the body");
        return at;
    }
}
