package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.faulty.EveryLoss;
import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.faulty.Losses;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.storage.volume.CrashScript.Step;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.SeededRounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Power losses in writes over several pages, of which any may reach the disk without the others: records of many thousand
 * bytes, the copies of a vacuum, and the rows of an index that is made anew.
 */
class LargeWriteCrashTest {
    private static final int MOST_LOSSES = 400;
    private static final int MANY = 700;

    private final AtomicLong states = new AtomicLong();

    /** Changes of up to five pages each, between small ones. */
    private static CrashScript draw(SplittableRandom random, int count) {
        RecordVersion version = RecordVersion.of(random.nextInt(1, 4)).orElseThrow();
        Path index = random.nextInt(4) == 0 ? Path.of("/index") : Volumes.DATA;
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(i > 0 && random.nextInt(6) == 0 ? new Step.Vacuum(List.of(change(random))) : change(random));
        }
        return new CrashScript(version, new VolumeFiles(Volumes.FILES.name(), Volumes.DATA, index), List.copyOf(steps));
    }

    private static Step change(SplittableRandom random) {
        long key = random.nextInt(1, CrashScript.KEYS + 1);
        Durability durability = random.nextInt(4) == 0 ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
        if (random.nextInt(5) == 0) return new Step.Delete(key, durability);
        int pages = random.nextInt(5);
        byte[] data = new byte[4 + random.nextInt(50) + pages * 4096 - (pages > 0 ? random.nextInt(50) : 0)];
        // Now and then what a page that never came looks like.
        if (random.nextInt(4) > 0) random.nextBytes(data);
        return new Step.Store(key, data, durability);
    }

    @Test
    void everySubsetOfThePagesOfOneOrTwoWrites() {
        long done = SeededRounds.run("power loss in large writes", 60, seed -> {
            SplittableRandom random = seed.random();
            CrashScript script = draw(random, random.nextInt(1, 3));
            int calls = CrashRun.of(script, FaultPlan.NONE).calls.size();
            for (int crash = 1; crash <= calls + 1; crash++) {
                CrashRun run = CrashRun.of(script, FaultPlan.crashAt(crash, random.nextInt(12_000)));
                EveryLoss losses = new EveryLoss();
                int number = 0;
                do {
                    powerLoss(run, losses, "crash in call " + crash + " of " + calls + ", loss " + number);
                } while (losses.next() && ++number < MOST_LOSSES);
            }
        });
        counted("after a power loss in large writes", done, 60, 20_000);
    }

    @Test
    void randomSubsetsInLongerHistories() {
        long done = SeededRounds.run("power loss in large writes, drawn", 300, seed -> {
            SplittableRandom random = seed.random();
            CrashScript script = draw(random, 8);
            int calls = CrashRun.of(script, FaultPlan.NONE).calls.size();
            CrashRun run = CrashRun.of(script, FaultPlan.crashAt(random.nextInt(1, calls + 2), random.nextInt(20_000)));
            for (int i = 0; i < 40; i++) powerLoss(run, Losses.random(random), "loss " + i);
        });
        counted("after a power loss in large writes, drawn", done, 300, 10_000);
    }

    private void powerLoss(CrashRun run, Losses losses, String what) throws IOException {
        MemoryDisk left = run.disk.afterPowerLoss(losses);
        byte[] idx = Volumes.bytes(left, run.script.files().idx());
        try {
            run.checkPowerLoss(left, what);
        } catch (AssertionError | IOException failed) {
            throw new AssertionError(what + ", left the rows " + HexFormat.of().formatHex(idx) + " of " + described(run.script), failed);
        }
        states.incrementAndGet();
    }

    private static String described(CrashScript script) {
        StringBuilder text = new StringBuilder(script.version().toString());
        for (Step step : script.steps()) {
            text.append(step instanceof Step.Store(long key, byte[] data, Durability durability)
                    ? ", Store[" + key + ", " + data.length + " bytes, " + durability + "]" : ", " + step);
        }
        return text.toString();
    }

    /** A torn row that is in line all the same, because both lengths are padded to the same. */
    @ParameterizedTest
    @EnumSource
    void aRowThatLostTheLastByteOfItsLengthIsMended(RecordVersion version) throws IOException {
        for (int lastByte = 1; lastByte <= 3; lastByte++) {
            MemoryDisk disk = Volumes.disk();
            Volumes.createFiles(disk, version);
            Volume volume = Volumes.open(disk);
            // 10 bytes beside the data, but in version 1.
            byte[] data = new Seed(lastByte).bytes(4096 + lastByte - (version == RecordVersion.V1 ? 0 : 10));
            for (long key = 1; key <= 3; key++) Volumes.put(volume, key, 1, data);
            volume.unmount(true);
            byte[] idx = Volumes.bytes(disk, Volumes.FILES.idx());
            for (int row = 0; row < 3; row++) {
                byte[] torn = idx.clone();
                int at = (row + 1) * IndexRow.BYTES - 1;
                assertThat(torn[at]).isEqualTo((byte) lastByte);
                torn[at] = 0;
                Volumes.write(disk, Volumes.FILES.idx(), torn);
                Volume opened = Volumes.open(disk);
                assertThat(opened.readOnly().reasons()).as("row %d, %d", row, lastByte).isEmpty();
                for (long key = 1; key <= 3; key++) assertThat(Volumes.get(opened, key)).hasValue(data);
                opened.unmount(true);
                assertThat(Volumes.bytes(disk, Volumes.FILES.idx())).isEqualTo(idx);
            }
        }
    }

    /** A start that has to write many rows, of which any page may be lost: it is done over, and everything is there. */
    @Test
    void anIndexOfManyPagesThatIsMadeAnewOrCompleted() throws IOException {
        MemoryDisk whole = Volumes.disk();
        Volume volume = Volumes.create(whole);
        for (int key = 1; key <= MANY; key++) Volumes.put(volume, key, 1, new byte[] {1, 2, 3, 4, (byte) key});
        volume.unmount(true);
        byte[] idx = Volumes.bytes(whole, Volumes.FILES.idx());
        byte[] half = new byte[idx.length];
        System.arraycopy(idx, 0, half, 0, 4096); // the other pages never came
        SplittableRandom random = Seed.announced("LargeWriteCrashTest, index").random();
        for (byte[] left : new byte[][] {new byte[0], Arrays.copyOf(idx, 16 * 20), half}) {
            for (int crash = 1; ; crash++) {
                MemoryDisk disk = Volumes.disk();
                for (var file : whole.snapshot().entrySet()) Volumes.write(disk, file.getKey(), file.getValue());
                Volumes.write(disk, Volumes.FILES.idx(), left);
                FaultyDisk starting = new FaultyDisk(disk, FaultPlan.crashAt(crash, random.nextInt(12_000)));
                try {
                    Volumes.open(starting).unmount(false);
                } catch (IOException died) {
                    if (!starting.hasCrashed()) throw died;
                }
                EveryLoss losses = new EveryLoss();
                do {
                    everything(starting.afterPowerLoss(losses), left.length + " bytes, crash " + crash);
                } while (losses.next());
                for (int i = 0; i < 20; i++) {
                    everything(starting.afterPowerLoss(Losses.random(random)), left.length + " bytes, crash " + crash);
                }
                if (!starting.hasCrashed()) break;
            }
        }
        System.out.println(states + " states of an index of many pages, each as it may be");
        assertThat(states.get()).isGreaterThan(200);
    }

    private void everything(MemoryDisk left, String what) throws IOException {
        Volume volume = Volumes.open(left);
        assertThat(volume.readOnly().reasons()).as(what).isEmpty();
        for (int key = 1; key <= MANY; key++) {
            assertThat(Volumes.get(volume, key)).as("%s, key %d", what, key).hasValue(new byte[] {1, 2, 3, 4, (byte) key});
        }
        volume.unmount(false);
        states.incrementAndGet();
    }

    private void counted(String what, long rounds, long wanted, long least) {
        System.out.println(states + " states " + what + ", each as it may be");
        if (rounds >= wanted) assertThat(states.get()).isGreaterThanOrEqualTo(least);
    }
}
