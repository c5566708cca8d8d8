package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.NeedleHeader;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Why a damaged volume is read-only names file, offset and key, and whoever is refused a write is told. */
class DamageReasonTest {
    private static final int KEY_AT = 4;
    private static final int BODY_BYTES_AT = 12;

    private final MemoryDisk disk = Volumes.disk();
    private byte[] dat;
    private byte[] idx;

    private void writeVolume(RecordVersion version) throws IOException {
        Volumes.createFiles(disk, version);
        Volume volume = Volumes.open(disk);
        for (long key = 0x1a; key <= 0x1e; key++) Volumes.put(volume, key, 1, new byte[] {1, 2, 3, 4, 5, (byte) key});
        volume.unmount(true);
        dat = Volumes.bytes(disk, Volumes.FILES.dat());
        idx = Volumes.bytes(disk, Volumes.FILES.idx());
    }

    private int offsetOf(int row) {
        return ByteBuffer.wrap(idx).getInt(row * IndexRow.BYTES + 8) * RecordVersion.UNIT_BYTES;
    }

    private String reasonAfter(int at, int flip) throws IOException {
        byte[] bad = dat.clone();
        bad[at] ^= (byte) flip;
        Volumes.write(disk, Volumes.FILES.dat(), bad);
        Volume volume = Volumes.open(disk);
        assertThat(volume.readOnly().reasons()).containsOnlyKeys(ReadOnlyCause.DAMAGED);
        String reason = volume.readOnly().whyNoWrites().orElseThrow();
        assertThat(Volumes.put(volume, 99, 1, new byte[] {1})).isEqualTo(new AppendResult.ReadOnly(reason));
        volume.unmount(false);
        assertThat(Volumes.bytes(disk, Volumes.FILES.dat())).as("nothing is cut").isEqualTo(bad);
        return reason;
    }

    @ParameterizedTest
    @EnumSource
    void ofTheLastRecord(RecordVersion version) throws IOException {
        writeVolume(version);
        int offset = offsetOf(4);
        assertThat(reasonAfter(offset + NeedleHeader.BYTES + 5, 0x10))
                .contains("/data/7.dat at " + offset, "key 1e", "checksum");
    }

    @ParameterizedTest
    @EnumSource
    void ofAHeaderThatContradictsItsRow(RecordVersion version) throws IOException {
        writeVolume(version);
        for (int row = 0; row < 5; row++) {
            int offset = offsetOf(row);
            String key = Integer.toHexString(0x1a + row);
            assertThat(reasonAfter(offset + KEY_AT + 7, 0x40)).as("row %d", row)
                    .contains("/data/7.dat", "/data/7.idx", "at " + offset + " lies a record of key", "the index has key " + key + " ");
            assertThat(reasonAfter(offset + BODY_BYTES_AT + 3, 1)).as("row %d", row)
                    .contains("/data/7.dat", "/data/7.idx", "at " + offset + " lies a record of key " + key, "the index has key " + key);
        }
    }
}
