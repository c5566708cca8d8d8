package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.index.NeedleIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Rebuilds the index file of a volume from its data file, for tools: nobody may serve the volume meanwhile, so the caller
 * holds the lock of its directory. The data file is only read, and the old index file stays in place until the new one is
 * whole and durable. What records without content are, live empty files or deletions, is taken from the old index file
 * where the data cannot tell.
 */
public final class IndexFix {
    private static final int CHUNK_ROWS = 4096;

    private final VolumeContext context;
    private final Disk disk;
    private final VolumeFiles files;

    private IndexFix(VolumeContext context, VolumeFiles files) {
        this.context = context;
        this.disk = context.disk();
        this.files = files.located(disk);
    }

    /**
     * What to write.
     *
     * @param withDeletions also the rows of deletions, and of records that were deleted or overwritten; without them only
     *     those of live needles, and what follows the last of these
     * @param despiteDamage also if some place in the data file holds no good record; it keeps its row where there is a key
     */
    public record Options(boolean withDeletions, boolean despiteDamage) {}

    /**
     * What rebuilding found.
     *
     * @param rows rows of the new index file
     * @param liveNeedles needles that it knows
     * @param deadRecords records in the data file that were overwritten or deleted
     * @param guesses records without content that were taken for deletions although they might be live empty files, because
     *     there was no index file to ask
     * @param damages places inside the data file that hold no good record
     * @param told the first of them, for people
     * @param tornBytes bytes at the end of the data file that form no whole record, as a crash leaves them; the next start
     *     of a server cuts them off and keeps them in a file
     */
    public record Findings(
            long rows, long liveNeedles, long deadRecords, long guesses, long damages, List<String> told, long tornBytes) {
        public Findings {
            told = List.copyOf(told);
        }
    }

    /** What a rebuild can end in. */
    public sealed interface Result {
        /** The new index file is in place, durably. */
        record Rebuilt(Findings findings) implements Result {}

        /** The data file is damaged and that was not to be ignored; the old index file is in place. */
        record Damaged(Findings findings) implements Result {}
    }

    /**
     * Rebuilds; may block for long.
     *
     * @throws RefusedVolumeException if there is no such volume, or one of a kind that is not handled here
     * @throws IOException if the disk failed; the old index file is in place then
     */
    public static Result run(VolumeContext context, VolumeFiles files, Options options, ScanObserver observer)
            throws IOException {
        return new IndexFix(context, files).run(options, observer);
    }

    private Result run(Options options, ScanObserver observer) throws IOException {
        try (ReadOnlyDat dat = ReadOnlyDat.open(disk, files);
                NeedleIndex index = new NeedleIndex(context.random().nextLong())) {
            RebuildReport report = IndexRebuild.stage(
                    disk, files, dat.file(), dat.version(), dat.superblock().firstRecordAt(), observer);
            VolumeCounters counters = new VolumeCounters();
            try (DiskFile staged = disk.open(files.stagedIdx(), Open.READ_WRITE)) {
                new IndexReplay(index, counters, dat.version(), dat.file().size()).run(staged);
                if (report.damages() > 0 && !options.despiteDamage()) {
                    return new Result.Damaged(findings(report.rows(), index, counters, report));
                }
                long rows = options.withDeletions() ? report.rows() : keepLive(staged, index);
                Findings findings = findings(rows, index, counters, report);
                staged.sync();
                IndexRebuild.install(disk, files);
                return new Result.Rebuilt(findings);
            }
        } finally {
            disk.delete(files.stagedIdx());
        }
    }

    private static Findings findings(long rows, NeedleIndex index, VolumeCounters counters, RebuildReport report) {
        long[] live = {0};
        index.forEach((_, entry) -> {
            if (IndexEntry.isLive(entry)) live[0]++;
        });
        return new Findings(rows, live[0], counters.puts() - live[0], report.guesses(), report.damages(), report.told(),
                report.tornBytes());
    }

    /**
     * Moves the rows of live needles together. Rows behind the last of them stay: without a row the next start would take
     * their records for what a crash has left, and what was deleted could come back.
     *
     * @return rows that are left
     */
    private static long keepLive(DiskFile idx, NeedleIndex index) throws IOException {
        long[] lastLive = {-1};
        long all = IndexFile.walk(idx, 0, (number, keyBits, entry) -> {
            if (isLive(index, keyBits, entry)) lastLive[0] = number;
        });
        Rows kept = new Rows(idx);
        IndexFile.walk(idx, 0, all, (number, keyBits, entry) -> {
            if (number > lastLive[0] || isLive(index, keyBits, entry)) kept.add(keyBits, entry);
        });
        kept.flush();
        idx.truncate(kept.written);
        return kept.written / IndexRow.BYTES;
    }

    private static boolean isLive(NeedleIndex index, long keyBits, long entry) {
        return IndexEntry.isLive(entry) && index.find(keyBits) == entry;
    }

    /** Rows written over the start of the file that is being read; they never overtake the reader. */
    private static final class Rows {
        private final DiskFile idx;
        private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_ROWS * IndexRow.BYTES);
        private long written;

        Rows(DiskFile idx) {
            this.idx = idx;
        }

        void add(long keyBits, long entry) throws IOException {
            if (!chunk.hasRemaining()) flush();
            IndexRow.encode(chunk, keyBits, entry);
        }

        void flush() throws IOException {
            int bytes = chunk.flip().remaining();
            if (bytes > 0) idx.write(chunk, written);
            written += bytes;
            chunk.clear();
        }
    }
}
