package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.NeedleHeader;
import dev.kelpfs.storage.needle.RecordEncoder;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records in a stretch of a data file without an index. A record counts when it is whole and its checksum is
 * good. Where there is none but a header says how far it would reach, and that is the end or the start of a good one,
 * it is a damaged record. Anything else ends a careful walk; a searching one looks on, boundary by boundary.
 *
 * <p>Only the search for an index that is lost altogether may look on: what a client once uploaded can look like a
 * record, and inside the remains of a torn write it must not become one.
 *
 * <p>A record without body has no checksum over anything, so it counts only with a key other than 0 and (version 3) a
 * time, in a careful walk later than that of the record before (a vacuum of the reference sorts records by key), and
 * padding that is zero or the mark of a live empty upload. In versions 1 and 2 it needs the mark, or the cookie of a
 * marker, or a row that names it.
 */
final class RecordWalk {
    private final DiskFile file;
    private final Path path;
    private final RecordVersion version;
    private final long end;
    private final LongPredicate named;
    private final ByteBuffer small;
    private long lastEpochNanos;
    private boolean ordered;

    /**
     * @param end where the stretch ends, usually the length of the file
     * @param named true for an offset at which an index row names a record without body, or if no index is left to ask
     */
    RecordWalk(DiskFile file, Path path, RecordVersion version, long end, LongPredicate named) {
        this.named = named;
        this.file = file;
        this.path = path;
        this.version = version;
        this.end = end;
        this.small = ByteBuffer.allocate((int) version.recordBytes(0));
    }

    enum Kind {
        /** Has data. */
        DATA,
        /** Has none, and is marked as a live empty upload. */
        LIVE_EMPTY,
        /** Has none, and the checksum of what it deletes or the cookie of a marker. */
        DELETION,
        /** Has none, and could be either: the reference marks neither, and a torn write may have lost the mark. */
        DELETION_OR_EMPTY
    }

    /** A record that was found. */
    record Found(long offset, long keyBits, int bodyBytes, Kind kind, long appendEpochNanos) {
        long end(RecordVersion version) {
            return offset + version.recordBytes(bodyBytes);
        }
    }

    /** Told of what is found, in ascending order. */
    interface Visitor {
        void record(Found found) throws IOException;

        /** A header whose record fails its check; it reaches to the next record or to the end. */
        void damaged(Found found) throws IOException;

        /** Bytes that form no record; {@code to} may be the end of the stretch. */
        void gap(long from, long to) throws IOException;
    }

    /** Walks from a boundary to the end of the stretch. */
    void walk(long from, long lastEpochNanosBefore, boolean searching, Visitor visitor) throws IOException {
        lastEpochNanos = lastEpochNanosBefore;
        ordered = !searching;
        long at = from;
        long gapFrom = -1;
        while (at < end) {
            Found found = recordAt(at, gapFrom >= 0);
            Found claimed = found == null ? claimedAt(at) : null;
            if (found == null && claimed == null) {
                if (gapFrom < 0) gapFrom = at;
                if (!searching) break;
                at += RecordVersion.UNIT_BYTES;
                continue;
            }
            if (gapFrom >= 0) visitor.gap(gapFrom, at);
            gapFrom = -1;
            if (found != null) {
                visitor.record(found);
                lastEpochNanos = Math.max(lastEpochNanos, found.appendEpochNanos());
                at = found.end(version);
            } else {
                visitor.damaged(claimed);
                at = claimed.end(version);
            }
        }
        if (gapFrom >= 0) visitor.gap(gapFrom, end);
    }

    private @Nullable Found claimedAt(long at) throws IOException {
        if (end - at < NeedleHeader.BYTES) return null;
        small.clear().limit(NeedleHeader.BYTES);
        RecordReader.readFully(file, path, small, at, at);
        NeedleHeader header = NeedleHeader.decode(small, 0);
        if (header.key().bits() == 0 || header.bodyBytes() <= 0) return null;
        Found claimed = new Found(at, header.key().bits(), header.bodyBytes(), Kind.DATA, 0);
        long next = claimed.end(version);
        if (next == end) return claimed;
        return next < end && recordAt(next, false) != null ? claimed : null;
    }

    // Inside a gap only a record with a checksum is believed: 32 bytes of anything may look like one without.
    private @Nullable Found recordAt(long at, boolean inGap) throws IOException {
        int least = (int) version.recordBytes(0);
        // The last record may miss some of its padding.
        if (end - at < least - RecordVersion.UNIT_BYTES) return null;
        small.clear().limit((int) Math.min(least, end - at));
        RecordReader.readFully(file, path, small, at, at);
        NeedleHeader header = NeedleHeader.decode(small, 0);
        long keyBits = header.key().bits();
        int bodyBytes = header.bodyBytes();
        if (keyBits == 0 || bodyBytes < 0) return null;
        long unpadded = version.recordBytes(bodyBytes) - version.paddingBytes(bodyBytes);
        if (at + unpadded > end) return null;
        return bodyBytes == 0 ? empty(at, keyBits, inGap) : withBody(at, keyBits, bodyBytes);
    }

    private @Nullable Found withBody(long at, long keyBits, int bodyBytes) throws IOException {
        try {
            long nanos = RecordReader.verify(file, path, version, at, keyBits, bodyBytes).appendEpochNanos();
            return new Found(at, keyBits, bodyBytes, Kind.DATA, nanos);
        } catch (DamagedRecordException noRecord) {
            return null;
        }
    }

    private @Nullable Found empty(long at, long keyBits, boolean inGap) throws IOException {
        int whole = (int) version.recordBytes(0);
        if (inGap || small.limit() < whole) return null;
        Kind kind = switch (BodilessRecord.of(small, version)) {
            case LIVE_EMPTY -> Kind.LIVE_EMPTY;
            case DELETION -> Kind.DELETION;
            case EITHER -> Kind.DELETION_OR_EMPTY;
            case TORN -> null;
        };
        if (kind == null) return null;
        if (version != RecordVersion.V3) return isBodiless(at, kind) ? new Found(at, keyBits, 0, kind, 0) : null;
        int padding = small.getInt(whole - Integer.BYTES);
        long nanos = small.getLong(NeedleHeader.BYTES + Integer.BYTES);
        if (padding != 0 && kind != Kind.LIVE_EMPTY || ordered && nanos <= lastEpochNanos) return null;
        return new Found(at, keyBits, 0, kind, nanos);
    }

    // Versions 1 and 2 have no time, and the reference fills their padding with what is at hand, so what a torn write left
    // can look like one of its records. That of a record with data has no other one at once behind it.
    private boolean isBodiless(long at, Kind kind) throws IOException {
        if (isOurs(kind)) return true;
        return named.test(at) && (kind == Kind.DELETION || isFollowed(at + version.recordBytes(0)));
    }

    /** Is it marked as a live empty upload, or a marker of ours, in versions 1 and 2? */
    private boolean isOurs(Kind kind) {
        return kind == Kind.LIVE_EMPTY || NeedleHeader.decode(small, 0).cookie().equals(RecordEncoder.MARKER_COOKIE);
    }

    private boolean isFollowed(long at) throws IOException {
        int least = (int) version.recordBytes(0);
        if (end - at < least) return at >= end;
        small.clear();
        RecordReader.readFully(file, path, small, at, at);
        NeedleHeader header = NeedleHeader.decode(small, 0);
        long keyBits = header.key().bits();
        int bodyBytes = header.bodyBytes();
        if (keyBits == 0 || bodyBytes < 0) return false;
        if (bodyBytes > 0) return at + version.recordBytes(bodyBytes) <= end && withBody(at, keyBits, bodyBytes) != null;
        return BodilessRecord.of(small, version) == BodilessRecord.LIVE_EMPTY || isOurs(Kind.DELETION) || named.test(at);
    }
}
