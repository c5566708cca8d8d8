package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.index.NeedleIndex;
import dev.kelpfs.storage.index.RowBatch;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/**
 * Reads an index file into memory, row by row, later rows win (storage formats, section 6), and notes what the checks
 * of opening need.
 */
final class IndexReplay {
    /** Loading is work for processors: more loads at a time than there are of them would only cost memory. */
    private static final int MOST_LOADERS = 16;
    private static final Semaphore LOADERS = new Semaphore(Math.min(MOST_LOADERS, Runtime.getRuntime().availableProcessors()));

    private static final int RECENT_ROWS = 128;
    private static final int MAX_SUSPECTS = 512;

    private final NeedleIndex index;
    private final VolumeCounters counters;
    private final RecordVersion version;
    private final long datBytes;

    /** Row whose record ends last; its key and entry, 0 if no row names a record. */
    private long lastKey;
    private long lastEntry;
    private long lastOffset;
    private long end;

    /** First row whose record ends behind the data file. */
    private long beyondKey;
    private long beyondEntry;

    /** Some row is none that anybody writes: the file system lost a piece of the file. */
    private boolean holes;
    private long rows;

    /** Rows of deletions without a marker before the first row that names a record. */
    private long leadingDeletions;
    private long firstOffset = Long.MAX_VALUE;

    /** Every record that a row names starts behind the one before. */
    private boolean ascending = true;

    /** The row before: where its record ends, and whether it starts where the one before it ends. */
    private long previousKey;
    private long previousEntry;
    private long previousEnd;
    private boolean previousContinues = true;

    /** The last rows, and the last that deserve suspicion. */
    private final RowSamples recent = new RowSamples(RECENT_ROWS);
    private final RowSamples suspects = new RowSamples(MAX_SUSPECTS);

    IndexReplay(NeedleIndex index, VolumeCounters counters, RecordVersion version, long datBytes) {
        this.index = index;
        this.counters = counters;
        this.version = version;
        this.datBytes = datBytes;
    }

    /** Reads the whole file. Waits while many others do the same. */
    void run(DiskFile idx) throws IOException {
        LOADERS.acquireUninterruptibly();
        try {
            RowBatch batch = new RowBatch(index, idx.size() / IndexRow.BYTES, this::count);
            rows = IndexFile.walk(idx, 0, (_, keyBits, entry) -> {
                if (note(keyBits, entry)) batch.add(keyBits, entry);
            });
            batch.flush();
        } finally {
            LOADERS.release();
        }
        sample(datBytes);
    }

    private void count(long keyBits, long entry, long before) {
        if (IndexEntry.isLive(entry)) {
            counters.put(keyBits, IndexEntry.bodyBytes(entry), before);
        } else {
            counters.delete(keyBits, before);
        }
    }

    /** Notes what the checks need of a row, in the order of the file; false if it is none. */
    private boolean note(long keyBits, long entry) {
        long offset = IndexEntry.offset(entry);
        int bodyBytes = IndexEntry.bodyBytes(entry);
        if (bodyBytes < IndexEntry.DELETED_BODY_BYTES || offset == 0 && bodyBytes != IndexEntry.DELETED_BODY_BYTES) {
            holes = true;
            return false;
        }
        boolean wrapped = isWrapped(offset, bodyBytes);
        if (wrapped) offset = end;
        if (offset == 0) {
            if (end == 0) leadingDeletions++;
            return true;
        }
        firstOffset = Math.min(firstOffset, offset);
        sample(offset);
        ascending &= offset >= end;
        long recordEnd = offset + version.recordBytes(bodyBytes);
        previousContinues = previousEntry == 0 || previousEnd == offset;
        previousKey = keyBits;
        previousEntry = wrapped ? 0 : entry;
        previousEnd = recordEnd;
        // What is missing of the padding alone is no loss.
        if (recordEnd - version.paddingBytes(Math.max(0, bodyBytes)) > datBytes && beyondEntry == 0) {
            beyondKey = keyBits;
            beyondEntry = entry;
        }
        if (recordEnd > end) {
            end = recordEnd;
            lastKey = keyBits;
            lastEntry = entry;
            lastOffset = offset;
        }
        return true;
    }

    /** Deletions may be appended behind the largest offset that a row can express; there it begins again at 0. */
    private boolean isWrapped(long offset, int bodyBytes) {
        return bodyBytes == IndexEntry.DELETED_BODY_BYTES && end >= IndexEntry.OFFSET_LIMIT_BYTES
                && offset == end - IndexEntry.OFFSET_LIMIT_BYTES && end < datBytes;
    }

    // A row that the next one does not continue may be damaged; one of an empty upload may be a deletion's, torn.
    private void sample(long next) {
        if (previousEntry == 0) return;
        boolean inLine = previousContinues && previousEnd == next;
        recent.add(previousKey, previousEntry, inLine);
        if (!inLine || IndexEntry.bodyBytes(previousEntry) == 0) suspects.add(previousKey, previousEntry, inLine);
    }

    /**
     * Compares the last hundred rows or so, and those that deserve suspicion, with what they name. Files that other
     * tools have sorted are full of suspects, so only the last few hundred are looked at.
     */
    IndexCheck check(DiskFile dat, Path path) throws IOException {
        IndexCheck check = new IndexCheck(dat, path, version, index);
        check.look(suspects);
        check.look(recent);
        return check;
    }

    /** True if the rows are in the order of their records. */
    boolean isAscending() {
        return ascending;
    }

    /**
     * True if the file begins with rows of deletions that name no record, and the first record has no row: an old defect of
     * the reference, which wrote such rows in place of those of the first records.
     */
    boolean lacksFirstRecords(long firstRecordAt) {
        return leadingDeletions > 0 && firstOffset > firstRecordAt && firstRecordAt < datBytes;
    }

    /** True if a row is none that anybody writes. */
    boolean hasHoles() {
        return holes;
    }

    /** Takes a row that was appended to the file. */
    void added(long keyBits, long entry) {
        rows++;
        if (note(keyBits, entry)) count(keyBits, entry, index.apply(keyBits, entry));
    }

    /** Number of rows in the file. */
    long rows() {
        return rows;
    }

    /** True if some row names a record. */
    boolean namesRecords() {
        return end != 0;
    }

    /** Where the last record that a row names ends. */
    long end() {
        return end;
    }

    long lastKey() {
        return lastKey;
    }

    long lastEntry() {
        return lastEntry;
    }

    /** Where that record starts. */
    long lastOffset() {
        return lastOffset;
    }

    boolean reachesBeyond() {
        return beyondEntry != 0;
    }

    long beyondKey() {
        return beyondKey;
    }

    long beyondEntry() {
        return beyondEntry;
    }
}
