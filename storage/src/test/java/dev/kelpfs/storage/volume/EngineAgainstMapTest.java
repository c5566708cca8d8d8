package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFullException;
import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Vacuum;
import dev.kelpfs.testkit.SeededRounds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of stores, overwrites, deletions, vacuums and restarts beside a map that must agree, in every record
 * version. In some of them calls of the disk fail (writes after any number of bytes, syncs, renamings, creations), or
 * the disk is too small.
 */
class EngineAgainstMapTest {
    private static final int SEQUENCES = 100_000;
    private static final int KEYS = 12;
    private static final Vacuum VACUUM = new Vacuum(() -> 0, _ -> {});

    private final AtomicLong faults = new AtomicLong();
    private final AtomicLong vacuums = new AtomicLong();
    private final AtomicLong poisonings = new AtomicLong();
    private final AtomicLong fullDisks = new AtomicLong();

    @Test
    void agreesWithAMap() {
        long done = SeededRounds.run("engine against a map", SEQUENCES, seed -> new Run(seed.random()).go());
        System.out.println(faults + " calls failed, " + fullDisks + " times the disk was full, " + poisonings
                + " volumes became read-only by it, " + vacuums + " vacuums");
        if (done < SEQUENCES) return;
        assertThat(faults.get()).isGreaterThan(SEQUENCES);
        assertThat(fullDisks.get()).isGreaterThan(SEQUENCES / 10);
        assertThat(poisonings.get()).isGreaterThan(SEQUENCES / 10);
        assertThat(vacuums.get()).isGreaterThan(SEQUENCES / 2);
    }

    private record Value(int cookie, byte[] data) {}

    private final class Run {
        private final SplittableRandom random;
        private final FaultyDisk disk;
        private final VolumeFiles files;
        private final boolean small;
        private final Map<Long, Value> model = new TreeMap<>();
        /** Cookies of the keys that the index still knows, deleted ones included. */
        private final Map<Long, Integer> cookies = new TreeMap<>();
        /** Deleted keys that the index may or may not know still. */
        private final Set<Long> forgotten = new HashSet<>();
        /** What a failed call may have left: the other content that a key may have. */
        private final Map<Long, Optional<Value>> doubts = new TreeMap<>();
        private boolean faulty;
        private boolean struck;
        private Volume volume;

        Run(SplittableRandom random) throws IOException {
            this.random = random;
            small = random.nextInt(6) == 0;
            MemoryDisk memory = new MemoryDisk(InstantSource.fixed(Volumes.NOW), small ? random.nextInt(1_000, 6_000) : 1L << 26);
            memory.createDirectories(Volumes.DATA);
            Path index = random.nextInt(4) == 0 ? Path.of("/index") : Volumes.DATA;
            memory.createDirectories(index);
            files = new VolumeFiles(Volumes.FILES.name(), Volumes.DATA, index);
            Volumes.createFiles(memory, RecordVersion.of(random.nextInt(1, 4)).orElseThrow());
            if (!index.equals(Volumes.DATA)) memory.delete(Volumes.FILES.idx());
            disk = new FaultyDisk(memory, this::fault);
            volume = Volumes.open(disk, files);
        }

        private Fault fault(DiskCall call) {
            if (!faulty || call.kind() == DiskCall.Kind.READ || random.nextInt(3) > 0) return Fault.NONE;
            struck = true;
            faults.incrementAndGet();
            IOException failure = random.nextInt(4) == 0 ? new DiskFullException(call.path()) : new IOException("planned");
            return new Fault.Fail(failure, random.nextInt((int) call.bytes() + 1));
        }

        void go() throws IOException {
            int steps = random.nextInt(1, 40);
            for (int i = 0; i < steps; i++) {
                struck = false;
                faulty = random.nextInt(10) == 0;
                switch (random.nextInt(16)) {
                    case 0 -> reopen();
                    case 1 -> vacuum();
                    case 2, 3, 4, 5 -> delete();
                    default -> store();
                }
                faulty = false;
                checkOne(random.nextLong(1, KEYS + 1));
                if (!volume.readOnly().isWritable()) readOnly();
            }
            checkAll();
            reopen();
            checkAll();
            volume.unmount(false);
        }

        /** Something has failed for good: what is there stays readable, nothing is taken, and a restart mends it. */
        private void readOnly() throws IOException {
            poisonings.incrementAndGet();
            checkAll();
            assertThat(Volumes.put(volume, 1, 0, new byte[] {1})).isInstanceOf(AppendResult.ReadOnly.class);
            assertThat(volume.delete(Volumes.key(1), Optional.empty(), Durability.PROCESS_DEATH))
                    .isInstanceOf(DeleteResult.ReadOnly.class);
            volume.unmount(false);
            volume = Volumes.open(disk, files);
            // A torn tail must be kept, which takes room.
            if (!small) assertThat(volume.readOnly().reasons()).isEmpty();
            checkAll();
        }

        private void store() throws IOException {
            long key = random.nextLong(1, KEYS + 1);
            int cookie = random.nextInt(2);
            byte[] data = new byte[random.nextInt(8) == 0 ? 0 : random.nextInt(1, 300)];
            if (random.nextInt(5) > 0) random.nextBytes(data); // else equal data come again
            boolean inline = random.nextBoolean();
            Value before = model.get(key);
            Value after = new Value(cookie, data);
            AppendResult result;
            try {
                result = inline ? volume.tryAppend(Volumes.draft(key, cookie, data))
                        : volume.append(Volumes.draft(key, cookie, data), durability());
            } catch (IOException planned) {
                assertThat(struck).as("%s", planned).isTrue();
                if (!volume.readOnly().isWritable()) doubts.put(key, Optional.of(after));
                return;
            }
            boolean wrongCookie = cookies.containsKey(key) && cookies.get(key) != cookie;
            boolean unsure = forgotten.contains(key);
            switch (result) {
                case AppendResult.Stored stored -> {
                    assertThat(wrongCookie && !unsure).isFalse();
                    assertThat(stored.dataBytes()).isEqualTo(data.length);
                    model.put(key, after);
                    cookies.put(key, cookie);
                    forgotten.remove(key);
                }
                case AppendResult.Unchanged _ -> {
                    assertThat(data).isNotEmpty();
                    assertThat(before.data()).isEqualTo(data);
                    assertThat(before.cookie()).isEqualTo(cookie);
                }
                case AppendResult.WrongCookie _ -> assertThat(wrongCookie || unsure).isTrue();
                case AppendResult.DiskFull _ -> full();
                case AppendResult.ReadOnly _ -> assertThat(small).isTrue();
                case AppendResult.VolumeFull _, AppendResult.Busy _, AppendResult.Unmounted _ ->
                        throw new AssertionError("unexpected " + result);
            }
        }

        private Durability durability() {
            return random.nextInt(4) == 0 ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
        }

        private void full() {
            assertThat(struck || small).isTrue();
            fullDisks.incrementAndGet();
        }

        private void delete() throws IOException {
            long key = random.nextLong(1, KEYS + 1);
            Optional<Integer> cookie = random.nextBoolean() ? Optional.empty() : Optional.of(random.nextInt(2));
            Value before = model.get(key);
            DeleteResult result;
            try {
                result = volume.delete(Volumes.key(key), cookie.map(Volumes::cookie), durability());
            } catch (IOException planned) {
                assertThat(struck).as("%s", planned).isTrue();
                if (!volume.readOnly().isWritable()) doubts.put(key, Optional.empty());
                return;
            }
            switch (result) {
                case DeleteResult.Deleted _ -> {
                    assertThat(before).isNotNull();
                    model.remove(key);
                }
                case DeleteResult.NotFound _ -> assertThat(before).isNull();
                case DeleteResult.WrongCookie _ -> assertThat(cookie).isPresent().isNotEqualTo(Optional.of(before.cookie()));
                case DeleteResult.DiskFull _ -> full();
                case DeleteResult.ReadOnly _ -> assertThat(small).isTrue();
                case DeleteResult.Busy _, DeleteResult.Unmounted _ -> throw new AssertionError("unexpected " + result);
            }
        }

        private void vacuum() throws IOException {
            try {
                switch (VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {})) {
                    case CompactResult.Compacted _ -> { }
                    case CompactResult.NoSpace _ -> full();
                    case CompactResult.Refused _ -> assertThat(small).isTrue();
                    case CompactResult other -> throw new AssertionError("unexpected " + other);
                }
                for (int changes = random.nextInt(4); changes > 0; changes--) {
                    if (!volume.readOnly().isWritable()) break;
                    if (random.nextBoolean()) store();
                    else delete();
                }
                boolean committed = switch (VACUUM.commit(volume)) {
                    case CommitResult.Committed _ -> true;
                    case CommitResult.NothingCompacted _, CommitResult.NoSpace _, CommitResult.Refused _ -> false;
                    case CommitResult other -> throw new AssertionError("unexpected " + other);
                };
                if (committed) vacuums.incrementAndGet();
            } catch (IOException planned) {
                assertThat(struck || small).as("%s", planned).isTrue();
            }
            for (long key : cookies.keySet()) if (!model.containsKey(key)) forgotten.add(key);
        }

        private void reopen() throws IOException {
            faulty = false;
            VolumeNumbers before = volume.numbers();
            volume.unmount(random.nextBoolean());
            volume = Volumes.open(disk, files);
            if (!small) assertThat(volume.readOnly().reasons()).isEmpty();
            VolumeNumbers after = volume.numbers();
            if (!doubts.isEmpty()) return;
            assertThat(after.datBytes()).isEqualTo(before.datBytes());
            assertThat(after.idxBytes()).isEqualTo(before.idxBytes());
            assertThat(after.files()).isEqualTo(before.files());
            assertThat(after.fileBytes()).isEqualTo(before.fileBytes());
            assertThat(after.deleted()).isEqualTo(before.deleted());
            assertThat(after.deletedBytes()).isEqualTo(before.deletedBytes());
            assertThat(after.revision()).isEqualTo(before.revision());
        }

        private void checkAll() throws IOException {
            for (long key = 1; key <= KEYS; key++) checkOne(key);
        }

        private void checkOne(long key) throws IOException {
            Optional<byte[]> found = Volumes.get(volume, key);
            Optional<Value> doubt = doubts.get(key);
            if (doubt != null && !agree(found, model.get(key)) && agree(found, doubt.orElse(null))) {
                if (doubt.isPresent()) {
                    model.put(key, doubt.get());
                    cookies.put(key, doubt.get().cookie());
                } else {
                    model.remove(key);
                }
                return;
            }
            assertThat(agree(found, model.get(key))).as("key %d is %s", key, found.map(Arrays::toString)).isTrue();
        }

        private static boolean agree(Optional<byte[]> found, @Nullable Value expected) {
            return expected == null ? found.isEmpty() : found.isPresent() && Objects.deepEquals(found.get(), expected.data());
        }
    }
}
