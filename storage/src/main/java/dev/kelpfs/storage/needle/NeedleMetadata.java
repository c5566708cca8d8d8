package dev.kelpfs.storage.needle;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.Ttl;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * All of a record but its data. A view: it reads from the buffer it was parsed from, which must stay untouched while
 * this is in use. Immutable otherwise.
 */
public final class NeedleMetadata {
    private static final long NANOS_PER_MINUTE = 60_000_000_000L;

    private final ByteBuffer buffer;
    private final Fields fields;

    NeedleMetadata(ByteBuffer buffer, Fields fields) {
        this.buffer = buffer;
        this.fields = fields;
    }

    /** Where things lie; positions are absolute in the buffer. Filled while parsing, constant afterwards. */
    static final class Fields {
        int cookie;
        long key;
        int dataBytes;
        int flags;
        int nameAt;
        int nameBytes;
        int mimeAt;
        int mimeBytes;
        int pairsAt;
        int pairsBytes;
        long lastModifiedEpochSeconds;
        Ttl ttl = Ttl.NONE;
        int checksum;
        long appendEpochNanos;
    }

    public NeedleKey key() {
        return new NeedleKey(fields.key);
    }

    public Cookie cookie() {
        return new Cookie(fields.cookie);
    }

    /** True if the record carries this cookie. */
    public boolean hasCookie(Cookie cookie) {
        return fields.cookie == cookie.bits();
    }

    /** Length of the data as stored. */
    public int dataBytes() {
        return fields.dataBytes;
    }

    /** The flags byte; see {@link NeedleFlags}. */
    public int flags() {
        return fields.flags;
    }

    /** True if the data is compressed with gzip. */
    public boolean isCompressed() {
        return (fields.flags & NeedleFlags.COMPRESSED) != 0;
    }

    /** True if the data is a list of chunks. */
    public boolean isManifest() {
        return (fields.flags & NeedleFlags.MANIFEST) != 0;
    }

    /** File name; empty if there is none. */
    public String name() {
        return text(fields.nameAt, fields.nameBytes);
    }

    /** MIME type; empty if there is none. */
    public String mime() {
        return text(fields.mimeAt, fields.mimeBytes);
    }

    /** One JSON object of text members, in UTF-8; empty if there is none. */
    public ByteBuffer pairs() {
        return buffer.slice(fields.pairsAt, fields.pairsBytes);
    }

    /** Seconds since the epoch; 0 if the record does not say. */
    public long lastModifiedEpochSeconds() {
        return fields.lastModifiedEpochSeconds;
    }

    public Ttl ttl() {
        return fields.ttl;
    }

    /** CRC-32C of the data as stored. */
    public int checksum() {
        return fields.checksum;
    }

    /** Entity tag without quotes. */
    public String etag() {
        return NeedleChecksum.etag(fields.checksum);
    }

    /** When the record was appended, in nanoseconds since the epoch; 0 in versions 1 and 2. */
    public long appendEpochNanos() {
        return fields.appendEpochNanos;
    }

    /** True if the record has outlived its own time to live (storage formats, section 7.1). */
    public boolean isExpired(long nowEpochNanos) {
        return (fields.flags & NeedleFlags.LAST_MODIFIED) != 0
                && !fields.ttl.isNone()
                && nowEpochNanos >= fields.appendEpochNanos + fields.ttl.minutes() * NANOS_PER_MINUTE;
    }

    private String text(int at, int bytes) {
        if (bytes == 0) return "";
        byte[] copy = new byte[bytes];
        buffer.get(at, copy);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
