package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.EveryLoss;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.faulty.Losses;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.testkit.SeededRounds;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Small histories of one volume (stores, deletions, vacuums, restarts, a lost index) crashed at every call that changes
 * or syncs something, in the repair of an earlier crash too. After the death of the process everything acknowledged
 * must be there; after a power loss everything that a completed sync covered; and never anything else.
 */
class CrashEnumerationTest {
    private static final int MOST_LOSSES = 600;

    private final AtomicLong states = new AtomicLong();

    @Test
    void theDeathOfTheProcessAtEveryCallAndByte() {
        long done = SeededRounds.run("death of the process", 300, seed -> {
            CrashScript script = CrashScript.draw(seed.random(), 4, false);
            for (DiskCall call : CrashRun.of(script, FaultPlan.NONE).calls) {
                for (int bytes : bytesDone(call)) {
                    String what = "crash in " + call + " after " + bytes + " bytes";
                    CrashRun run = CrashRun.of(script, FaultPlan.crashAt(call.number(), bytes));
                    run.checkProcessDeath(run.disk.afterProcessDeath(), what);
                    states.incrementAndGet();
                }
            }
        });
        counted("after the death of the process", done, 300, 60_000);
    }

    // Every number of bytes where the record is small, as nearly all are here.
    private static int[] bytesDone(DiskCall call) {
        int bytes = (int) call.bytes();
        if (bytes <= 100) return IntStream.rangeClosed(0, bytes).toArray();
        return new int[] {0, 1, 15, 16, 20, bytes / 2, bytes - 1, bytes};
    }

    @Test
    void everyLegalLossOfASingleChangeWithTearsAtEveryByte() {
        long done = SeededRounds.run("power loss in one change", 60, seed -> {
            CrashScript script = CrashScript.draw(seed.random(), 1, true);
            everyLoss(script, true, Integer.MAX_VALUE);
        });
        counted("after a power loss in one change", done, 60, 40_000);
    }

    @Test
    void everyLegalLossOfTinyHistories() {
        long done = SeededRounds.run("power loss, enumerated", 120, seed -> {
            SplittableRandom random = seed.random();
            CrashScript script = CrashScript.draw(random, 3, random.nextBoolean());
            everyLoss(script, false, MOST_LOSSES);
        });
        counted("after a power loss, enumerated", done, 120, 100_000);
    }

    private void everyLoss(CrashScript script, boolean atEveryByte, int most) throws IOException {
        int calls = CrashRun.of(script, FaultPlan.NONE).calls.size();
        for (int crash = 1; crash <= calls + 1; crash++) {
            CrashRun run = CrashRun.of(script, FaultPlan.crashAt(crash, 9));
            EveryLoss losses = atEveryByte ? EveryLoss.tearingAtEveryByte() : new EveryLoss();
            int number = 0;
            do {
                powerLoss(run, losses, "crash in call " + crash + " of " + calls + ", loss " + number);
            } while (losses.next() && ++number < most);
        }
    }

    @Test
    void theRepairOfACrashCrashesToo() {
        long done = SeededRounds.run("crash in the repair", 1_500, seed -> {
            SplittableRandom random = seed.random();
            CrashScript script = CrashScript.draw(random, random.nextInt(1, 12), false);
            int calls = CrashRun.of(script, FaultPlan.NONE).calls.size();
            CrashRun run = CrashRun.of(script, FaultPlan.crashAt(random.nextInt(1, calls + 2), random.nextInt(60)));
            boolean powerLoss = random.nextInt(3) > 0;
            Losses first = Losses.random(random);
            long state = random.nextLong();
            MemoryDisk left = powerLoss ? run.disk.afterPowerLoss(first) : run.disk.afterProcessDeath();
            byte[] dat = Volumes.bytes(left, script.files().dat());
            for (int crash = 1; ; crash++) {
                MemoryDisk again = copy(left);
                FaultyDisk repairing = new FaultyDisk(again, FaultPlan.crashAt(crash, random.nextInt(40)));
                try {
                    Volumes.open(repairing, script.files()).unmount(false);
                } catch (IOException died) {
                    if (!repairing.hasCrashed()) throw died;
                }
                for (int i = 0; i < 8; i++) {
                    String what = "crash " + crash + " in the repair, loss " + i + " of " + state;
                    if (powerLoss) run.checkPowerLoss(repairing.afterPowerLoss(Losses.random(random)), what);
                    else run.checkProcessDeath(repairing.afterProcessDeath(), what);
                    states.incrementAndGet();
                    if (!powerLoss) break;
                }
                if (!repairing.hasCrashed()) break;
            }
            assertThat(Arrays.copyOf(dat, 8)).isEqualTo(Arrays.copyOf(Volumes.bytes(left, script.files().dat()), 8));
        });
        counted("after a crash in a repair", done, 1_500, 20_000);
    }

    private static MemoryDisk copy(MemoryDisk disk) throws IOException {
        MemoryDisk copy = Volumes.disk();
        for (var directory : disk.directories()) copy.createDirectories(directory);
        for (var file : disk.snapshot().entrySet()) Volumes.write(copy, file.getKey(), file.getValue());
        return copy;
    }

    @Test
    void randomLossesOfLongerHistories() {
        long done = SeededRounds.run("power loss, drawn", 1_000, seed -> {
            SplittableRandom random = seed.random();
            CrashScript script = CrashScript.draw(random, 12, random.nextInt(3) == 0);
            int calls = CrashRun.of(script, FaultPlan.NONE).calls.size();
            CrashRun run = CrashRun.of(script, FaultPlan.crashAt(random.nextInt(1, calls + 2), random.nextInt(40)));
            for (int i = 0; i < 40; i++) powerLoss(run, Losses.random(random), "loss " + i);
        });
        counted("after a power loss, drawn", done, 1_000, 40_000);
    }

    /** Nothing can be promised then, but that no wrong bytes are given out and that the volume opens. */
    @Test
    void aDiskThatLiesAboutSyncsCostsContentsButGivesNoWrongOnes() {
        long done = SeededRounds.run("syncs that lie", 500, seed -> {
            SplittableRandom random = seed.random();
            CrashScript script = CrashScript.draw(random, 8, false);
            int calls = CrashRun.of(script, FaultPlan.NONE).calls.size();
            int crash = random.nextInt(1, calls + 2);
            int done1 = random.nextInt(40);
            CrashRun run = CrashRun.of(script, call -> {
                boolean sync = call.kind() == DiskCall.Kind.SYNC;
                if (call.number() == crash) return new Fault.Crash(done1);
                return sync ? new Fault.Lie() : Fault.NONE;
            });
            for (int i = 0; i < 20; i++) {
                MemoryDisk left = run.disk.afterPowerLoss(Losses.random(random));
                try {
                    run.checkPowerLoss(left, "loss " + i);
                } catch (RefusedVolumeException refused) {
                    // The superblock of a vacuumed volume was never on the disk.
                    assertThat(refused).hasMessageContaining(".dat");
                }
                states.incrementAndGet();
            }
        });
        counted("after syncs that lied", done, 500, 10_000);
    }

    @Test
    void aCreationOrARemovalThatCrashesIsDoneOverOrNeverWas() {
        long done = SeededRounds.run("creation and removal", 20, seed -> {
            for (int crash = 1; ; crash++) {
                FaultyDisk disk = new FaultyDisk(Volumes.disk(), FaultPlan.crashAt(crash, seed.random().nextInt(12)));
                try {
                    Volume created = Volumes.create(disk);
                    created.append(Volumes.draft(1, 1, new byte[] {1, 2, 3}), Durability.POWER_LOSS);
                    created.unmount(true);
                    VolumeRemoval.removeAll(disk, Volumes.FILES, false);
                } catch (IOException died) {
                    if (!disk.hasCrashed()) throw died;
                }
                EveryLoss losses = new EveryLoss();
                int number = 0;
                do {
                    String what = "crash in call " + crash + ", loss " + number;
                    MemoryDisk left = disk.afterPowerLoss(losses);
                    Optional<byte[]> before = content(left);
                    // What was removed may be there still, whole; but never a volume that is half of one.
                    if (before.isPresent()) assertThat(before).as(what).hasValue(new byte[] {1, 2, 3});
                    VolumeRemoval.removeAll(left, Volumes.FILES, false);
                    Volume again = Volumes.create(left);
                    assertThat(Volumes.get(again, 1)).as(what).isEmpty();
                    assertThat(Volumes.put(again, 2, 1, new byte[] {4})).as(what).isInstanceOf(AppendResult.Stored.class);
                    again.unmount(true);
                    states.incrementAndGet();
                } while (losses.next() && ++number < MOST_LOSSES);
                // A creation done over without removing anything must end well too.
                MemoryDisk left = disk.afterPowerLoss(Losses.random(seed.random()));
                VolumeOpener.create(Volumes.context(left), Volumes.FILES, ReplicaPlacement.SINGLE, Ttl.NONE, 0).unmount(true);
                if (!disk.hasCrashed()) return;
            }
        });
        counted("after a crash in a creation or a removal", done, 20, 3_000);
    }

    private static Optional<byte[]> content(MemoryDisk disk) throws IOException {
        Optional<Volume> opened;
        try {
            opened = VolumeOpener.open(Volumes.context(disk), Volumes.FILES);
        } catch (RefusedVolumeException unfinished) {
            return Optional.empty();
        }
        if (opened.isEmpty()) return Optional.empty();
        try {
            return Volumes.get(opened.get(), 1);
        } catch (DamagedRecordException unsynced) {
            return Optional.empty();
        } finally {
            opened.get().unmount(false);
        }
    }

    private void powerLoss(CrashRun run, Losses losses, String what) throws IOException {
        MemoryDisk left = run.disk.afterPowerLoss(losses);
        byte[] dat = Volumes.bytes(left, run.script.files().dat());
        byte[] idx = left.exists(run.script.files().idx()) ? Volumes.bytes(left, run.script.files().idx()) : new byte[0];
        try {
            run.checkPowerLoss(left, what);
        } catch (AssertionError | IOException failed) {
            HexFormat hex = HexFormat.of();
            throw new AssertionError(what + " left " + left.snapshot().keySet() + " " + hex.formatHex(dat) + " and "
                    + hex.formatHex(idx) + " of " + run.script, failed);
        }
        states.incrementAndGet();
    }

    private void counted(String what, long rounds, long wanted, long least) {
        System.out.println(states + " states " + what + ", each as it may be");
        if (rounds >= wanted) assertThat(states.get()).isGreaterThanOrEqualTo(least);
    }
}
