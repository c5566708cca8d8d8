package dev.kelpfs.storage.volume;

import static dev.kelpfs.storage.volume.Volumes.FILES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.faulty.Losses;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an answer promises when it was asked to survive a power loss, on a disk that then forgets all it may. */
class DurabilityTest {
    private static final byte[] HELLO = "hello world".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOTHING = {};

    private FaultyDisk disk;
    private Volume volume;

    private void create(RecordVersion version) throws IOException {
        MemoryDisk memory = Volumes.disk();
        Volumes.createFiles(memory, version);
        disk = new FaultyDisk(memory, FaultPlan.NONE);
        volume = Volumes.open(disk);
    }

    private Volume afterPowerLoss() throws IOException {
        MemoryDisk left = disk.afterPowerLoss(new Losses() {
            @Override
            public int choose(int bound) {
                return Math.min(1, bound - 1);
            }

            @Override
            public int tear(int length) {
                return 1;
            }
        });
        Volume opened = Volumes.open(left, FILES);
        assertThat(opened.readOnly().reasons()).isEmpty();
        return opened;
    }

    private AppendResult put(long key, byte[] data, Durability durability) throws IOException {
        return volume.append(Volumes.draft(key, 1, data), durability);
    }

    private DeleteResult delete(long key, Durability durability) throws IOException {
        return volume.delete(Volumes.key(key), Optional.empty(), durability);
    }

    @ParameterizedTest
    @EnumSource
    void storingAndDeletingAndWhatCameBefore(RecordVersion version) throws Exception {
        create(version);
        put(1, HELLO, Durability.PROCESS_DEATH);
        put(2, NOTHING, Durability.PROCESS_DEATH);
        put(3, HELLO, Durability.PROCESS_DEATH);
        assertThat(Volumes.get(afterPowerLoss(), 1)).isEmpty();
        delete(3, Durability.POWER_LOSS);
        put(4, HELLO, Durability.PROCESS_DEATH);
        Volume opened = afterPowerLoss();
        assertThat(Volumes.get(opened, 1)).hasValue(HELLO);
        assertThat(Volumes.get(opened, 2)).hasValue(NOTHING);
        assertThat(Volumes.get(opened, 3)).isEmpty();
        assertThat(Volumes.get(opened, 4)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsThereAlreadyIsMadeDurableToo(RecordVersion version) throws Exception {
        create(version);
        put(1, HELLO, Durability.PROCESS_DEATH);
        assertThat(put(1, HELLO, Durability.POWER_LOSS)).isInstanceOf(AppendResult.Unchanged.class);
        assertThat(Volumes.get(afterPowerLoss(), 1)).hasValue(HELLO);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsGoneAlreadyIsMadeDurablyGone(RecordVersion version) throws Exception {
        create(version);
        put(1, HELLO, Durability.POWER_LOSS);
        delete(1, Durability.PROCESS_DEATH);
        assertThat(Volumes.get(afterPowerLoss(), 1)).hasValue(HELLO);
        assertThat(delete(1, Durability.POWER_LOSS)).isInstanceOf(DeleteResult.NotFound.class);
        assertThat(Volumes.get(afterPowerLoss(), 1)).isEmpty();
    }
}
