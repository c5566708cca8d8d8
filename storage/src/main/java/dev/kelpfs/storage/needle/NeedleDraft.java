package dev.kelpfs.storage.needle;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.Ttl;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is to be stored. The data buffers are used as they are and must not change until the append has ended; their
 * positions are left alone. Immutable and safe to share.
 */
public final class NeedleDraft {
    /** Longest name and MIME type that a record can hold; longer ones are left out. */
    public static final int MAX_TEXT_BYTES = 255;

    /** Longest pairs that a record can hold; longer ones are left out. */
    public static final int MAX_PAIRS_BYTES = 65_535;

    private static final byte[] NOTHING = {};

    private final NeedleKey key;
    private final Cookie cookie;
    private final boolean cookieAdopted;
    private final boolean exact;
    private final List<ByteBuffer> data;
    private final int dataBytes;
    private final int checksum;
    private final int flags;
    private final byte[] name;
    private final byte[] mime;
    private final byte[] pairs;
    private final long lastModifiedEpochSeconds;
    private final Ttl ttl;

    private NeedleDraft(Builder from) {
        key = from.key;
        cookie = from.cookie;
        cookieAdopted = from.cookieAdopted;
        exact = from.exact;
        data = from.data;
        long bytes = 0;
        for (ByteBuffer piece : data) bytes += piece.remaining();
        if (bytes > maxDataBytes()) {
            throw new IllegalArgumentException("a record holds at most " + maxDataBytes() + " bytes of data, got " + bytes);
        }
        dataBytes = (int) bytes;
        Integer known = from.checksum;
        checksum = known == null ? checksumOf(data) : known;
        name = from.name;
        mime = from.mime;
        pairs = from.pairs;
        lastModifiedEpochSeconds = from.lastModifiedEpochSeconds;
        ttl = from.ttl;
        flags = from.flags | (ttl.isNone() ? 0 : NeedleFlags.TTL);
    }

    /** Starts a draft with no data and no metadata. */
    public static Builder of(NeedleKey key, Cookie cookie) {
        return new Builder(key, cookie);
    }

    /** Most data that one record can hold, whatever its metadata. */
    public static long maxDataBytes() {
        return Integer.MAX_VALUE - 128 * 1024L;
    }

    public NeedleKey key() {
        return key;
    }

    public Cookie cookie() {
        return cookie;
    }

    /** True if an overwrite takes the cookie of the stored record instead of insisting on its own. */
    public boolean isCookieAdopted() {
        return cookieAdopted;
    }

    /** True if a record with the same data but other metadata is overwritten nevertheless. */
    public boolean isExact() {
        return exact;
    }

    public List<ByteBuffer> data() {
        return data;
    }

    public int dataBytes() {
        return dataBytes;
    }

    /** CRC-32C of the data. */
    public int checksum() {
        return checksum;
    }

    /** True if the data is gzip. */
    public boolean isCompressed() {
        return has(NeedleFlags.COMPRESSED);
    }

    public Ttl ttl() {
        return ttl;
    }

    public long lastModifiedEpochSeconds() {
        return lastModifiedEpochSeconds;
    }

    /** This draft in a volume with a time to live: a draft without its own takes the volume's. */
    public NeedleDraft inheriting(Ttl volumeTtl) {
        if (!ttl.isNone() || volumeTtl.isNone()) return this;
        Builder copy = new Builder(key, cookie);
        copy.cookieAdopted = cookieAdopted;
        copy.exact = exact;
        copy.data = data;
        copy.checksum = checksum;
        copy.flags = flags;
        copy.name = name;
        copy.mime = mime;
        copy.pairs = pairs;
        copy.lastModifiedEpochSeconds = lastModifiedEpochSeconds;
        copy.ttl = volumeTtl;
        return copy.build();
    }

    /** Length of the body that this draft has in a record of the version; 0 for empty data, which drops all else. */
    public int bodyBytes(RecordVersion version) {
        if (dataBytes == 0) return 0;
        if (!version.hasMetadata()) return dataBytes;
        return Integer.BYTES + dataBytes + metadataBytes();
    }

    /** What stands between data and checksum in a record of version 2 or 3 with data. */
    public ByteBuffer metadata() {
        ByteBuffer bytes = ByteBuffer.allocate(metadataBytes());
        putMetadata(bytes);
        return bytes.flip();
    }

    int flags() {
        return flags;
    }

    /** Bytes from the flags to the end of the body. */
    int metadataBytes() {
        int bytes = 1;
        if (has(NeedleFlags.NAME)) bytes += 1 + name.length;
        if (has(NeedleFlags.MIME)) bytes += 1 + mime.length;
        if (has(NeedleFlags.LAST_MODIFIED)) bytes += RecordParser.LAST_MODIFIED_BYTES;
        if (has(NeedleFlags.TTL)) bytes += RecordParser.TTL_BYTES;
        if (has(NeedleFlags.PAIRS)) bytes += Short.BYTES + pairs.length;
        return bytes;
    }

    void putMetadata(ByteBuffer out) {
        out.put((byte) flags);
        if (has(NeedleFlags.NAME)) out.put((byte) name.length).put(name);
        if (has(NeedleFlags.MIME)) out.put((byte) mime.length).put(mime);
        if (has(NeedleFlags.LAST_MODIFIED)) {
            out.put((byte) (lastModifiedEpochSeconds >>> 32)).putInt((int) lastModifiedEpochSeconds);
        }
        if (has(NeedleFlags.TTL)) out.put((byte) ttl.count()).put((byte) ttl.unitCode());
        if (has(NeedleFlags.PAIRS)) out.putShort((short) pairs.length).put(pairs);
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private static int checksumOf(List<ByteBuffer> data) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer piece : data) crc.update(piece.duplicate());
        return (int) crc.getValue();
    }

    /** Collects a draft; used by one thread. */
    public static final class Builder {
        private final NeedleKey key;
        private final Cookie cookie;
        private boolean cookieAdopted;
        private boolean exact;
        private List<ByteBuffer> data = List.of();
        private @Nullable Integer checksum;
        private int flags;
        private byte[] name = NOTHING;
        private byte[] mime = NOTHING;
        private byte[] pairs = NOTHING;
        private long lastModifiedEpochSeconds;
        private Ttl ttl = Ttl.NONE;

        private Builder(NeedleKey key, Cookie cookie) {
            this.key = key;
            this.cookie = cookie;
        }

        /** The data: the remaining bytes of the buffers, one after another. */
        public Builder data(List<ByteBuffer> buffers) {
            data = List.copyOf(buffers);
            return this;
        }

        public Builder data(ByteBuffer buffer) {
            data = List.of(buffer);
            return this;
        }

        /** CRC-32C of the data, when it was computed on the way; else it is computed by {@link #build}. */
        public Builder checksum(int crc32c) {
            checksum = crc32c;
            return this;
        }

        /** Stores the name, an empty one too; one of more than 255 bytes in UTF-8 is left out. */
        public Builder name(String text) {
            name = text(text, NeedleFlags.NAME);
            return this;
        }

        /** Stores the MIME type, an empty one too; one of more than 255 bytes in UTF-8 is left out. */
        public Builder mime(String text) {
            mime = text(text, NeedleFlags.MIME);
            return this;
        }

        /** Stores one JSON object; one of more than 65,535 bytes is left out. */
        public Builder pairs(byte[] json) {
            boolean fits = json.length <= MAX_PAIRS_BYTES;
            pairs = fits ? json.clone() : NOTHING;
            flag(NeedleFlags.PAIRS, fits);
            return this;
        }

        /** Seconds since the epoch, of which 40 bits are stored. */
        public Builder lastModified(long epochSeconds) {
            lastModifiedEpochSeconds = epochSeconds & 0xff_ffff_ffffL;
            flag(NeedleFlags.LAST_MODIFIED, true);
            return this;
        }

        public Builder ttl(Ttl value) {
            ttl = value;
            return this;
        }

        /** The data is compressed with gzip. */
        public Builder compressed(boolean yes) {
            flag(NeedleFlags.COMPRESSED, yes);
            return this;
        }

        /** The data is a list of chunks. */
        public Builder manifest(boolean yes) {
            flag(NeedleFlags.MANIFEST, yes);
            return this;
        }

        /** An overwrite takes the stored cookie (for copies that another server sends without one). */
        public Builder adoptingStoredCookie() {
            cookieAdopted = true;
            return this;
        }

        /**
         * The record is to become exactly this one (for copies that another server sends): that the same data is there
         * already is not enough, name, times and all else must be the same too.
         */
        public Builder exactly() {
            exact = true;
            return this;
        }

        /** @throws IllegalArgumentException if there is more data than a record can hold */
        public NeedleDraft build() {
            return new NeedleDraft(this);
        }

        private byte[] text(String text, int flag) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            boolean fits = bytes.length <= MAX_TEXT_BYTES;
            flag(flag, fits);
            return fits ? bytes : NOTHING;
        }

        private void flag(int bit, boolean on) {
            flags = on ? flags | bit : flags & ~bit;
        }
    }
}
