package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.DiskFullException;
import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random sequences of stores, overwrites, deletions, restarts and faults of the disk, beside a map that must agree. */
class EngineAgainstMapTest {
    private static final int SEQUENCES = 3_000;
    private static final int KEYS = 12;

    private record Value(int cookie, byte[] data) {}

    @Test
    void agreesWithAMap() throws Exception {
        Seed seed = Seed.announced("engine against a map");
        for (int i = 0; i < SEQUENCES; i++) {
            Seed part = seed.derive(i);
            try {
                new Run(part.random()).go();
            } catch (AssertionError | Exception failed) {
                throw new AssertionError("sequence " + i + " of seed " + seed, failed);
            }
        }
    }

    private static final class Run {
        private final SplittableRandom random;
        private final FaultyDisk disk;
        private final Map<Long, Value> model = new TreeMap<>();
        /** Cookies of all keys that the index still knows, deleted ones included. */
        private final Map<Long, Integer> cookies = new TreeMap<>();
        private boolean faulty;
        private Volume volume;

        Run(SplittableRandom random) throws IOException {
            this.random = random;
            MemoryDisk memory = Volumes.disk();
            disk = new FaultyDisk(memory, this::fault);
            volume = VolumeOpener.create(Volumes.context(disk), Volumes.FILES, ReplicaPlacement.SINGLE, Ttl.NONE, 0);
        }

        private Fault fault(DiskCall call) {
            if (!faulty || call.kind() != DiskCall.Kind.WRITE || random.nextInt(3) > 0) return Fault.NONE;
            IOException failure = random.nextBoolean() ? new IOException("planned") : new DiskFullException(call.path());
            return new Fault.Fail(failure, random.nextInt((int) call.bytes() + 1));
        }

        void go() throws IOException {
            int steps = random.nextInt(1, 60);
            for (int i = 0; i < steps; i++) {
                faulty = random.nextInt(10) == 0;
                switch (random.nextInt(12)) {
                    case 0 -> reopen();
                    case 1, 2, 3 -> delete();
                    default -> store();
                }
                faulty = false;
                checkOne(random.nextLong(1, KEYS + 1));
            }
            checkAll();
            reopen();
            checkAll();
        }

        private void store() throws IOException {
            long key = random.nextLong(1, KEYS + 1);
            int cookie = random.nextInt(2);
            byte[] data = new byte[random.nextInt(8) == 0 ? 0 : random.nextInt(1, 300)];
            if (random.nextInt(5) > 0) random.nextBytes(data); // else equal data come again
            boolean inline = random.nextBoolean();
            AppendResult result;
            try {
                result = inline ? volume.tryAppend(Volumes.draft(key, cookie, data)) : Volumes.put(volume, key, cookie, data);
            } catch (IOException planned) {
                assertThat(faulty).isTrue();
                return;
            }
            Value before = model.get(key);
            boolean wrongCookie = cookies.containsKey(key) && cookies.get(key) != cookie;
            switch (result) {
                case AppendResult.Stored stored -> {
                    assertThat(wrongCookie).isFalse();
                    assertThat(stored.dataBytes()).isEqualTo(data.length);
                    model.put(key, new Value(cookie, data));
                    cookies.put(key, cookie);
                }
                case AppendResult.Unchanged _ -> {
                    assertThat(data).isNotEmpty();
                    assertThat(before.data()).isEqualTo(data);
                    assertThat(before.cookie()).isEqualTo(cookie);
                }
                case AppendResult.WrongCookie _ -> assertThat(wrongCookie).isTrue();
                case AppendResult.DiskFull _ -> assertThat(faulty).isTrue();
                case AppendResult.ReadOnly _, AppendResult.VolumeFull _, AppendResult.Busy _, AppendResult.Unmounted _ ->
                        throw new AssertionError("unexpected " + result);
            }
        }

        private void delete() throws IOException {
            long key = random.nextLong(1, KEYS + 1);
            Optional<Integer> cookie = random.nextBoolean() ? Optional.empty() : Optional.of(random.nextInt(2));
            DeleteResult result;
            try {
                result = volume.delete(Volumes.key(key), cookie.map(Volumes::cookie), Durability.PROCESS_DEATH);
            } catch (IOException planned) {
                assertThat(faulty).isTrue();
                return;
            }
            Value before = model.get(key);
            switch (result) {
                case DeleteResult.Deleted _ -> {
                    assertThat(before).isNotNull();
                    model.remove(key);
                    // A deletion's marker keeps the needle's cookie only if the deleter named it.
                }
                case DeleteResult.NotFound _ -> assertThat(before).isNull();
                case DeleteResult.WrongCookie _ -> assertThat(cookie).isPresent().isNotEqualTo(Optional.of(before.cookie()));
                case DeleteResult.DiskFull _ -> assertThat(faulty).isTrue();
                case DeleteResult.ReadOnly _, DeleteResult.Busy _, DeleteResult.Unmounted _ ->
                        throw new AssertionError("unexpected " + result);
            }
        }

        private void reopen() throws IOException {
            boolean faultyThen = faulty;
            faulty = false;
            VolumeNumbers before = volume.numbers();
            volume.unmount(random.nextBoolean());
            volume = Volumes.open(disk);
            assertThat(volume.readOnly().reasons()).isEmpty();
            assertThat(volume.numbers()).isEqualTo(before);
            faulty = faultyThen;
        }

        private void checkAll() throws IOException {
            for (long key = 1; key <= KEYS; key++) checkOne(key);
        }

        private void checkOne(long key) throws IOException {
            Value expected = model.get(key);
            Optional<byte[]> found = Volumes.get(volume, key);
            assertThat(found.isPresent()).as("key %d", key).isEqualTo(expected != null);
            if (expected != null) {
                assertThat(Arrays.equals(found.orElseThrow(), expected.data())).as("key %d", key).isTrue();
            }
        }
    }
}
