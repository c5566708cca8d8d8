package dev.kelpfs.storage.volume;

import static dev.kelpfs.storage.volume.Volumes.FILES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Vacuum;
import dev.kelpfs.testkit.SeededRounds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Records get later times than all before them, whatever the clock, vacuums and restarts do. */
class RisingTimesTest {
    private static final long START_SECONDS = Volumes.NOW.getEpochSecond();
    private static final Vacuum VACUUM = new Vacuum(() -> 0, _ -> {});

    private final AtomicLong seconds = new AtomicLong(START_SECONDS);
    /** When files were written last is of no help here: its clock stands still. */
    private final MemoryDisk disk = Volumes.disk();
    private Volume volume;

    private VolumeContext context(MemoryDisk where) {
        return new VolumeContext(where, () -> Instant.ofEpochSecond(seconds.get()), Runnable::run, new SplittableRandom(1));
    }

    private void create() throws IOException {
        volume = VolumeOpener.create(context(disk), FILES, ReplicaPlacement.SINGLE, Ttl.NONE, 0);
    }

    private void reopen() throws IOException {
        volume.unmount(true);
        volume = VolumeOpener.open(context(disk), FILES).orElseThrow();
    }

    private void vacuum() throws IOException {
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {})).isInstanceOf(CompactResult.Compacted.class);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
    }

    private void put(long key, long at) throws IOException {
        seconds.set(START_SECONDS + at);
        Volumes.put(volume, key, 1, ("at " + at).getBytes());
    }

    /** The times of all records, in the order of the rows. */
    private static List<Long> times(MemoryDisk disk) throws IOException {
        ByteBuffer dat = ByteBuffer.wrap(Volumes.bytes(disk, FILES.dat()));
        ByteBuffer idx = ByteBuffer.wrap(Volumes.bytes(disk, FILES.idx()));
        List<Long> times = new ArrayList<>();
        for (int row = 0; row < idx.limit(); row += IndexRow.BYTES) {
            times.add(dat.getLong(8 * idx.getInt(row + 8) + 16 + Math.max(0, idx.getInt(row + 12)) + 4));
        }
        return times;
    }

    @Test
    void afterAVacuumAndARestartUnderAClockThatWasSetBack() throws Exception {
        create();
        put(2, 10);
        put(1, 100);
        vacuum();
        seconds.set(START_SECONDS + 50);
        reopen();
        put(3, 50);
        List<Long> times = times(disk);
        assertThat(times).hasSize(3).isSorted().doesNotHaveDuplicates();
        try (AppendedRecords later = volume.appendedAfter(times.get(1)).orElseThrow()) {
            List<Object> keys = new ArrayList<>();
            later.forEach(record -> keys.add(record.key()));
            assertThat(keys).containsExactly(Volumes.key(3));
        }
    }

    @Test
    void whateverHappens() {
        SeededRounds.run("rising times", 500, seed -> {
            RisingTimesTest fresh = new RisingTimesTest();
            fresh.create();
            SplittableRandom random = seed.random();
            for (int step = random.nextInt(1, 40); step > 0; step--) {
                fresh.seconds.set(START_SECONDS + random.nextInt(1000));
                switch (random.nextInt(8)) {
                    case 0 -> fresh.vacuum();
                    case 1 -> fresh.reopen();
                    case 2 -> fresh.vacuumAround(random);
                    case 3 -> fresh.volume.delete(Volumes.key(random.nextInt(1, 8)), Optional.empty(), Durability.PROCESS_DEATH);
                    default -> Volumes.put(fresh.volume, random.nextInt(1, 8), 1, new byte[random.nextInt(3)]);
                }
                assertThat(times(fresh.disk)).isSorted().doesNotHaveDuplicates();
            }
        });
    }

    private void vacuumAround(SplittableRandom random) throws IOException {
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {})).isInstanceOf(CompactResult.Compacted.class);
        for (int i = random.nextInt(4); i > 0; i--) {
            seconds.set(START_SECONDS + random.nextInt(1000));
            int key = random.nextInt(1, 8);
            if (random.nextBoolean()) Volumes.put(volume, key, 1, new byte[] {(byte) i});
            else volume.delete(Volumes.key(key), Optional.empty(), Durability.PROCESS_DEATH);
        }
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
    }

    @Test
    void whereTheReferenceHasSortedByKeyTheFileSaysWhenItWasWritten() throws Exception {
        create();
        put(2, 10);
        put(1, 100);
        volume.unmount(true);
        byte[] dat = Volumes.bytes(disk, FILES.dat());
        byte[] idx = Volumes.bytes(disk, FILES.idx());
        int second = 8 * ByteBuffer.wrap(idx).getInt(IndexRow.BYTES + 8);
        ByteBuffer sorted = ByteBuffer.allocate(dat.length).put(dat, 0, 8);
        int first = dat.length - second;
        sorted.put(dat, second, first).put(dat, 8, second - 8).putShort(4, (short) 1);
        ByteBuffer rows = ByteBuffer.allocate(idx.length).put(idx, IndexRow.BYTES, IndexRow.BYTES).putInt(8, 1);
        rows.put(idx, 0, IndexRow.BYTES).putInt(IndexRow.BYTES + 8, (8 + first) / 8);
        seconds.set(START_SECONDS + 100);
        MemoryDisk theirs = new MemoryDisk(() -> Instant.ofEpochSecond(seconds.get()), 1 << 20);
        theirs.createDirectories(Volumes.DATA);
        Volumes.write(theirs, FILES.dat(), sorted.array());
        Volumes.write(theirs, FILES.idx(), rows.array());
        Volumes.write(theirs, FILES.vif(), Volumes.bytes(disk, FILES.vif()));
        seconds.set(START_SECONDS + 50);
        volume = VolumeOpener.open(context(theirs), FILES).orElseThrow();
        assertThat(volume.readOnly().reasons()).isEmpty();
        put(3, 50);
        List<Long> times = times(theirs);
        assertThat(times.get(0)).isGreaterThan(times.get(1));
        assertThat(times.get(2)).isGreaterThan(times.get(0));
    }
}
