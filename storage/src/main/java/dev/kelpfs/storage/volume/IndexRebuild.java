package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a new index file from the data file, when the old one is missing, empty or has lost pieces. What is left of the
 * old one is used where the data file alone cannot tell: whether a record without body and without a mark is a live
 * empty upload or a deletion (without any old file it is taken for a deletion), and deletions that have no marker.
 */
final class IndexRebuild implements RecordWalk.Visitor {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final long OBSERVED_BYTES = 1 << 20;

    private final DiskFile out;
    private final ScanObserver observer;
    private final RecordVersion version;
    private final long datBytes;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    private final Set<Long> knownEmpty = new HashSet<>();
    private final Set<Long> knownDeleted = new HashSet<>();
    private final boolean fromScratch;
    private final Map<Long, Long> markerless = new LinkedHashMap<>();
    private long written;
    private long lastKnownOffset;
    private final RebuildReport report = new RebuildReport();
    private long reportedAt;

    private IndexRebuild(
            DiskFile out, RecordVersion version, long datBytes, boolean fromScratch, ScanObserver observer) {
        this.fromScratch = fromScratch;
        this.out = out;
        this.version = version;
        this.datBytes = datBytes;
        this.observer = observer;
    }

    /**
     * Rebuilds the index file and puts it in place, durably.
     *
     * @return what was damaged on the way, for people; empty if all is well
     */
    static Optional<String> run(
            Disk disk, VolumeFiles files, DiskFile dat, RecordVersion version, long firstRecordAt) throws IOException {
        RebuildReport report = stage(disk, files, dat, version, firstRecordAt, _ -> {});
        install(disk, files);
        return report.firstDamage();
    }

    /** Writes the new index file, durably, under a name of its own; the one in use stays as it is. */
    static RebuildReport stage(
            Disk disk, VolumeFiles files, DiskFile dat, RecordVersion version, long firstRecordAt, ScanObserver observer)
            throws IOException {
        Path staged = files.stagedIdx();
        disk.delete(staged);
        try (DiskFile out = disk.open(staged, Open.CREATE_NEW)) {
            boolean known = disk.exists(files.idx()) && disk.size(files.idx()) > 0;
            IndexRebuild rebuild = new IndexRebuild(out, version, dat.size(), !known, observer);
            if (known) rebuild.learn(disk, files.idx());
            new RecordWalk(dat, files.dat(), version, rebuild.datBytes, rebuild::isNamedBodiless)
                    .walk(firstRecordAt, 0, true, rebuild);
            for (Map.Entry<Long, Long> row : rebuild.markerless.entrySet()) rebuild.row(row.getKey(), row.getValue());
            rebuild.flush();
            out.sync();
            observer.processed(rebuild.datBytes);
            return rebuild.report;
        }
    }

    /** Puts the staged file in the place of the one in use, durably, and removes what was derived from that. */
    static void install(Disk disk, VolumeFiles files) throws IOException {
        disk.rename(files.stagedIdx(), files.idx());
        disk.syncDirectory(files.indexDirectory());
        for (Path cache : files.indexCaches()) disk.deleteTree(cache);
    }

    private void learn(Disk disk, Path idx) throws IOException {
        try (DiskFile old = disk.open(idx, Open.READ)) {
            IndexFile.walk(old, 0, (_, keyBits, entry) -> {
                if (IndexEntry.offset(entry) == 0) {
                    boolean deletion = keyBits != 0 && IndexEntry.bodyBytes(entry) == IndexEntry.DELETED_BODY_BYTES;
                    if (deletion) markerless.put(keyBits, entry);
                    return;
                }
                markerless.remove(keyBits);
                lastKnownOffset = Math.max(lastKnownOffset, IndexEntry.offset(entry));
                if (IndexEntry.bodyBytes(entry) == 0) knownEmpty.add(IndexEntry.offset(entry));
                if (IndexEntry.bodyBytes(entry) == IndexEntry.DELETED_BODY_BYTES) knownDeleted.add(IndexEntry.offset(entry));
            });
        }
    }

    private boolean isNamedBodiless(long offset) {
        return fromScratch || knownEmpty.contains(offset) || knownDeleted.contains(offset);
    }

    @Override
    public void record(RecordWalk.Found found) throws IOException {
        long offset = found.offset();
        reached(offset);
        boolean ambiguous = found.kind() == RecordWalk.Kind.DELETION_OR_EMPTY;
        if (ambiguous && !isNamedBodiless(offset)) {
            unknown(found);
            return;
        }
        if (ambiguous && fromScratch) report.guess();
        row(found.keyBits(), IndexEntry.of(offset, switch (found.kind()) {
            case DATA, LIVE_EMPTY -> found.bodyBytes();
            case DELETION -> IndexEntry.DELETED_BODY_BYTES;
            case DELETION_OR_EMPTY -> knownEmpty.contains(offset) ? 0 : IndexEntry.DELETED_BODY_BYTES;
        }));
    }

    // Behind the last row nobody was told of it. Before that it may be a deletion or hold nothing, and its row is lost:
    // what the key held before must not come back as if nothing had happened.
    private void unknown(RecordWalk.Found found) throws IOException {
        if (found.offset() > lastKnownOffset) return;
        row(found.keyBits(), IndexCheck.unreadable(found.offset(), found.bodyBytes()));
        report.damage("the record of key " + Long.toHexString(found.keyBits()) + " at " + found.offset()
                + " is an empty file or a deletion, and its row is lost");
    }

    // It keeps its row, so that a read of it fails; without one an older content of the key would come back.
    @Override
    public void damaged(RecordWalk.Found found) throws IOException {
        boolean tornTail = found.end(version) >= datBytes && found.offset() > lastKnownOffset;
        if (tornTail) {
            report.tornTail(datBytes - found.offset());
            return;
        }
        row(found.keyBits(), IndexEntry.of(found.offset(), found.bodyBytes()));
        report.damage("the record of key " + Long.toHexString(found.keyBits()) + " at " + found.offset() + " fails its check");
    }

    @Override
    public void gap(long from, long to) {
        // What reaches the end is a torn tail, which is cut later.
        if (to < datBytes) report.damage("the bytes from " + from + " to " + to + " form no record");
        else report.tornTail(to - from);
    }

    private void reached(long offset) {
        if (offset - reportedAt < OBSERVED_BYTES) return;
        reportedAt = offset;
        observer.processed(offset);
    }

    private void row(long keyBits, long entry) throws IOException {
        if (chunk.remaining() < IndexRow.BYTES) flush();
        IndexRow.encode(chunk, keyBits, entry);
        report.row();
    }

    private void flush() throws IOException {
        int bytes = chunk.flip().remaining();
        out.write(chunk, written);
        written += bytes;
        chunk.clear();
    }
}
