package dev.kelpfs.storage.vacuum;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.index.IndexRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The rows of an index file in ascending order of the offsets that they name, which is the order of the data file. Servers
 * write them like that, so mostly the file is just read. Tools have sorted some by key; for those each pass over the file
 * collects the smallest offsets behind those that were given already, so that no sorted copy of all is needed. Rows that
 * name no record are left out. Used by one thread.
 */
final class RowsByOffset {
    private static final int MOST_BATCH_ROWS = 1 << 20;

    private final DiskFile idx;
    private final long rows;
    /** Offset in units above, number of the row below; with the sign bit turned, so that signed comparisons order them. */
    private final long[] found;
    private final ByteBuffer row = ByteBuffer.allocate(IndexRow.BYTES);
    private int count;
    private long lowest = Long.MIN_VALUE;
    private long highest;

    private RowsByOffset(DiskFile idx, long rows, int batchRows) {
        this.idx = idx;
        this.rows = rows;
        this.found = new long[2 * Math.clamp(rows, 1, batchRows)];
    }

    /**
     * Visits the first rows of the file.
     *
     * @param rows how many; all of them are there
     */
    static void walk(DiskFile idx, long rows, IndexFile.Rows visitor) throws IOException {
        walk(idx, rows, MOST_BATCH_ROWS, visitor);
    }

    /** @param batchRows how many to sort at a time; twice as many longs are held if the file is not in order */
    static void walk(DiskFile idx, long rows, int batchRows, IndexFile.Rows visitor) throws IOException {
        if (isAscending(idx, rows)) {
            IndexFile.walk(idx, 0, rows, (number, keyBits, entry) -> {
                if (IndexEntry.offset(entry) != 0) visitor.row(number, keyBits, entry);
            });
            return;
        }
        if (rows >>> Integer.SIZE != 0) throw new IOException("an index file of " + rows + " rows that are not in order");
        RowsByOffset sorted = new RowsByOffset(idx, rows, batchRows);
        while (sorted.nextBatch(visitor)) { }
    }

    private static boolean isAscending(DiskFile idx, long rows) throws IOException {
        long[] last = {0};
        boolean[] descends = {false};
        IndexFile.walk(idx, 0, rows, (_, _, entry) -> {
            long offset = IndexEntry.offset(entry);
            if (offset == 0) return;
            descends[0] |= offset < last[0];
            last[0] = offset;
        });
        return !descends[0];
    }

    private boolean nextBatch(IndexFile.Rows visitor) throws IOException {
        count = 0;
        highest = Long.MAX_VALUE;
        IndexFile.walk(idx, 0, rows, (number, _, entry) -> {
            if (IndexEntry.offset(entry) != 0) offer((entry >>> 32 << 32 | number) ^ Long.MIN_VALUE);
        });
        Arrays.sort(found, 0, count);
        int batch = Math.min(count, found.length / 2);
        for (int i = 0; i < batch; i++) visit((found[i] ^ Long.MIN_VALUE) & 0xffff_ffffL, visitor);
        if (batch == 0 || found[batch - 1] == Long.MAX_VALUE) return false;
        lowest = found[batch - 1] + 1;
        return true;
    }

    private void offer(long place) {
        if (place < lowest || place > highest) return;
        if (count == found.length) {
            Arrays.sort(found);
            count = found.length / 2;
            highest = found[count - 1];
            if (place > highest) return;
        }
        found[count++] = place;
    }

    private void visit(long number, IndexFile.Rows visitor) throws IOException {
        row.clear();
        while (row.hasRemaining()) {
            if (idx.read(row, number * IndexRow.BYTES + row.position()) < 0) {
                throw new IOException("the index file became shorter while it was read at row " + number);
            }
        }
        visitor.row(number, IndexRow.keyBits(row, 0), IndexRow.entry(row, 0));
    }
}
