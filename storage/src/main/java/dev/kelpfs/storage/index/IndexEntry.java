package dev.kelpfs.storage.index;

import dev.kelpfs.storage.needle.RecordVersion;

/**
 * Where a record lies and how long its body is, packed into one {@code long} as in a row of the index file: the offset
 * in units of 8 bytes above, the body length below. An entry with offset 0 says "no such needle". A deleted needle
 * keeps its offset and has its body length negated (-1 for an empty one).
 */
public final class IndexEntry {
    /** No such needle. */
    public static final long ABSENT = 0;

    /** Body length in the row of a deletion. */
    public static final int DELETED_BODY_BYTES = -1;

    /** First offset that a row cannot express. */
    public static final long OFFSET_LIMIT_BYTES = (1L << 32) * RecordVersion.UNIT_BYTES;

    private IndexEntry() {}

    /** @param offset multiple of 8; above 32 GiB it wraps around */
    public static long of(long offset, int bodyBytes) {
        return offset / RecordVersion.UNIT_BYTES << 32 | Integer.toUnsignedLong(bodyBytes);
    }

    /** Offset in bytes. */
    public static long offset(long entry) {
        return (entry >>> 32) * RecordVersion.UNIT_BYTES;
    }

    /** Body length; negative for a deleted needle. */
    public static int bodyBytes(long entry) {
        return (int) entry;
    }

    /** True if there is a record that is not deleted. */
    public static boolean isLive(long entry) {
        return entry >>> 32 != 0 && (int) entry >= 0;
    }

    /** The live entry as it is after a deletion. */
    public static long deleted(long liveEntry) {
        int body = bodyBytes(liveEntry);
        int negated = body == 0 ? DELETED_BODY_BYTES : -body;
        return liveEntry & ~0xffff_ffffL | Integer.toUnsignedLong(negated);
    }
}
