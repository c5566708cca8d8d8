package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.faulty.Losses;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.NeedleDraft;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A server that syncs always keeps through a power loss what nobody asked to be synced. */
class LeastDurabilityTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));
    private static final Path DATA = Path.of("/data");
    private static final VolumeFiles FILES = new VolumeFiles(VolumeName.parse("3").orElseThrow(), DATA, DATA);

    /** Nothing survives that no sync covered. */
    private static final Losses ALL_LOST = new Losses() {
        @Override
        public int choose(int bound) {
            return bound - 1;
        }

        @Override
        public int tear(int length) {
            return 1;
        }
    };

    @Test
    void whatWasAcknowledgedSurvivesTheLossOfEverythingUnsynced() throws Exception {
        FaultyDisk disk = disk();
        Volume volume = VolumeOpener.create(context(disk, Durability.POWER_LOSS), FILES, ReplicaPlacement.SINGLE, Ttl.NONE, 0);
        assertThat(volume.tryAppend(draft(1))).as("would not wait for a sync").isEqualTo(AppendResult.Busy.ANSWER);
        assertThat(volume.append(draft(1), Durability.PROCESS_DEATH)).isInstanceOf(AppendResult.Stored.class);
        assertThat(volume.append(draft(2), Durability.PROCESS_DEATH)).isInstanceOf(AppendResult.Stored.class);
        assertThat(volume.tryDelete(new NeedleKey(2), Optional.empty())).isEqualTo(DeleteResult.Busy.ANSWER);
        assertThat(volume.delete(new NeedleKey(2), Optional.empty(), Durability.PROCESS_DEATH))
                .isInstanceOf(DeleteResult.Deleted.class);

        Volume opened = open(disk.afterPowerLoss(ALL_LOST));
        assertThat(opened.find(new NeedleKey(1))).isInstanceOf(FindResult.Hit.class);
        assertThat(opened.find(new NeedleKey(2))).isNotInstanceOf(FindResult.Hit.class);
    }

    @Test
    void withoutItThatIsLost() throws Exception {
        FaultyDisk disk = disk();
        Volume volume =
                VolumeOpener.create(context(disk, Durability.PROCESS_DEATH), FILES, ReplicaPlacement.SINGLE, Ttl.NONE, 0);
        assertThat(volume.append(draft(1), Durability.PROCESS_DEATH)).isInstanceOf(AppendResult.Stored.class);
        assertThat(open(disk.afterPowerLoss(ALL_LOST)).find(new NeedleKey(1)))
                .as("else the test above shows nothing").isNotInstanceOf(FindResult.Hit.class);
    }

    private static FaultyDisk disk() throws Exception {
        MemoryDisk memory = new MemoryDisk(CLOCK, 1 << 20);
        memory.createDirectories(DATA);
        return new FaultyDisk(memory, FaultPlan.NONE);
    }

    private static Volume open(Disk disk) throws Exception {
        return VolumeOpener.open(context(disk, Durability.PROCESS_DEATH), FILES).orElseThrow();
    }

    private static VolumeContext context(Disk disk, Durability least) {
        return new VolumeContext(disk, CLOCK, () -> 0, Runnable::run, least, new SplittableRandom(1));
    }

    private static NeedleDraft draft(long key) {
        return NeedleDraft.of(new NeedleKey(key), new Cookie(7)).data(ByteBuffer.wrap(new byte[100])).build();
    }
}
