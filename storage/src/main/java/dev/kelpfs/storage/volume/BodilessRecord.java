package dev.kelpfs.storage.volume;

import dev.kelpfs.storage.needle.NeedleHeader;
import dev.kelpfs.storage.needle.RecordEncoder;
import dev.kelpfs.storage.needle.RecordVersion;
import java.nio.ByteBuffer;

/**
 * A record without body: an empty upload or a deletion. Only the row in the index tells for sure; this is what the record
 * itself can say. Nothing of it is protected by a checksum, and a crash may have torn it, leaving zeros.
 */
enum BodilessRecord {
    /** Marked as a live empty upload. */
    LIVE_EMPTY,
    /** A deletion, by the checksum of what it deletes or by its cookie. */
    DELETION,
    /** Either: the reference marks neither. */
    EITHER,
    /** What a torn write left; nobody was told of it. */
    TORN;

    /** @param record at least all but the padding, from position 0 to the limit; {@code version} is that of its volume */
    static BodilessRecord of(ByteBuffer record, RecordVersion version) {
        int tailAt = NeedleHeader.BYTES;
        int paddingAt = (int) version.recordBytes(0) - Integer.BYTES;
        boolean timed = version == RecordVersion.V3;
        if (timed && record.getLong(tailAt + Integer.BYTES) == 0) return TORN;
        boolean marked = record.limit() >= paddingAt + Integer.BYTES && record.getInt(paddingAt) == RecordEncoder.LIVE_EMPTY_MARK;
        if (marked) return LIVE_EMPTY;
        if (record.getInt(tailAt) != 0) return DELETION;
        boolean markerOfOurs = !timed && NeedleHeader.decode(record, 0).cookie().equals(RecordEncoder.MARKER_COOKIE);
        return markerOfOurs ? DELETION : EITHER;
    }
}
