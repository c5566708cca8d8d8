package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets right what a crash left behind the last record that an index row names: whole records get their rows, and what
 * follows the last of them is cut off and kept in a file of its own. Nothing that a row names is touched.
 */
final class TailRepair implements RecordWalk.Visitor {
    private static final Logger LOG = LoggerFactory.getLogger(TailRepair.class);
    private static final int COPY_BYTES = 1 << 20;
    private static final int CHUNK_ROWS = 4096;
    private static final int MOST_KEPT_AT_ONE_PLACE = 10;

    private final Disk disk;
    private final VolumeFiles files;
    private final Generation generation;
    private final List<RecordWalk.Found> unindexed = new ArrayList<>();
    private long goodEnd;
    private @Nullable Path keptIn;

    TailRepair(Disk disk, VolumeFiles files, Generation generation) {
        this.disk = disk;
        this.files = files;
        this.generation = generation;
    }

    /**
     * Repairs the stretch from {@code from}, where the last indexed record ends, to the end of the data file.
     *
     * @param rows receives the rows that were added, in order; they are in the index file already
     * @return where the next record goes
     */
    long run(long from, long lastEpochNanos, IndexReplay rows) throws IOException {
        DiskFile dat = generation.dat;
        long size = dat.size();
        if (size < from) {
            pad(size, from);
            return from;
        }
        if (size == from) return from;
        goodEnd = from;
        new RecordWalk(dat, files.dat(), generation.version, size, _ -> false).walk(from, lastEpochNanos, false, this);
        if (size < goodEnd) pad(size, goodEnd);
        if (size > goodEnd) cut(goodEnd, size);
        if (!unindexed.isEmpty()) addRows(rows);
        if (!unindexed.isEmpty()) LOG.warn("{}: {} whole records without index row got one", files.dat(), unindexed.size());
        if (keptIn != null) LOG.warn("{}: {} bytes of torn tail were cut off and kept in {}", files.dat(), size - goodEnd, keptIn);
        return goodEnd;
    }

    @Override
    public void record(RecordWalk.Found found) {
        // Nobody was told of either; taken for a deletion it could remove what was stored before.
        if (found.kind() == RecordWalk.Kind.DELETION_OR_EMPTY) return;
        unindexed.add(found);
        goodEnd = found.end(generation.version);
    }

    @Override
    public void damaged(RecordWalk.Found found) {
        // Nobody was told that it is stored. If good records follow it stays as a hole, else it is cut.
    }

    @Override
    public void gap(long from, long to) {
        // As above.
    }

    // The last record may have lost some of its padding, whose content means nothing.
    private void pad(long size, long end) throws IOException {
        if (end - size > RecordVersion.UNIT_BYTES) throw new IllegalStateException("more than padding is missing at " + size);
        generation.dat.write(ByteBuffer.allocate((int) (end - size)), size);
    }

    private void cut(long from, long to) throws IOException {
        Path kept = freeName(from);
        try (DiskFile copy = disk.open(kept, Open.CREATE_NEW)) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(COPY_BYTES, to - from));
            for (long at = from; at < to; at += piece.limit()) {
                piece.clear().limit((int) Math.min(piece.capacity(), to - at));
                RecordReader.readFully(generation.dat, files.dat(), piece, at, from);
                copy.write(piece.flip(), at - from);
            }
            copy.sync();
        } catch (IOException failed) {
            try {
                disk.delete(kept);
            } catch (IOException suppressed) {
                failed.addSuppressed(suppressed);
            }
            throw failed;
        }
        disk.syncDirectory(files.dataDirectory());
        generation.dat.truncate(from);
        generation.dat.sync();
        keptIn = kept;
    }

    // What an earlier repair has cut off at the same place is kept too, up to a bound.
    private Path freeName(long from) throws IOException {
        Path name = files.torn(from);
        for (int i = 1; i < MOST_KEPT_AT_ONE_PLACE && disk.exists(name); i++) {
            name = name.resolveSibling(files.torn(from).getFileName() + "." + i);
        }
        disk.delete(name);
        return name;
    }

    private void addRows(IndexReplay rows) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(CHUNK_ROWS, unindexed.size()) * IndexRow.BYTES);
        for (int from = 0; from < unindexed.size(); from += CHUNK_ROWS) {
            chunk.clear();
            long start = rows.rows() * IndexRow.BYTES;
            for (RecordWalk.Found found : unindexed.subList(from, Math.min(unindexed.size(), from + CHUNK_ROWS))) {
                long entry = IndexEntry.of(found.offset(), switch (found.kind()) {
                    case DATA, LIVE_EMPTY -> found.bodyBytes();
                    case DELETION, DELETION_OR_EMPTY -> IndexEntry.DELETED_BODY_BYTES;
                });
                IndexRow.encode(chunk, found.keyBits(), entry);
                rows.added(found.keyBits(), entry);
            }
            generation.idx.write(chunk.flip(), start);
        }
        generation.idx.sync();
    }
}
