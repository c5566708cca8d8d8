package dev.kelpfs.storage.vacuum;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.DeleteResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeContext;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.storage.volume.VolumeName;
import dev.kelpfs.storage.volume.VolumeOpener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Volumes for tests of vacuum: in memory, with a clock that moves when it is told to. */
final class VacuumBench {
    static final Path DATA = Path.of("/data");
    static final Path INDEX = Path.of("/index");
    static final long START_SECONDS = 1_700_000_000;
    static final VolumeFiles FILES = files("7");
    static final Vacuum VACUUM = new Vacuum(() -> 0, _ -> {});
    static final CompactObserver NOBODY = _ -> {};

    private VacuumBench() {}

    /** Wall time in seconds that a test may change. */
    static final class Clock implements InstantSource {
        final AtomicLong seconds = new AtomicLong(START_SECONDS);

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(seconds.get());
        }
    }

    static VolumeFiles files(String base) {
        return new VolumeFiles(VolumeName.parse(base).orElseThrow(), DATA, DATA);
    }

    static MemoryDisk disk() throws IOException {
        return disk(1L << 30);
    }

    static MemoryDisk disk(long capacityBytes) throws IOException {
        MemoryDisk disk = new MemoryDisk(new Clock(), capacityBytes);
        disk.createDirectories(DATA);
        disk.createDirectories(INDEX);
        return disk;
    }

    static VolumeContext context(Disk disk, InstantSource clock) {
        return new VolumeContext(disk, clock, Runnable::run, new SplittableRandom(1));
    }

    static Volume create(Disk disk) throws IOException {
        return create(disk, FILES, Ttl.NONE, new Clock());
    }

    static Volume create(Disk disk, VolumeFiles files, Ttl ttl, InstantSource clock) throws IOException {
        return VolumeOpener.create(context(disk, clock), files, ReplicaPlacement.SINGLE, ttl, 0);
    }

    static Volume open(Disk disk) throws IOException {
        return open(disk, FILES);
    }

    static Volume open(Disk disk, VolumeFiles files) throws IOException {
        return VolumeOpener.open(context(disk, new Clock()), files).orElseThrow();
    }

    static void put(Volume volume, long key, byte[] data) throws IOException {
        AppendResult result = volume.append(draft(key, data), Durability.PROCESS_DEATH);
        if (!(result instanceof AppendResult.Stored) && !(result instanceof AppendResult.Unchanged)) {
            throw new AssertionError("storing key " + key + " ended in " + result);
        }
    }

    static NeedleDraft draft(long key, byte[] data) {
        return NeedleDraft.of(new NeedleKey(key), new Cookie(77)).data(ByteBuffer.wrap(data))
                .lastModified(START_SECONDS).build();
    }

    static DeleteResult delete(Volume volume, long key) throws IOException {
        return volume.delete(new NeedleKey(key), Optional.empty(), Durability.PROCESS_DEATH);
    }

    /** The data of a live needle; empty if it is missing or deleted. */
    static Optional<byte[]> get(Volume volume, long key) throws IOException {
        if (!(volume.find(new NeedleKey(key)) instanceof FindResult.Hit hit)) return Optional.empty();
        try (hit) {
            NeedleRecord record = hit.needle().readRecord();
            byte[] data = new byte[record.dataBytes()];
            record.data().get(data);
            return Optional.of(data);
        }
    }

    /** Compacts and commits. */
    static CommitResult vacuum(Volume volume) throws IOException {
        CompactResult compacted = VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY);
        if (!(compacted instanceof CompactResult.Compacted)) throw new AssertionError("compacting ended in " + compacted);
        return VACUUM.commit(volume);
    }

    static byte[] bytes(Disk disk, Path path) throws IOException {
        try (DiskFile file = disk.open(path, Open.READ)) {
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            while (all.hasRemaining() && file.read(all, all.position()) > 0) { }
            return all.array();
        }
    }

    static void write(Disk disk, Path path, byte[] bytes) throws IOException {
        disk.delete(path);
        try (DiskFile file = disk.open(path, Open.CREATE_NEW)) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    /** A disk with a volume that the reference has written. */
    static MemoryDisk fixture(String set, String base) throws IOException {
        MemoryDisk disk = disk();
        for (String suffix : List.of(".dat", ".idx", ".vif")) {
            String name = "/fixtures/storage/" + set + "/" + base + suffix;
            try (InputStream in = VacuumBench.class.getResourceAsStream(name)) {
                if (in == null) throw new IllegalStateException("the fixture " + name + " is missing");
                write(disk, DATA.resolve(base + suffix), in.readAllBytes());
            }
        }
        return disk;
    }
}
