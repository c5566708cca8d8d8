package dev.kelpfs.storage.volume;

import static dev.kelpfs.storage.volume.Volumes.FILES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Vacuum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole records behind a torn one, as a power loss may leave them when nothing of either was synced. */
class TornTailTest {
    private static final byte[] FIRST = "was synced".getBytes(StandardCharsets.UTF_8);
    private static final byte[] LAST = "was written last".getBytes(StandardCharsets.UTF_8);

    private final MemoryDisk disk = Volumes.disk();
    private byte[] dat;
    /** Where the second record starts, and the third. */
    private int second;
    private int third;

    /** Three records, of which the second holds these data. */
    private void write(RecordVersion version, byte[] data) throws IOException {
        Volumes.createFiles(disk, version);
        Volume volume = Volumes.open(disk);
        Volumes.put(volume, 1, 1, FIRST);
        second = (int) volume.numbers().datBytes();
        Volumes.put(volume, 2, 1, data);
        third = (int) volume.numbers().datBytes();
        Volumes.put(volume, 3, 1, LAST);
        volume.unmount(true);
        dat = Volumes.bytes(disk, FILES.dat());
    }

    private Volume openWithRows(int... rows) throws IOException {
        byte[] idx = Volumes.bytes(disk, FILES.idx());
        ByteBuffer left = ByteBuffer.allocate(rows.length * IndexRow.BYTES);
        for (int row : rows) left.put(idx, row * IndexRow.BYTES, IndexRow.BYTES);
        Volumes.write(disk, FILES.idx(), left.array());
        Volumes.write(disk, FILES.dat(), dat);
        return Volumes.open(disk);
    }

    @ParameterizedTest
    @EnumSource
    void areKeptWhereTheTornOneStillSaysHowLongItIs(RecordVersion version) throws IOException {
        write(version, new byte[500]);
        dat[second + 100] ^= 1;
        Volume volume = openWithRows(0);
        assertThat(volume.readOnly().reasons()).isEmpty();
        assertThat(Volumes.get(volume, 1)).hasValue(FIRST);
        assertThat(Volumes.get(volume, 2)).isEmpty();
        assertThat(Volumes.get(volume, 3)).hasValue(LAST);
        volume.unmount(true);
        assertThat(Volumes.bytes(disk, FILES.dat())).isEqualTo(dat);
        theHoleIsGoneAfterAVacuum();
    }

    private void theHoleIsGoneAfterAVacuum() throws IOException {
        Vacuum vacuum = new Vacuum(() -> 0, _ -> {});
        Volume volume = Volumes.open(disk);
        assertThat(vacuum.compact(volume, CompactOptions.DEFAULT, _ -> {})).isInstanceOf(CompactResult.Compacted.class);
        assertThat(vacuum.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        assertThat(Volumes.get(volume, 1)).hasValue(FIRST);
        assertThat(Volumes.get(volume, 2)).isEmpty();
        assertThat(Volumes.get(volume, 3)).hasValue(LAST);
        volume.unmount(true);
        assertThat(Volumes.bytes(disk, FILES.dat())).hasSize(second + dat.length - third);
    }

    @ParameterizedTest
    @EnumSource
    void areKeptWhereARowNamesThem(RecordVersion version) throws IOException {
        write(version, new byte[500]);
        Arrays.fill(dat, second, second + 64, (byte) 0);
        Volume volume = openWithRows(0, 2);
        assertThat(volume.readOnly().reasons()).isEmpty();
        assertThat(Volumes.get(volume, 2)).isEmpty();
        assertThat(Volumes.get(volume, 3)).hasValue(LAST);
        volume.unmount(true);
        assertThat(Volumes.bytes(disk, FILES.dat())).isEqualTo(dat);
        theHoleIsGoneAfterAVacuum();
    }

    /** What the torn one holds came from a client, and may be another key's record, whole and with a good checksum. */
    @ParameterizedTest
    @EnumSource
    void areCutOffAndKeptApartWhereOnlyASearchWouldFindThem(RecordVersion version) throws IOException {
        write(version, new byte[100]);
        byte[] forged = Arrays.copyOfRange(dat, third, dat.length);
        ByteBuffer.wrap(forged).putLong(4, 1);
        byte[] upload = new byte[600];
        // At every boundary, wherever the data begin.
        for (int at = 64; at + forged.length + 8 <= upload.length; at += forged.length) {
            System.arraycopy(forged, 0, upload, at, forged.length);
        }
        for (int shift = 0; shift < 8; shift++) {
            TornTailTest attack = new TornTailTest();
            byte[] shifted = new byte[600];
            System.arraycopy(upload, 0, shifted, shift, upload.length - shift);
            attack.write(version, shifted);
            byte[] torn = attack.dat;
            Arrays.fill(torn, attack.second, attack.second + 40, (byte) 0);
            Volume volume = attack.openWithRows(0);
            assertThat(volume.readOnly().reasons()).isEmpty();
            assertThat(Volumes.get(volume, 1)).as("shifted by %d", shift).hasValue(FIRST);
            assertThat(Volumes.get(volume, 3)).isEmpty();
            volume.unmount(true);
            assertThat(Volumes.bytes(attack.disk, FILES.dat())).isEqualTo(Arrays.copyOf(torn, attack.second));
            assertThat(Volumes.bytes(attack.disk, FILES.torn(attack.second)))
                    .isEqualTo(Arrays.copyOfRange(torn, attack.second, torn.length));
        }
    }
}
