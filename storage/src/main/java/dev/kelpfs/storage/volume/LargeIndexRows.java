package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.needle.NeedleHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Recognises the index file of a large-disk build of the reference, whose rows have 17 bytes: key u64, low 32 bits of
 * the offset, its high byte, body length i32. Read as rows of 16 bytes it would look like damage, and be "mended".
 *
 * <p>Source: storage formats, section 6.
 */
final class LargeIndexRows {
    private static final int ROW_BYTES = 17;
    private static final int ROWS = 8;

    private LargeIndexRows() {}

    /** True if the first rows, read as such, name the records that lie there. */
    static boolean areIn(DiskFile idx, DiskFile dat) throws IOException {
        long size = idx.size();
        if (size == 0 || size % ROW_BYTES != 0) return false;
        ByteBuffer rows = ByteBuffer.allocate((int) Math.min(size, ROWS * ROW_BYTES));
        while (rows.hasRemaining()) {
            if (idx.read(rows, rows.position()) < 0) return false;
        }
        int named = 0;
        for (int at = 0; at < rows.limit(); at += ROW_BYTES) {
            long units = (rows.get(at + 12) & 0xffL) << 32 | Integer.toUnsignedLong(rows.getInt(at + 8));
            if (units == 0) continue;
            if (!isNamed(dat, rows.getLong(at), units * 8, Math.max(0, rows.getInt(at + 13)))) return false;
            named++;
        }
        return named > 0;
    }

    private static boolean isNamed(DiskFile dat, long keyBits, long offset, int bodyBytes) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(NeedleHeader.BYTES);
        while (head.hasRemaining()) {
            if (dat.read(head, offset + head.position()) < 0) return false;
        }
        NeedleHeader header = NeedleHeader.decode(head, 0);
        return header.key().bits() == keyBits && header.bodyBytes() == bodyBytes;
    }
}
