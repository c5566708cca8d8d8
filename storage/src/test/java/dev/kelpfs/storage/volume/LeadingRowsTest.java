package dev.kelpfs.storage.volume;

import static dev.kelpfs.storage.volume.Volumes.FILES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Index files of the reference that begin with rows which name nothing, in place of those of the first records (storage
 * formats, section 9, step 5).
 */
class LeadingRowsTest {
    private final MemoryDisk disk = Volumes.disk();

    private void writeVolume() throws IOException {
        Volume volume = Volumes.create(disk);
        for (long key = 1; key <= 9; key++) Volumes.put(volume, key, 1, new byte[] {(byte) key});
        Volumes.put(volume, 2, 1, new byte[] {22});
        volume.delete(Volumes.key(1), Optional.empty(), Durability.PROCESS_DEATH);
        volume.unmount(true);
    }

    private void holdsEverything() throws IOException {
        Volume volume = Volumes.open(disk);
        assertThat(volume.readOnly().reasons()).isEmpty();
        assertThat(Volumes.get(volume, 1)).isEmpty();
        assertThat(Volumes.get(volume, 2)).hasValue(new byte[] {22});
        for (long key = 3; key <= 9; key++) assertThat(Volumes.get(volume, key)).hasValue(new byte[] {(byte) key});
        volume.unmount(true);
    }

    @ParameterizedTest
    @CsvSource({"-1,1", "-1,5", "-1,9", "0,1", "0,5"})
    void theFirstRecordsGetTheirRowsBack(int bodyBytes, int rows) throws IOException {
        writeVolume();
        byte[] whole = Volumes.bytes(disk, FILES.idx());
        ByteBuffer bad = ByteBuffer.wrap(whole.clone());
        for (int row = 0; row < rows; row++) bad.putLong(0).putInt(0).putInt(bodyBytes);
        Volumes.write(disk, FILES.idx(), bad.array());
        assertThatThrownBy(() -> VolumeScan.open(Volumes.context(disk), FILES)).isInstanceOf(RefusedVolumeException.class)
                .hasMessageContaining("weed fix");
        holdsEverything();
        assertThat(Volumes.bytes(disk, FILES.idx())).isEqualTo(whole);
        holdsEverything();
    }

    @Test
    void deletionsWithoutAMarkerAreNoDamageWhereTheRecordsHaveTheirRows() throws IOException {
        writeVolume();
        byte[] whole = Volumes.bytes(disk, FILES.idx());
        ByteBuffer more = ByteBuffer.allocate(whole.length + 2 * IndexRow.BYTES);
        for (int row = 0; row < 2; row++) more.putLong(100 + row).putInt(0).putInt(-1);
        more.put(whole);
        Volumes.write(disk, FILES.idx(), more.array());
        holdsEverything();
        assertThat(Volumes.bytes(disk, FILES.idx())).isEqualTo(more.array());
    }

    @Test
    void aVolumeOfNothingButDeletionsWithoutAMarkerIsLeftAlone() throws IOException {
        Volumes.create(disk).unmount(true);
        byte[] row = ByteBuffer.allocate(IndexRow.BYTES).putLong(5).putInt(0).putInt(-1).array();
        Volumes.write(disk, FILES.idx(), row);
        Volume volume = Volumes.open(disk);
        assertThat(volume.readOnly().reasons()).isEmpty();
        assertThat(Volumes.put(volume, 5, 1, new byte[] {5})).isInstanceOf(AppendResult.Stored.class);
        volume.unmount(true);
        assertThat(Volumes.get(Volumes.open(disk), 5)).hasValue(new byte[] {5});
    }
}
