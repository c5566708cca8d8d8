package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Goes through the records of a volume, live and dead, for tools that list or copy them. Nothing on the disk is changed:
 * what a server would repair first is a reason to refuse. Nobody may write the volume meanwhile. Used by one thread.
 */
public final class VolumeScan implements AutoCloseable {
    private static final int BATCH_ROWS = 16 * 1024;

    private final VolumeFiles files;
    private final ReadOnlyDat dat;
    private final LoadedIndex loaded;
    private final Optional<String> contradiction;

    private VolumeScan(VolumeFiles files, ReadOnlyDat dat, LoadedIndex loaded, Optional<String> contradiction) {
        this.files = files;
        this.dat = dat;
        this.loaded = loaded;
        this.contradiction = contradiction;
    }

    /**
     * Opens a volume for reading; its index is loaded into memory.
     *
     * @throws RefusedVolumeException if there is no such volume, if it is of a kind that is not handled here, or if its
     *     index file is missing or damaged; the message says what to do
     */
    public static VolumeScan open(VolumeContext context, VolumeFiles where) throws IOException {
        Disk disk = context.disk();
        VolumeFiles files = where.located(disk);
        ReadOnlyDat dat = ReadOnlyDat.open(disk, files);
        LoadedIndex loaded = null;
        try {
            refuseMissing(disk, files.idx());
            loaded = LoadedIndex.load(context, files, dat.version(), dat.file().size(), false);
            return new VolumeScan(files, dat, loaded, refuseDamaged(files, dat, loaded));
        } catch (IOException | RuntimeException failed) {
            if (loaded != null) loaded.close();
            dat.close();
            throw failed;
        }
    }

    private static void refuseMissing(Disk disk, Path idx) throws RefusedVolumeException {
        if (!disk.exists(idx)) throw new RefusedVolumeException(idx + " is missing; weed fix makes it anew from the data file");
    }

    /** Gives what the two files contradict each other in, if they do. */
    private static Optional<String> refuseDamaged(VolumeFiles files, ReadOnlyDat dat, LoadedIndex loaded) throws IOException {
        IndexReplay replay = loaded.replay();
        boolean lost = replay.rows() == 0 && dat.file().size() > dat.superblock().firstRecordAt();
        boolean torn = loaded.file().size() % IndexRow.BYTES != 0;
        IndexCheck check = replay.check(dat.file(), files.dat());
        boolean holes = replay.hasHoles() || replay.lacksFirstRecords(dat.superblock().firstRecordAt());
        if (lost || torn || holes || check.isIndexDamaged()) {
            throw new RefusedVolumeException(files.idx() + " is damaged; weed fix makes it anew from the data file");
        }
        return check.contradiction();
    }

    /** Told of each record. */
    @FunctionalInterface
    public interface Visitor {
        /** @return false to end the walk */
        boolean record(ScannedRecord record) throws IOException;
    }

    public VolumeName name() {
        return files.name();
    }

    public RecordVersion version() {
        return dat.version();
    }

    /** Rows of the index file, which is how many steps a walk takes at most. */
    public long rows() {
        return loaded.replay().rows();
    }

    /** What is wrong with the volume and keeps a walk from telling all there is, for people. */
    public List<String> warnings() throws IOException {
        List<String> warnings = new ArrayList<>();
        contradiction.ifPresent(warnings::add);
        long from = loaded.replay().namesRecords() ? loaded.replay().end() : dat.superblock().firstRecordAt();
        long bytes = dat.file().size() - from;
        if (bytes > 0) {
            warnings.add(bytes + " bytes of " + files.dat() + " from " + from + " on are in no row of the index; weed fix "
                    + "gives rows to the whole records among them");
        }
        return warnings;
    }

    /**
     * Walks through all records that hold a needle, or held one, in the order of the index file, which is that of the data
     * file unless a vacuum or a tool has sorted it. Markers of deletions do not come.
     */
    public void walk(Visitor visitor) throws IOException {
        boolean[] ended = {false};
        for (long first = 0; first < rows() && !ended[0]; first += BATCH_ROWS) {
            IndexFile.walk(loaded.file(), first, Math.min(rows(), first + BATCH_ROWS), (_, keyBits, entry) -> {
                if (ended[0] || !IndexEntry.isLive(entry)) return;
                long now = loaded.index().find(keyBits);
                boolean live = IndexEntry.isLive(now) && IndexEntry.offset(now) == IndexEntry.offset(entry);
                ended[0] = !visitor.record(new ScannedRecord(dat, files.dat(), keyBits, entry, live));
            });
        }
    }

    @Override
    public void close() throws IOException {
        try {
            loaded.close();
        } finally {
            dat.close();
        }
    }
}
