package dev.kelpfs.storage.vacuum;

import static dev.kelpfs.storage.vacuum.VacuumBench.VACUUM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.faulty.EveryLoss;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.faulty.Losses;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.DeleteResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.SeededRounds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A vacuum with changes before, in the middle and behind it, crashed at every call that changes or syncs something.
 * After the death of the process everything acknowledged is there, after a power loss everything that a completed sync
 * covered; what a power loss spares, and in which order, is walked through or drawn.
 */
class VacuumCrashTest {
    private static final int KEYS = 4;
    private static final int HISTORIES = 20;
    private static final VolumeFiles BESIDE = VacuumBench.FILES;
    private static final VolumeFiles APART =
            new VolumeFiles(VacuumBench.FILES.name(), VacuumBench.DATA, VacuumBench.INDEX);

    /** What one key went through; absence is an empty value. */
    private static final class KeyHistory {
        final List<Optional<byte[]>> versions = new ArrayList<>(List.of(Optional.empty()));
        int acknowledged;
        int durable;
    }

    /** A run of one history on a disk that crashes as planned. */
    private static final class Run implements CompactObserver {
        final Map<Long, KeyHistory> histories = new TreeMap<>();
        final FaultyDisk disk;
        private final SplittableRandom random;
        /** Null once it was told to end. */
        private @Nullable Volume volume;
        /** Why the history ended early; null if it did not. */
        private @Nullable Exception end;

        Run(long seed, VolumeFiles files, FaultPlan plan) throws IOException {
            random = new SplittableRandom(seed);
            for (long key = 1; key <= KEYS; key++) histories.put(key, new KeyHistory());
            MemoryDisk memory = VacuumBench.disk();
            VacuumBench.create(memory, files, Ttl.NONE, new VacuumBench.Clock()).unmount(true);
            disk = new FaultyDisk(memory, plan);
            try {
                go(files);
            } catch (IOException | IllegalStateException failed) {
                end = failed;
            }
        }

        Run ended() {
            if (end != null && !disk.hasCrashed()) throw new AssertionError("the history failed", end);
            return this;
        }

        private void go(VolumeFiles files) throws IOException {
            volume = VacuumBench.open(disk, files);
            for (int i = 0; i < 5; i++) change();
            for (int round = random.nextInt(1, 3); round > 0; round--) {
                assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, this))
                        .isInstanceOf(CompactResult.Compacted.class);
                change();
                assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
                change();
            }
            change();
            // Unmounted even when its last sync fails: then it answers nobody any more.
            Volume ending = volume;
            volume = null;
            ending.unmount(random.nextBoolean());
        }

        private void change() throws IOException {
            long key = random.nextInt(1, KEYS + 1);
            boolean delete = random.nextInt(3) == 0;
            Durability durability = random.nextInt(3) == 0 ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
            byte[] data = new byte[random.nextInt(5) == 0 ? 0 : random.nextInt(1, 30)];
            random.nextBytes(data);
            KeyHistory history = histories.get(key);
            Optional<byte[]> after = delete ? Optional.empty() : Optional.of(data);
            if (!delete || history.versions.getLast().isPresent()) history.versions.add(after);
            boolean synced = durability == Durability.POWER_LOSS;
            if (delete) {
                DeleteResult result = volume.delete(new NeedleKey(key), Optional.empty(), durability);
                synced &= result instanceof DeleteResult.Deleted;
            } else {
                AppendResult result = volume.append(VacuumBench.draft(key, data), durability);
                assertThat(result).isInstanceOfAny(AppendResult.Stored.class, AppendResult.Unchanged.class);
            }
            history.acknowledged = history.versions.size() - 1;
            if (synced) histories.values().forEach(each -> each.durable = each.acknowledged);
        }

        @Override
        public void processed(long sourceBytes) {}

        @Override
        public boolean isCancelled() {
            try {
                if (!disk.hasCrashed() && random.nextInt(6) == 0) change();
                return false;
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        }

        void check(Disk left, VolumeFiles files, String what, boolean powerLoss) throws IOException {
            Volume opened = VacuumBench.open(left, files);
            if (!powerLoss) assertThat(opened.readOnly().reasons()).as(what).isEmpty();
            check(opened, what, powerLoss);
            List<String> names = new ArrayList<>(left.list(VacuumBench.DATA));
            names.addAll(left.list(VacuumBench.INDEX));
            assertThat(names).as(what).noneMatch(name -> name.contains(".cp"));
            opened.unmount(true);
        }

        private void check(Volume opened, String what, boolean powerLoss) throws IOException {
            for (var each : histories.entrySet()) {
                KeyHistory history = each.getValue();
                int least = powerLoss ? history.durable : history.acknowledged;
                List<Optional<byte[]>> allowed = history.versions.subList(least, history.versions.size());
                Optional<byte[]> found;
                try {
                    found = VacuumBench.get(opened, each.getKey());
                } catch (IOException damaged) {
                    // Fine for what no sync covered: named, and never wrong bytes.
                    assertThat(powerLoss && allowed.size() > 1).as("%s: key %d: %s", what, each.getKey(), damaged).isTrue();
                    continue;
                }
                assertThat(allowed).as("%s: key %d is %s", what, each.getKey(), found.map(Arrays::toString))
                        .anyMatch(version -> version.isPresent() == found.isPresent()
                                && (version.isEmpty() || Arrays.equals(version.get(), found.get())));
            }
        }
    }

    private final AtomicLong states = new AtomicLong();

    private static VolumeFiles files(Seed seed) {
        return seed.value() % 3 == 0 ? APART : BESIDE;
    }

    @Test
    void theDeathOfTheProcessAtEveryCall() {
        long done = SeededRounds.run("death of the process in a vacuum", HISTORIES, seed -> {
            VolumeFiles files = files(seed);
            int calls = new Run(seed.value(), files, FaultPlan.NONE).ended().disk.calls();
            for (int crash = 1; crash <= calls; crash++) {
                for (int bytes : new int[] {0, 9, Integer.MAX_VALUE}) {
                    Run run = new Run(seed.value(), files, FaultPlan.crashAt(crash, bytes)).ended();
                    String what = "crash in call " + crash + " after " + bytes + " bytes";
                    MemoryDisk left = run.disk.afterProcessDeath();
                    run.check(left, files, what, false);
                    run.check(left, files, what + ", opened again", false);
                    states.incrementAndGet();
                }
            }
        });
        System.out.println("states after the death of the process: " + states);
        assertThat(states.get()).isGreaterThan(100 * done);
    }

    @Test
    void thePowerLossAtEveryCall() {
        long done = SeededRounds.run("power loss in a vacuum", HISTORIES, seed -> {
            VolumeFiles files = files(seed);
            int calls = new Run(seed.value(), files, FaultPlan.NONE).ended().disk.calls();
            for (int crash = 1; crash <= calls + 1; crash++) {
                Run run = new Run(seed.value(), files, FaultPlan.crashAt(crash, 9)).ended();
                EveryLoss losses = new EveryLoss();
                int walked = 0;
                boolean more;
                do {
                    powerLoss(run, files, losses, "crash in call " + crash + ", loss " + walked);
                    states.incrementAndGet();
                    more = losses.next();
                } while (more && ++walked < 24);
                SplittableRandom random = seed.derive(crash).random();
                for (int i = 0; more && i < 24; i++) {
                    powerLoss(run, files, Losses.random(random), "crash in call " + crash + ", drawn loss " + i);
                    states.incrementAndGet();
                }
            }
        });
        System.out.println("states after a power loss: " + states);
        assertThat(states.get()).isGreaterThan(1_000 * done);
    }

    private static void powerLoss(Run run, VolumeFiles files, Losses losses, String what) throws IOException {
        MemoryDisk left = run.disk.afterPowerLoss(losses);
        try {
            run.check(left, files, what, true);
            run.check(left, files, what + ", opened again", true);
        } catch (AssertionError | IOException failed) {
            throw new AssertionError(what + " left " + left.snapshot().keySet(), failed);
        }
    }

    @Test
    void aCallThatFailsLeavesTheVolumeRightAtOnceAndAfterARestart() {
        SeededRounds.run("a failing call in a vacuum", HISTORIES, seed -> {
            int calls = new Run(seed.value(), files(seed), FaultPlan.NONE).ended().disk.calls();
            for (int at = 1; at <= calls; at++) fail(seed.value(), files(seed), at);
        });
    }

    private static void fail(long seed, VolumeFiles files, int at) throws IOException {
        String what = "seed " + seed + ", call " + at + " fails";
        Run run = new Run(seed, files, call -> call.number() == at
                ? new Fault.Fail(new IOException("planned"), 0) : Fault.NONE);
        // Unless it was unmounted at its end, the volume must have gone on giving the right answers by itself.
        if (run.end != null && run.volume != null) run.check(run.volume, what, false);
        run.check(run.disk.afterProcessDeath(), files, what, false);
    }
}
