package dev.kelpfs.storage.needle;

import dev.kelpfs.core.Cookie;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Lays a draft out as the buffers of one gathering write: what comes before the data, the data itself, what comes
 * after. Its own bytes live in one direct buffer that the next call uses again, so an encoder belongs to whoever holds
 * the volume's append right.
 */
public final class RecordEncoder {
    private static final int FIRST_ROOM = 1024;

    /**
     * Padding of a live empty upload. The format has no other difference between it and a deletion, whose padding is zero
     * (in versions 1 and 2 of the reference: whatever was at hand); readers never look at padding.
     */
    public static final int LIVE_EMPTY_MARK = 0x4b454c50;

    /**
     * Cookie of markers that the reference adds while it puts a vacuumed volume in place. In versions 1 and 2, which have
     * no time that a torn write would miss, all markers of Kelp carry it: so a torn one is never taken for a live empty
     * upload.
     */
    public static final Cookie MARKER_COOKIE = new Cookie(0x12345678);

    /** Checksum of a marker that deletes an empty upload; nobody verifies it. */
    private static final int DELETION_MARK = 0x676f6e65;

    private final RecordVersion version;
    private ByteBuffer room = ByteBuffer.allocateDirect(FIRST_ROOM);

    public RecordEncoder(RecordVersion version) {
        this.version = version;
    }

    /** The whole record of the draft, with another cookie than the draft's if an overwrite adopted one. */
    public ByteBuffer[] encode(NeedleDraft draft, Cookie cookie, long appendEpochNanos) {
        int bodyBytes = draft.bodyBytes(version);
        if (bodyBytes == 0) return new ByteBuffer[] {empty(draft, cookie, appendEpochNanos)};
        int suffixBytes = version.tailBytes() + RecordVersion.UNIT_BYTES + (version.hasMetadata() ? draft.metadataBytes() : 0);
        ByteBuffer out = room(NeedleRecord.DATA_AT + suffixBytes);
        header(out, draft.key().bits(), cookie, bodyBytes);
        if (version.hasMetadata()) out.putInt(draft.dataBytes());
        int split = out.position();
        if (version.hasMetadata()) draft.putMetadata(out);
        tail(out, draft.checksum(), appendEpochNanos);
        padding(out, bodyBytes);
        return pieces(draft.data(), out.slice(0, split), out.slice(split, out.position() - split));
    }

    /**
     * A delete marker: a record without body; its checksum and cookie are those of what is deleted. A checksum of 0 is
     * replaced, because one that is not 0 tells a deletion from an empty upload of the reference. In versions 1 and 2 the
     * cookie is {@link #MARKER_COOKIE} instead.
     */
    public ByteBuffer encodeMarker(long keyBits, Cookie cookie, int checksum, long appendEpochNanos) {
        Cookie told = version.hasTimestamp() ? cookie : MARKER_COOKIE;
        return bodiless(keyBits, told, checksum == 0 ? DELETION_MARK : checksum, appendEpochNanos, 0);
    }

    /**
     * What follows the body of a live record: checksum, time and padding. For copies, whose header and body stay as they
     * are.
     *
     * @param checksum in the plain form; 0 without body
     */
    public ByteBuffer encodeTail(int bodyBytes, int checksum, long appendEpochNanos) {
        ByteBuffer out = room(version.tailBytes() + RecordVersion.UNIT_BYTES);
        tail(out, checksum, appendEpochNanos);
        if (bodyBytes == 0) {
            out.putInt(LIVE_EMPTY_MARK);
        } else {
            padding(out, bodyBytes);
        }
        return out.flip();
    }

    private ByteBuffer empty(NeedleDraft draft, Cookie cookie, long appendEpochNanos) {
        return bodiless(draft.key().bits(), cookie, 0, appendEpochNanos, LIVE_EMPTY_MARK);
    }

    private ByteBuffer bodiless(long keyBits, Cookie cookie, int checksum, long appendEpochNanos, int padding) {
        ByteBuffer out = room((int) version.recordBytes(0));
        header(out, keyBits, cookie, 0);
        tail(out, checksum, appendEpochNanos);
        return out.putInt(padding).flip();
    }

    private static void header(ByteBuffer out, long keyBits, Cookie cookie, int bodyBytes) {
        out.putInt(cookie.bits()).putLong(keyBits).putInt(bodyBytes);
    }

    private void tail(ByteBuffer out, int checksum, long appendEpochNanos) {
        out.putInt(checksum);
        if (version.hasTimestamp()) out.putLong(appendEpochNanos);
    }

    // The reference pads version 3 with the body length and zeros; doing the same keeps files equal byte for byte.
    private void padding(ByteBuffer out, int bodyBytes) {
        long filler = version == RecordVersion.V3 ? (long) bodyBytes << 32 : 0;
        int bytes = version.paddingBytes(bodyBytes);
        for (int i = 0; i < bytes; i++) out.put((byte) (filler >>> (56 - 8 * i)));
    }

    private static ByteBuffer[] pieces(List<ByteBuffer> data, ByteBuffer prefix, ByteBuffer suffix) {
        ByteBuffer[] pieces = new ByteBuffer[data.size() + 2];
        pieces[0] = prefix;
        for (int i = 0; i < data.size(); i++) pieces[i + 1] = data.get(i).duplicate();
        pieces[pieces.length - 1] = suffix;
        return pieces;
    }

    private ByteBuffer room(int bytes) {
        if (room.capacity() < bytes) room = ByteBuffer.allocateDirect(bytes);
        return room.clear();
    }
}
