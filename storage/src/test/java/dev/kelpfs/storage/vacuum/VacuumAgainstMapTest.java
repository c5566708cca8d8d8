package dev.kelpfs.storage.vacuum;

import static dev.kelpfs.storage.vacuum.VacuumBench.VACUUM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.DiskFullException;
import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeNumbers;
import dev.kelpfs.testkit.SeededRounds;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Random stores, overwrites, deletions, restarts and vacuums beside a map that must agree. Stores and deletions also
 * happen between any two records of a copy, between copy and commit, and beside a disk that fails the vacuum.
 */
class VacuumAgainstMapTest {
    private static final int SEQUENCES = 2_000;
    private static final int KEYS = 12;

    @Test
    void agreesWithAMap() {
        AtomicLong vacuums = new AtomicLong();
        long done = SeededRounds.run("vacuum against a map", SEQUENCES, seed -> {
            Run run = new Run(seed.random());
            run.go();
            vacuums.addAndGet(run.commits);
        });
        System.out.println(vacuums + " vacuums in " + done + " sequences");
        assertThat(vacuums.get()).isGreaterThanOrEqualTo(done);
    }

    private static final class Run implements CompactObserver {
        private final SplittableRandom random;
        private final FaultyDisk disk;
        private final Map<Long, byte[]> model = new TreeMap<>();
        private Volume volume;
        private boolean faulty;
        private int commits;

        Run(SplittableRandom random) throws IOException {
            this.random = random;
            disk = new FaultyDisk(VacuumBench.disk(), this::fault);
            volume = VacuumBench.create(disk);
        }

        /** Faults strike the files of the vacuum only, and not while they are put in place. */
        private Fault fault(DiskCall call) {
            boolean writes = call.kind() == DiskCall.Kind.WRITE || call.kind() == DiskCall.Kind.SYNC;
            if (!faulty || !writes || !call.path().toString().contains(".cp") || random.nextInt(4) > 0) return Fault.NONE;
            IOException failure = random.nextBoolean() ? new IOException("planned") : new DiskFullException(call.path());
            return new Fault.Fail(failure, random.nextInt((int) call.bytes() + 1));
        }

        void go() throws IOException {
            for (int step = random.nextInt(10, 60); step > 0; step--) {
                switch (random.nextInt(12)) {
                    case 0 -> reopen();
                    case 1, 2 -> vacuum();
                    default -> change();
                }
                verify();
            }
            reopen();
            verify();
            volume.unmount(true);
            disk.delete(VacuumBench.FILES.idx());
            volume = VacuumBench.open(disk);
            assertThat(volume.readOnly().reasons()).isEmpty();
            verify();
        }

        private void change() throws IOException {
            long key = random.nextInt(2) == 0 ? random.nextInt(1, KEYS) : -random.nextInt(1, KEYS);
            if (random.nextInt(3) == 0) {
                VacuumBench.delete(volume, key);
                model.remove(key);
                return;
            }
            byte[] data = new byte[random.nextInt(5) == 0 ? 0 : random.nextInt(200)];
            random.nextBytes(data);
            VacuumBench.put(volume, key, data);
            model.put(key, data);
        }

        private void vacuum() throws IOException {
            faulty = random.nextInt(4) == 0;
            try {
                CompactResult compacted = VACUUM.compact(volume, CompactOptions.DEFAULT, this);
                boolean done = compacted instanceof CompactResult.Compacted;
                if (!done) assertThat(compacted).isInstanceOf(CompactResult.NoSpace.class);
                for (int i = random.nextInt(6); i > 0; i--) change();
                if (random.nextInt(8) == 0) VACUUM.cleanup(volume);
                else if (VACUUM.commit(volume) instanceof CommitResult.Committed) commits++;
            } catch (IOException failed) {
                assertThat(failed).hasMessageContaining("planned");
            } finally {
                faulty = false;
            }
            assertThat(volume.readOnly().reasons()).isEmpty();
        }

        @Override
        public void processed(long sourceBytes) {}

        @Override
        public boolean isCancelled() {
            try {
                if (random.nextInt(4) == 0) change();
                return false;
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        }

        private void reopen() throws IOException {
            if (random.nextInt(3) == 0) VACUUM.compact(volume, CompactOptions.DEFAULT, this);
            VolumeNumbers before = volume.numbers();
            volume.unmount(random.nextBoolean());
            volume = VacuumBench.open(disk);
            VolumeNumbers after = volume.numbers();
            assertThat(after.files()).isEqualTo(before.files());
            assertThat(after.deletedBytes()).isEqualTo(before.deletedBytes());
            assertThat(after.revision()).isEqualTo(before.revision());
            assertThat(volume.readOnly().reasons()).isEmpty();
        }

        private void verify() throws IOException {
            for (long key = -KEYS; key <= KEYS; key++) {
                byte[] expected = model.get(key);
                Optional<byte[]> found = VacuumBench.get(volume, key);
                assertThat(found.map(Arrays::toString)).as("key %d", key)
                        .isEqualTo(Optional.ofNullable(expected).map(Arrays::toString));
            }
        }
    }
}
