package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.EveryLoss;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.faulty.Losses;
import dev.kelpfs.disk.memory.MemoryDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Small histories of one volume, crashed at every call that changes something, with every part of a write done. After
 * the death of the process everything acknowledged must be there; after a power loss everything that a completed sync
 * covered, and nothing that was never stored.
 */
class CrashEnumerationTest {
    private static final int KEYS = 3;

    /** One step of a history. */
    private record Step(long key, byte[] data, boolean delete, Durability durability) {}

    /** What one key went through; absence is an empty value. */
    private static final class KeyHistory {
        final List<Optional<byte[]>> versions = new ArrayList<>(List.of(Optional.empty()));
        int acknowledged;
        int durable;
    }

    private final TreeMap<Long, KeyHistory> histories = new TreeMap<>();
    private long states;

    @Test
    void everyWriteBoundaryOfShortHistories() throws Exception {
        for (long seed = 0; seed < 40; seed++) {
            List<Step> steps = steps(new SplittableRandom(seed), 4);
            int calls = run(steps, call -> Fault.NONE).calls();
            for (int crash = 1; crash <= calls; crash++) {
                for (int done : new int[] {0, 1, 7, 15, 20, 33, Integer.MAX_VALUE}) {
                    FaultyDisk disk = run(steps, crashAt(crash, done));
                    checkProcessDeath(disk, "seed " + seed + ", crash in call " + crash + " after " + done + " bytes");
                }
            }
        }
        System.out.println("states after the death of the process: " + states);
        assertThat(states).isGreaterThan(1_500);
    }

    @Test
    void everyLegalLossOfTinyHistories() throws Exception {
        for (long seed = 0; seed < 30; seed++) {
            List<Step> steps = steps(new SplittableRandom(1_000 + seed), 3);
            int calls = run(steps, call -> Fault.NONE).calls();
            for (int crash = 1; crash <= calls + 1; crash++) {
                FaultyDisk disk = run(steps, crashAt(crash, 9));
                EveryLoss losses = new EveryLoss();
                int left = 400;
                do {
                    checkPowerLoss(disk, losses, "seed " + seed + ", crash in call " + crash + ", loss " + left);
                } while (losses.next() && --left > 0);
            }
        }
        System.out.println("states after a power loss, enumerated: " + states);
        assertThat(states).isGreaterThan(20_000);
    }

    @Test
    void randomLossesOfLongerHistories() throws Exception {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(5_000 + seed);
            List<Step> steps = steps(random, 12);
            int calls = run(steps, call -> Fault.NONE).calls();
            FaultyDisk disk = run(steps, crashAt(random.nextInt(1, calls + 2), random.nextInt(40)));
            for (int i = 0; i < 60; i++) {
                checkPowerLoss(disk, Losses.random(random), "seed " + seed + ", loss " + i);
            }
        }
        System.out.println("states after a power loss, drawn: " + states);
    }

    private static FaultPlan crashAt(int number, int done) {
        return call -> call.number() == number
                ? new Fault.Crash(call.kind() == DiskCall.Kind.WRITE ? done : 0) : Fault.NONE;
    }

    private static List<Step> steps(SplittableRandom random, int count) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] data = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(1, 60)];
            random.nextBytes(data);
            Durability durability = random.nextInt(3) == 0 ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
            steps.add(new Step(random.nextInt(1, KEYS + 1), data, random.nextInt(3) == 0, durability));
        }
        return steps;
    }

    /** Runs the history until it ends or crashes; fills the histories of the keys. */
    private FaultyDisk run(List<Step> steps, FaultPlan plan) throws IOException {
        histories.clear();
        for (long key = 1; key <= KEYS; key++) histories.put(key, new KeyHistory());
        MemoryDisk memory = Volumes.disk();
        Volumes.create(memory).unmount(true);
        FaultyDisk disk = new FaultyDisk(memory, plan);
        try {
            Volume volume = Volumes.open(disk);
            for (Step step : steps) {
                KeyHistory history = histories.get(step.key());
                Optional<byte[]> before = history.versions.getLast();
                Optional<byte[]> after = step.delete() ? Optional.empty() : Optional.of(step.data());
                boolean changes = !(before.isEmpty() && after.isEmpty());
                if (changes) history.versions.add(after);
                if (step.delete()) {
                    volume.delete(Volumes.key(step.key()), Optional.empty(), step.durability());
                } else {
                    assertThat(volume.append(Volumes.draft(step.key(), 1, step.data()), step.durability()))
                            .isInstanceOfAny(AppendResult.Stored.class, AppendResult.Unchanged.class);
                }
                history.acknowledged = history.versions.size() - 1;
                boolean synced = step.durability() == Durability.POWER_LOSS && (!step.delete() || changes);
                if (synced) histories.values().forEach(each -> each.durable = each.acknowledged);
            }
        } catch (IOException failed) {
            if (!disk.hasCrashed()) throw failed;
        }
        return disk;
    }

    private void checkProcessDeath(FaultyDisk crashed, String what) throws IOException {
        MemoryDisk disk = crashed.afterProcessDeath();
        Volume volume = Volumes.open(disk);
        assertThat(volume.readOnly().reasons()).as(what).isEmpty();
        check(volume, what, false);
        assertThat(Volumes.put(volume, 99, 1, new byte[] {1})).as(what).isInstanceOf(AppendResult.Stored.class);
        volume.unmount(true);
        check(Volumes.open(disk), what + ", opened again", false);
        states++;
    }

    private void checkPowerLoss(FaultyDisk crashed, Losses losses, String what) throws IOException {
        MemoryDisk disk = crashed.afterPowerLoss(losses);
        byte[] dat = Volumes.bytes(disk, Volumes.FILES.dat());
        byte[] idx = Volumes.bytes(disk, Volumes.FILES.idx());
        try {
            check(Volumes.open(disk), what, true);
            check(Volumes.open(disk), what + ", opened again", true);
        } catch (AssertionError failed) {
            HexFormat hex = HexFormat.of();
            throw new AssertionError(what + " left " + hex.formatHex(dat) + " and " + hex.formatHex(idx), failed);
        }
        states++;
    }

    private void check(Volume volume, String what, boolean powerLoss) throws IOException {
        for (var each : histories.entrySet()) {
            KeyHistory history = each.getValue();
            int least = powerLoss ? history.durable : history.acknowledged;
            List<Optional<byte[]>> allowed = history.versions.subList(least, history.versions.size());
            Optional<byte[]> found;
            try {
                found = Volumes.get(volume, each.getKey());
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
