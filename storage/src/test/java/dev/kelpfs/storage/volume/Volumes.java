package dev.kelpfs.storage.volume;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;

/** Volumes for tests: in memory, with work done by the calling thread and a clock that stands still. */
final class Volumes {
    static final Path DATA = Path.of("/data");
    static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    static final VolumeFiles FILES = files("7");

    private Volumes() {}

    static VolumeFiles files(String base) {
        return new VolumeFiles(VolumeName.parse(base).orElseThrow(), DATA, DATA);
    }

    static MemoryDisk disk() {
        MemoryDisk disk = new MemoryDisk(InstantSource.fixed(NOW), 1L << 30);
        try {
            disk.createDirectories(DATA);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return disk;
    }

    static VolumeContext context(Disk disk) {
        return new VolumeContext(disk, InstantSource.fixed(NOW), Runnable::run, new SplittableRandom(1));
    }

    static Volume create(Disk disk) throws IOException {
        return VolumeOpener.create(context(disk), FILES, ReplicaPlacement.SINGLE, Ttl.NONE, 0);
    }

    /** Makes the files of an empty volume whose records have the version. */
    static void createFiles(Disk disk, RecordVersion version) throws IOException {
        create(disk).unmount(true);
        byte[] superblock = bytes(disk, FILES.dat());
        superblock[0] = (byte) version.number();
        write(disk, FILES.dat(), superblock);
        VolumeInfoFile.write(disk, FILES.vif(), VolumeInfo.fresh(version, 0));
    }

    static Volume open(Disk disk) throws IOException {
        return VolumeOpener.open(context(disk), FILES).orElseThrow();
    }

    static Volume open(Disk disk, VolumeFiles files) throws IOException {
        return VolumeOpener.open(context(disk), files).orElseThrow();
    }

    static NeedleKey key(long bits) {
        return new NeedleKey(bits);
    }

    static Cookie cookie(int bits) {
        return new Cookie(bits);
    }

    static NeedleDraft draft(long key, int cookie, byte[] data) {
        return NeedleDraft.of(key(key), cookie(cookie)).data(ByteBuffer.wrap(data)).lastModified(1_700_000_000).build();
    }

    static AppendResult put(Volume volume, long key, int cookie, byte[] data) throws IOException {
        return volume.append(draft(key, cookie, data), Durability.PROCESS_DEATH);
    }

    /** The data of a live needle; empty if it is missing or deleted. */
    static Optional<byte[]> get(Volume volume, long key) throws IOException {
        if (!(volume.find(key(key)) instanceof FindResult.Hit hit)) return Optional.empty();
        try (hit) {
            NeedleRecord record = hit.needle().readRecord();
            byte[] data = new byte[record.dataBytes()];
            record.data().get(data);
            return Optional.of(data);
        }
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

    static CollectionName collection(String name) {
        return new CollectionName(name);
    }

    static VolumeId id(int id) {
        return new VolumeId(id);
    }
}
