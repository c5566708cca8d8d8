package dev.kelpfs.storage.index;

import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Walks an index file row by row. */
public final class IndexFile {
    private static final int CHUNK_ROWS = 16 * 1024;

    private IndexFile() {}

    /** Told of each row. */
    @FunctionalInterface
    public interface Rows {
        /** @param number position of the row in the file, from 0 */
        void row(long number, long keyBits, long entry) throws IOException;
    }

    /**
     * Reads whole rows from row {@code first} to the end of the file; trailing bytes that form no row are left out.
     *
     * @return number of whole rows in the file
     */
    public static long walk(DiskFile file, long first, Rows rows) throws IOException {
        long count = file.size() / IndexRow.BYTES;
        walk(file, first, count, rows);
        return count;
    }

    /** Reads the rows from {@code first} (inclusive) to {@code end} (exclusive), which are all there. */
    public static void walk(DiskFile file, long first, long end, Rows rows) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(Math.clamp(end - first, 1, CHUNK_ROWS) * IndexRow.BYTES);
        long at = first;
        while (at < end) {
            chunk.clear().limit((int) Math.min(end - at, CHUNK_ROWS) * IndexRow.BYTES);
            fill(file, chunk, at * IndexRow.BYTES);
            for (int i = 0; i < chunk.limit(); i += IndexRow.BYTES) {
                rows.row(at++, IndexRow.keyBits(chunk, i), IndexRow.entry(chunk, i));
            }
        }
    }

    private static void fill(DiskFile file, ByteBuffer chunk, long offset) throws IOException {
        while (chunk.hasRemaining()) {
            if (file.read(chunk, offset + chunk.position()) < 0) {
                throw new IOException("the index file became shorter while it was read at " + (offset + chunk.position()));
            }
        }
    }
}
