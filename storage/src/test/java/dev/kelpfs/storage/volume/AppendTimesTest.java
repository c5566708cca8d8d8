package dev.kelpfs.storage.volume;

import static dev.kelpfs.storage.volume.Volumes.FILES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.Vacuum;
import dev.kelpfs.storage.volume.AppendedRecords.Appended;
import dev.kelpfs.testkit.SeededRounds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What was appended after a moment. */
class AppendTimesTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final Vacuum VACUUM = new Vacuum(() -> 0, _ -> {});

    private final AtomicLong nanos = new AtomicLong(START);
    private final MemoryDisk disk = Volumes.disk();

    private VolumeContext context() {
        return new VolumeContext(disk, () -> Instant.ofEpochSecond(0, nanos.get()), Runnable::run, new SplittableRandom(1));
    }

    private Volume create() throws IOException {
        return VolumeOpener.create(context(), FILES, ReplicaPlacement.SINGLE, Ttl.NONE, 0);
    }

    private void put(Volume volume, long key, long at) throws IOException {
        nanos.set(START + at);
        Volumes.put(volume, key, 1, ("at " + at).getBytes());
    }

    private void delete(Volume volume, long key, long at) throws IOException {
        nanos.set(START + at);
        volume.delete(Volumes.key(key), Optional.empty(), Durability.PROCESS_DEATH);
    }

    private static List<Appended> after(Volume volume, long at) throws IOException {
        List<Appended> found = new ArrayList<>();
        try (AppendedRecords records = volume.appendedAfter(START + at).orElseThrow()) {
            records.forEach(found::add);
            if (found.isEmpty()) assertThat(records.from()).isEqualTo(records.end());
            else assertThat(records.from()).isEqualTo(found.stream().mapToLong(Appended::offset).min().orElseThrow());
            return found;
        }
    }

    @Test
    void recordsAndDeletionsAreFoundByTheTimeOfTheirAppend() throws Exception {
        Volume volume = create();
        assertThat(after(volume, -1)).isEmpty();
        put(volume, 1, 10);
        put(volume, 2, 20);
        delete(volume, 1, 30);
        put(volume, 3, 40);
        assertThat(after(volume, 0)).extracting(Appended::key).containsExactly(
                Volumes.key(1), Volumes.key(2), Volumes.key(1), Volumes.key(3));
        assertThat(after(volume, 10)).extracting(Appended::key).containsExactly(
                Volumes.key(2), Volumes.key(1), Volumes.key(3));
        assertThat(after(volume, 9)).hasSize(4);
        assertThat(after(volume, 20)).extracting(Appended::deletion).containsExactly(true, false);
        assertThat(after(volume, 39)).hasSize(1);
        assertThat(after(volume, 40)).isEmpty();
        volume.unmount(true);
        assertThat(volume.appendedAfter(START)).isEmpty();
        assertThat(after(VolumeOpener.open(context(), FILES).orElseThrow(), 20)).hasSize(2);
    }

    @Test
    void theBytesAreThoseOfTheFileAndNoMore() throws Exception {
        Volume volume = create();
        put(volume, 1, 10);
        put(volume, 2, 20);
        try (AppendedRecords records = volume.appendedAfter(START + 10).orElseThrow()) {
            put(volume, 3, 30);
            byte[] dat = Volumes.bytes(disk, FILES.dat());
            ByteBuffer target = ByteBuffer.allocate((int) (records.end() - records.from()));
            while (target.hasRemaining()) records.read(target, records.from() + target.position());
            assertThat(target.array()).isEqualTo(Arrays.copyOfRange(dat, (int) records.from(), (int) records.end()));
            assertThat(records.end()).isLessThan(dat.length);
            assertThatIllegalArgumentException().isThrownBy(() -> records.read(ByteBuffer.allocate(8), records.from() - 8));
            assertThatIllegalArgumentException().isThrownBy(() -> records.read(ByteBuffer.allocate(1), records.end()));
            // The files stay open under the reader.
            volume.unmount(true);
            assertThat(records.read(ByteBuffer.allocate(8), records.from())).isPositive();
        }
    }

    @Test
    void afterAVacuumNothingLaterIsMissed() {
        SeededRounds.run("append times", 2_000, seed -> {
            AppendTimesTest fresh = new AppendTimesTest();
            SplittableRandom random = seed.random();
            Volume volume = fresh.create();
            long at = 0;
            for (int step = random.nextInt(1, 40); step > 0; step--) {
                at += random.nextInt(1, 4);
                switch (random.nextInt(9)) {
                    case 0 -> {
                        VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {});
                        VACUUM.commit(volume);
                    }
                    case 1 -> {
                        volume.unmount(true);
                        volume = VolumeOpener.open(fresh.context(), FILES).orElseThrow();
                    }
                    case 2, 3 -> fresh.delete(volume, random.nextInt(1, 8), at);
                    default -> fresh.put(volume, random.nextInt(1, 8), at);
                }
            }
            for (long since = -1; since <= at + 1; since++) fresh.isComplete(volume, since);
        });
    }

    private void isComplete(Volume volume, long since) throws IOException {
        List<Appended> found = after(volume, since);
        List<Appended> all = after(volume, Long.MIN_VALUE - START);
        byte[] dat = Volumes.bytes(disk, FILES.dat());
        int first = all.size() - found.size();
        assertThat(found).isEqualTo(all.subList(first, all.size()));
        for (int i = 0; i < all.size(); i++) {
            long time = ByteBuffer.wrap(dat).getLong((int) all.get(i).offset() + 16 + all.get(i).bodyBytes() + 4) - START;
            if (i < first) assertThat(time).isLessThanOrEqualTo(since);
            if (i == first) assertThat(time).isGreaterThan(since);
        }
    }

    @Test
    void rowsWithoutARecordAreSteppedOver() throws Exception {
        Volume volume = create();
        for (int i = 1; i <= 8; i++) put(volume, i, 10 * i);
        volume.unmount(true);
        byte[] idx = Volumes.bytes(disk, FILES.idx());
        ByteBuffer more = ByteBuffer.allocate(2 * idx.length);
        for (int row = 0; row < idx.length; row += IndexRow.BYTES) {
            // A deletion of something that never was, as in a volume whose data lie elsewhere.
            more.putLong(1_000 + row).putInt(0).putInt(-1);
            more.put(idx, row, IndexRow.BYTES);
        }
        Volumes.write(disk, FILES.idx(), more.array());
        Volume opened = VolumeOpener.open(context(), FILES).orElseThrow();
        for (int i = 0; i <= 8; i++) assertThat(after(opened, 10 * i)).hasSize(8 - i);
    }

    @Test
    void olderVersionsHaveNoTimesAndGiveEverything() throws Exception {
        Volumes.createFiles(disk, RecordVersion.V2);
        Volume volume = VolumeOpener.open(context(), FILES).orElseThrow();
        put(volume, 1, 10);
        put(volume, 2, 20);
        assertThat(after(volume, 1_000)).hasSize(2);
    }

    @Test
    void aLargeVolumeIsSearchedWithFewReads() throws Exception {
        Volume volume = create();
        for (int i = 1; i <= 4_000; i++) put(volume, i, 10L * i);
        volume.unmount(true);
        AtomicInteger reads = new AtomicInteger();
        FaultyDisk counting = new FaultyDisk(disk, call -> {
            if (call.kind() == DiskCall.Kind.READ) reads.incrementAndGet();
            return Fault.NONE;
        });
        Volume opened = Volumes.open(counting);
        reads.set(0);
        try (AppendedRecords found = opened.appendedAfter(START + 10 * 2_500).orElseThrow()) {
            try (DiskFile dat = disk.open(FILES.dat(), Open.READ)) {
                ByteBuffer key = ByteBuffer.allocate(8);
                dat.read(key, found.from() + 4);
                assertThat(key.getLong(0)).isEqualTo(2_501);
            }
        }
        assertThat(reads.get()).isLessThan(50);
    }
}
