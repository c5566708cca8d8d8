package dev.kelpfs.storage.volume;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes volumes from files: creates, checks, repairs, loads (storage formats, section 9, with gentler rules for what a
 * crash leaves behind). Each call opens one volume; used by one thread.
 */
public final class VolumeOpener {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeOpener.class);

    private final VolumeContext context;
    private final Disk disk;
    private final VolumeFiles files;
    private ReadOnlyState readOnly = ReadOnlyState.WRITABLE;

    private VolumeOpener(VolumeContext context, VolumeFiles files) {
        this.context = context;
        this.disk = context.disk();
        this.files = files.located(disk);
    }

    /**
     * Creates a volume; files of an earlier one of the same name are opened with what is in them.
     *
     * @param reserveBytes room to reserve for the data file; 0 for none
     * @throws RefusedVolumeException if files of that name lie there that belong to data elsewhere; they are left alone
     */
    public static Volume create(
            VolumeContext context, VolumeFiles files, ReplicaPlacement placement, Ttl ttl, long reserveBytes)
            throws IOException {
        Disk disk = context.disk();
        CompactionLeftovers.settle(disk, files.located(disk));
        // A removal or an incoming copy was interrupted: what it left is nobody's.
        boolean unfinished = disk.exists(files.note());
        if (unfinished || !isUsed(disk, files.dat())) {
            // Index and info file may be all that is left on this server of data that are elsewhere, or lost for the moment.
            if (!unfinished) OtherKinds.refuseRemains(disk, files.located(disk));
            VolumeRemoval.removeAll(disk, files, false);
            try (DiskFile dat = disk.open(files.dat(), Open.CREATE)) {
                dat.reserve(reserveBytes);
                dat.write(Superblock.fresh(placement, ttl).encode(), 0);
                dat.sync();
            }
            disk.open(files.idx(), Open.CREATE).close();
            long now = context.clock().instant().getEpochSecond();
            long expireAt = ttl.isNone() ? 0 : now + ttl.duration().toSeconds();
            VolumeInfoFile.write(disk, files.vif(), VolumeInfo.fresh(RecordVersion.CURRENT, expireAt));
            disk.syncDirectory(files.indexDirectory());
        }
        return open(context, files)
                .orElseThrow(() -> new IOException(files.dat() + " vanished while the volume was being created"));
    }

    // A creation that a crash interrupted may have left a part of the superblock, or zeros in its place.
    private static boolean isUsed(Disk disk, Path dat) throws IOException {
        if (!disk.exists(dat)) return false;
        try (DiskFile file = disk.open(dat, Open.READ)) {
            if (file.size() != Superblock.BYTES) return file.size() > Superblock.BYTES;
            ByteBuffer head = ByteBuffer.allocate(Superblock.BYTES);
            RecordReader.readFully(file, dat, head, 0, 0);
            return !head.flip().equals(ByteBuffer.allocate(Superblock.BYTES));
        }
    }

    /**
     * Opens a volume from its files.
     *
     * @return empty if there is no volume of this name
     * @throws RefusedVolumeException if there is one of a kind that this server does not serve
     */
    public static Optional<Volume> open(VolumeContext context, VolumeFiles files) throws IOException {
        return new VolumeOpener(context, files).open();
    }

    private Optional<Volume> open() throws IOException {
        CompactionLeftovers.settle(disk, files);
        VolumeInfo info = readInfo();
        OtherKinds.refuse(disk, files, info);
        if (disk.exists(files.note())) {
            removeUnfinishedCopy();
            return Optional.empty();
        }
        if (!disk.exists(files.dat())) {
            OtherKinds.refuseRemains(disk, files);
            return Optional.empty();
        }
        DiskFile dat = openDat();
        try {
            return Optional.of(open(dat, info));
        } catch (IOException | RuntimeException | Error failed) {
            dat.close();
            throw failed;
        }
    }

    private VolumeInfo readInfo() throws IOException {
        try {
            return VolumeInfoFile.read(disk, files.vif()).orElse(VolumeInfo.NONE);
        } catch (DamagedVolumeInfoException damaged) {
            // It may have said that the volume is read-only, so that is what it is until somebody looks.
            damaged(String.valueOf(damaged.getMessage()));
            return VolumeInfo.NONE;
        }
    }

    private void removeUnfinishedCopy() throws IOException {
        LOG.warn("{}: a copy to this server, or a removal, was not finished ({}); its files are removed",
                files.dat(), files.note());
        VolumeRemoval.removeAll(disk, files, false);
    }

    private DiskFile openDat() throws IOException {
        if (disk.isWritable(files.dat())) {
            try {
                return disk.open(files.dat(), Open.READ_WRITE);
            } catch (AccessDeniedException notWritable) {
                LOG.debug("{} cannot be opened for writing", files.dat());
            }
        }
        readOnly = readOnly.with(ReadOnlyCause.UNWRITABLE, files.dat() + " is not writable for this process");
        return disk.open(files.dat(), Open.READ);
    }

    private Volume open(DiskFile dat, VolumeInfo info) throws IOException {
        Superblock superblock = Superblock.read(dat, files.dat());
        RecordVersion version = version(dat, superblock, info);
        ReplicaPlacement placement = placement(superblock, info);
        boolean writable = !readOnly.has(ReadOnlyCause.UNWRITABLE);
        long firstRecordAt = firstRecordAt(dat, superblock, version);
        if (info.offsetBytes() == 0) OtherKinds.refuseLargeIndex(disk, files, dat);
        prepareIndex(dat, version, firstRecordAt, writable);
        LoadedIndex loaded = LoadedIndex.load(context, files, version, dat.size(), writable);
        boolean empty = loaded.replay().rows() == 0 && dat.size() > firstRecordAt;
        IndexCheck check = loaded.replay().check(dat, files.dat());
        boolean broken = empty || loaded.replay().hasHoles() || loaded.replay().lacksFirstRecords(firstRecordAt)
                || check.isIndexDamaged();
        if (broken && writable) {
            loaded.close();
            rebuildIndex(dat, version, firstRecordAt, empty ? "empty" : "damaged");
            loaded = LoadedIndex.load(context, files, version, dat.size(), true);
        } else {
            check.contradiction().ifPresent(what -> damaged(files.dat() + " and " + files.idx() + " disagree: " + what));
        }
        Generation generation =
                new Generation(dat, loaded.file(), files.dat(), loaded.index(), version, superblock.revision());
        try {
            return load(generation, loaded, firstRecordAt, superblock.ttl(), placement, info, writable);
        } catch (IOException | RuntimeException | Error failed) {
            loaded.close();
            throw failed;
        }
    }

    private long firstRecordAt(DiskFile dat, Superblock superblock, RecordVersion version) throws IOException {
        long said = superblock.firstRecordAt(version);
        if (said <= dat.size()) return said;
        damaged(files.dat() + ": the superblock says that " + superblock.extraBytes() + " bytes follow it, the file has "
                + dat.size() + " in all");
        return Superblock.BYTES;
    }

    private RecordVersion version(DiskFile dat, Superblock superblock, VolumeInfo info) throws IOException {
        RecordVersion here = superblock.version();
        if (info.version() == 0 || info.version() == here.number()) return here;
        damaged(files.vif() + " says version " + info.version() + ", the superblock of " + files.dat() + " says "
                + here.number() + "; correct the file that is wrong");
        Optional<RecordVersion> there = RecordVersion.of(info.version());
        if (there.isEmpty()) return here;
        return new RecordVersionChoice(dat, files.dat()).between(there.get(), here, superblock);
    }

    private ReplicaPlacement placement(Superblock superblock, VolumeInfo info) {
        if (info.replication().isEmpty()) return superblock.placement();
        try {
            return ReplicaPlacement.parse(info.replication());
        } catch (IllegalArgumentException unknown) {
            damaged(files.vif() + ": " + unknown.getMessage());
            return superblock.placement();
        }
    }

    private void prepareIndex(DiskFile dat, RecordVersion version, long firstRecordAt, boolean writable) throws IOException {
        boolean hasIndex = disk.exists(files.idx());
        boolean hasRecords = dat.size() > firstRecordAt;
        if (hasIndex && writable) {
            try (DiskFile idx = disk.open(files.idx(), Open.READ_WRITE)) {
                long torn = idx.size() % IndexRow.BYTES;
                // Its record, if there is a whole one, gets its row back from the data file.
                if (torn != 0) idx.truncate(idx.size() - torn);
            }
        }
        if (hasIndex) return;
        if (!writable) {
            throw new RefusedVolumeException(files.idx() + " is missing and " + files.dat()
                    + " is not writable; make it writable to have the index rebuilt");
        }
        if (hasRecords) {
            rebuildIndex(dat, version, firstRecordAt, "missing");
        } else {
            disk.open(files.idx(), Open.CREATE).close();
        }
    }

    private void rebuildIndex(DiskFile dat, RecordVersion version, long firstRecordAt, String why) throws IOException {
        LOG.warn("{} is {}; it is rebuilt from the data file", files.idx(), why);
        IndexRebuild.run(disk, files, dat, version, firstRecordAt).ifPresent(damage -> damaged(files.dat() + ": " + damage));
    }

    private Volume load(
            Generation generation, LoadedIndex loaded, long firstRecordAt, Ttl ttl, ReplicaPlacement placement,
            VolumeInfo info, boolean writable) throws IOException {
        IndexReplay replay = loaded.replay();
        long lastEpochNanos = check(generation, replay);
        long end = roundUp(generation.dat.size());
        if (writable && !readOnly.has(ReadOnlyCause.DAMAGED)) {
            long from = replay.namesRecords() ? replay.end() : firstRecordAt;
            end = repairTail(generation, replay, from, lastEpochNanos);
            lastEpochNanos = check(generation, replay);
        }
        if (info.readOnly()) {
            ReadOnlyCause cause = info.readOnlyCanDelete() ? ReadOnlyCause.MARKED_CAN_DELETE : ReadOnlyCause.MARKED;
            readOnly = readOnly.with(cause, "marked read-only in " + files.vif());
        }
        // An empty one says as little as none; one that is damaged is kept for people.
        if (info == VolumeInfo.NONE && writable && (!disk.exists(files.vif()) || disk.size(files.vif()) == 0)) {
            info = VolumeInfo.fresh(generation.version, 0);
            writeMissingInfo(info);
        }
        // The reference's vacuum sorts by key and keeps the times; without one, records lie in the order in which they came.
        if (generation.revision == 0 && replay.isAscending()) generation.order(AppendTimes.Order.EVERYWHERE);
        long modified = disk.modifiedEpochSeconds(files.dat());
        long latest = AppendTimes.latest(generation, lastEpochNanos, modified);
        AppendLog log = new AppendLog(generation, end, replay.rows() * IndexRow.BYTES, latest);
        VolumeWriter writer = new VolumeWriter(ttl, context.clock(), loaded.counters(), log, modified);
        return new Volume(context, files, generation, ttl, placement, info, writer, readOnly);
    }

    private void writeMissingInfo(VolumeInfo info) {
        try {
            VolumeInfoFile.write(disk, files.vif(), info);
        } catch (IOException failed) {
            LOG.warn("{} is missing and could not be written: {}", files.vif(), failed.getMessage());
        }
    }

    private long repairTail(Generation generation, IndexReplay replay, long from, long lastEpochNanos) throws IOException {
        try {
            return new TailRepair(disk, files, generation).run(from, lastEpochNanos, replay);
        } catch (IOException failed) {
            // What can be read is served all the same: a full disk is when tails are torn.
            damaged(files.dat() + ": what a crash left behind " + from + " could not be repaired (" + failed.getMessage()
                    + "); free some space or check the disk, then restart the server");
            return roundUp(generation.dat.size());
        }
    }

    /** Checks the record that ends last; gives its time. */
    private long check(Generation generation, IndexReplay replay) throws IOException {
        if (replay.reachesBeyond()) {
            damaged(files.dat() + " at " + IndexEntry.offset(replay.beyondEntry()) + ": the record of key "
                    + Long.toHexString(replay.beyondKey()) + " ends behind the end of the file");
        }
        if (!replay.namesRecords()) return 0;
        long offset = replay.lastOffset();
        int bodyBytes = Math.max(0, IndexEntry.bodyBytes(replay.lastEntry()));
        try {
            return RecordReader.verify(generation.dat, files.dat(), generation.version, offset, replay.lastKey(), bodyBytes)
                    .appendEpochNanos();
        } catch (DamagedRecordException damage) {
            damaged("the last record that the index names, of key " + Long.toHexString(replay.lastKey()) + ", is damaged: "
                    + damage.getMessage());
            return 0;
        }
    }

    private void damaged(String what) {
        if (readOnly.has(ReadOnlyCause.DAMAGED)) return;
        LOG.error("{} opens read-only: {}", files.dat(), what);
        readOnly = readOnly.with(ReadOnlyCause.DAMAGED, what);
    }

    private static long roundUp(long bytes) {
        return (bytes + RecordVersion.UNIT_BYTES - 1) / RecordVersion.UNIT_BYTES * RecordVersion.UNIT_BYTES;
    }
}
