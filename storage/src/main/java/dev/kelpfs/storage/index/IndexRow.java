package dev.kelpfs.storage.index;

import java.nio.ByteBuffer;

/**
 * One row of an index file, 16 bytes: key u64, offset u32 in units of 8 bytes, body length i32. A deletion has body
 * length -1 and the offset of its marker.
 */
public final class IndexRow {
    public static final int BYTES = 16;

    private static final int ENTRY_AT = Long.BYTES;

    private IndexRow() {}

    /** Appends a row to a big-endian buffer. */
    public static void encode(ByteBuffer out, long keyBits, long entry) {
        out.putLong(keyBits).putLong(entry);
    }

    /** Key of the row that starts at {@code at}. */
    public static long keyBits(ByteBuffer in, int at) {
        return in.getLong(at);
    }

    /** Offset and body length of the row that starts at {@code at}; see {@link IndexEntry}. */
    public static long entry(ByteBuffer in, int at) {
        return in.getLong(at + ENTRY_AT);
    }
}
