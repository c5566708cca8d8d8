package dev.kelpfs.storage.needle;

import java.util.Optional;

/**
 * Version of the records of a volume. Header and checksum are common; version 1 has no metadata, version 3 adds an
 * append timestamp to the tail.
 *
 * <p>Source: storage formats, sections 5.2 to 5.6.
 */
public enum RecordVersion {
    V1(4),
    V2(4),
    V3(12);

    /** What new volumes are written in. */
    public static final RecordVersion CURRENT = V3;

    /** Records start on multiples of this many bytes; offsets in index rows count it. */
    public static final int UNIT_BYTES = 8;

    private final int tailBytes;

    RecordVersion(int tailBytes) {
        this.tailBytes = tailBytes;
    }

    /** Empty for a number that is no known version. */
    public static Optional<RecordVersion> of(int number) {
        return number >= 1 && number <= values().length ? Optional.of(values()[number - 1]) : Optional.empty();
    }

    /** The number on disk. */
    public int number() {
        return ordinal() + 1;
    }

    /** Bytes between the body and the padding: checksum, and in version 3 the append timestamp. */
    public int tailBytes() {
        return tailBytes;
    }

    /** Padding behind the tail, 1 to 8 bytes: a record that ends on a boundary already gets 8. */
    public int paddingBytes(int bodyBytes) {
        return UNIT_BYTES - (int) (((long) NeedleHeader.BYTES + bodyBytes + tailBytes) % UNIT_BYTES);
    }

    /** Length of a whole record with this body; a negative body length counts as 0, as for a deletion's row. */
    public long recordBytes(int bodyBytes) {
        int body = Math.max(0, bodyBytes);
        return (long) NeedleHeader.BYTES + body + tailBytes + paddingBytes(body);
    }

    boolean hasMetadata() {
        return this != V1;
    }

    boolean hasTimestamp() {
        return this == V3;
    }
}
