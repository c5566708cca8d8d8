package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is done to one volume before, and while, a crash comes: a few steps on a few keys, drawn from a seed.
 *
 * @param version of the volume's records
 * @param files its places; the index may have a directory of its own
 */
record CrashScript(RecordVersion version, VolumeFiles files, List<Step> steps) {
    static final int KEYS = 3;

    /** Keys that hold something before the script begins. */
    static final int KEYS_BEFORE = 2;

    /** One step of a script. */
    sealed interface Step {
        record Store(long key, byte[] data, Durability durability) implements Step {}

        record Delete(long key, Durability durability) implements Step {}

        /** Compacts, lets the changes come, and commits. */
        record Vacuum(List<Step> changes) implements Step {}

        /** Unmounts the volume and opens it again. */
        record Reopen(boolean synced) implements Step {}

        /** As before, with the index file lost in between. */
        record LoseIndex() implements Step {}
    }

    /** @param changesOnly nothing but stores and deletions */
    static CrashScript draw(SplittableRandom random, int count, boolean changesOnly) {
        RecordVersion version = RecordVersion.of(Math.min(3, random.nextInt(1, 6))).orElseThrow();
        Path index = random.nextInt(4) == 0 ? Path.of("/index") : Volumes.DATA;
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(switch (changesOnly ? 9 : random.nextInt(10)) {
                case 0, 1 -> new Step.Vacuum(changes(random, random.nextInt(3)));
                case 2 -> new Step.Reopen(random.nextBoolean());
                case 3 -> new Step.LoseIndex();
                default -> change(random);
            });
        }
        return new CrashScript(version, new VolumeFiles(Volumes.FILES.name(), Volumes.DATA, index), List.copyOf(steps));
    }

    private static List<Step> changes(SplittableRandom random, int count) {
        List<Step> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) changes.add(change(random));
        return List.copyOf(changes);
    }

    private static Step change(SplittableRandom random) {
        long key = random.nextInt(1, KEYS + 1);
        Durability durability = random.nextInt(3) == 0 ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
        if (random.nextInt(3) == 0) return new Step.Delete(key, durability);
        // The same again is not written again, but must be durable if that is asked for.
        if (random.nextInt(6) == 0) return new Step.Store(key, before(key), durability);
        // In version 1 the torn header of a record of 1 to 3 bytes is that of an empty upload of the reference.
        byte[] data = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(4, 60)];
        random.nextBytes(data);
        return new Step.Store(key, data, durability);
    }

    /** What a key holds before the script begins. */
    static byte[] before(long key) {
        return ("content of " + key + " before").getBytes(StandardCharsets.UTF_8);
    }

    /** A disk with the volume as it is before. */
    MemoryDisk disk() throws IOException {
        MemoryDisk disk = Volumes.disk();
        disk.createDirectories(files.indexDirectory());
        Volumes.createFiles(disk, version);
        if (!files.indexDirectory().equals(Volumes.DATA)) {
            disk.delete(Volumes.FILES.idx());
            Volumes.write(disk, files.idx(), new byte[0]);
        }
        Volume volume = Volumes.open(disk, files);
        for (long key = 1; key <= KEYS_BEFORE; key++) Volumes.put(volume, key, 1, before(key));
        volume.unmount(true);
        return disk;
    }
}
