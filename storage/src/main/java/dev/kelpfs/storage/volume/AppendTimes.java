package dev.kelpfs.storage.volume;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.NeedleHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Finds the first row of an index file whose record was appended after a moment, by binary search over the times of the
 * records. That needs rows in the order of the times, which a vacuum of the reference does not leave (it sorts by key): where
 * the order begins is found once, by looking at every record, and what comes before is searched row by row.
 *
 * <p>Source: storage formats, section 14.
 */
final class AppendTimes {
    /** From which row on the times ascend, and the latest time before it. */
    record Order(long fromRow, long latestBefore) {
        static final Order EVERYWHERE = new Order(0, 0);
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Generation generation;
    private final long rows;
    private final ByteBuffer scratch = ByteBuffer.allocate(IndexRow.BYTES);

    /** @param rows how many rows there are, all of them written */
    AppendTimes(Generation generation, long rows) {
        this.generation = generation;
        this.rows = rows;
    }

    /**
     * A moment before which all records of an opened volume were appended, or at it. It is the time of the record that ends
     * last, unless the reference has sorted the records by key: then it is at most when their file was written.
     *
     * @param lastEpochNanos time of the record that ends last
     * @param modifiedEpochSeconds when the data file was written last
     */
    static long latest(Generation generation, long lastEpochNanos, long modifiedEpochSeconds) {
        boolean absurd = modifiedEpochSeconds >= Long.MAX_VALUE / NANOS_PER_SECOND - 1;
        if (generation.revision == 0 || absurd) return lastEpochNanos;
        // Up to the end of that second.
        return Math.max(lastEpochNanos, (modifiedEpochSeconds + 1) * NANOS_PER_SECOND - 1);
    }

    /** The first row that names a record later than the moment; the number of rows if there is none. */
    long firstAfter(long epochNanos) throws IOException {
        Order order = order();
        if (epochNanos < order.latestBefore()) return firstAfter(epochNanos, order.fromRow());
        long low = order.fromRow();
        long high = rows;
        while (low < high) {
            long middle = low + (high - low) / 2;
            // A row without a record says nothing; the nearest one behind it that has one does.
            long asked = nextWithRecord(middle, high);
            if (asked < high && time(asked) <= epochNanos) low = asked + 1;
            else high = middle;
        }
        return nextWithRecord(low, rows);
    }

    /** Where the first of the records starts that the rows from {@code first} on name; {@code none} if they name none. */
    long startOf(long first, long none) throws IOException {
        Order known = generation.order();
        if (first < rows && known == Order.EVERYWHERE) return IndexEntry.offset(entry(first));
        long[] start = {none};
        IndexFile.walk(generation.idx, first, rows, (_, _, entry) -> {
            if (IndexEntry.offset(entry) != 0) start[0] = Math.min(start[0], IndexEntry.offset(entry));
        });
        return start[0];
    }

    private long firstAfter(long epochNanos, long end) throws IOException {
        for (long row = nextWithRecord(0, end); row < end; row = nextWithRecord(row + 1, end)) {
            if (time(row) > epochNanos) return row;
        }
        return end;
    }

    private Order order() throws IOException {
        Order known = generation.order();
        if (known != null) return known;
        long[] latest = {0, 0};
        long[] from = {0};
        IndexFile.walk(generation.idx, 0, rows, (number, _, entry) -> {
            if (IndexEntry.offset(entry) == 0) return;
            long time = timeAt(entry);
            if (time < latest[0]) {
                from[0] = number;
                latest[1] = latest[0];
            }
            latest[0] = Math.max(latest[0], time);
        });
        Order found = new Order(from[0], latest[1]);
        generation.order(found);
        return found;
    }

    private long nextWithRecord(long from, long end) throws IOException {
        long row = from;
        while (row < end && IndexEntry.offset(entry(row)) == 0) row++;
        return row;
    }

    private long entry(long row) throws IOException {
        RecordReader.readFully(generation.idx, generation.datPath, scratch.clear(), row * IndexRow.BYTES, row);
        return IndexRow.entry(scratch, 0);
    }

    private long time(long row) throws IOException {
        return timeAt(entry(row));
    }

    private long timeAt(long entry) throws IOException {
        long offset = IndexEntry.offset(entry);
        int bodyBytes = Math.max(0, IndexEntry.bodyBytes(entry));
        ByteBuffer time = ByteBuffer.allocate(Long.BYTES);
        RecordReader.readFully(generation.dat, generation.datPath, time,
                offset + NeedleHeader.BYTES + bodyBytes + Integer.BYTES, offset);
        return time.getLong(0);
    }
}
