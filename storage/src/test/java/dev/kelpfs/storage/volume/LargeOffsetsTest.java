package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.RecordEncoder;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of the reference's large-disk build that do not say in their info file what they are. */
class LargeOffsetsTest {
    /** The worked example of the storage formats, section 17.4: key abcd, unit 312345678 (hexadecimal), size 100. */
    private static final byte[] ROW = HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 00 00 ab cd 12 34 56 78 03 00 00 00 64");
    private static final long OFFSET = 105_522_574_272L;

    @TempDir
    private Path directory;

    private final Disk disk = RealDisk.create();

    /** A file full of holes with one record in it, where the row names it. */
    private VolumeFiles volume(long recordAt) throws IOException {
        VolumeFiles files = new VolumeFiles(Volumes.FILES.name(), directory, directory);
        VolumeOpener.create(Volumes.context(disk), files, ReplicaPlacement.SINGLE, Ttl.NONE, 0).unmount(true);
        disk.delete(files.vif());
        NeedleDraft draft = NeedleDraft.of(Volumes.key(0xabcd), Volumes.cookie(1)).data(ByteBuffer.wrap(new byte[95])).build();
        assertThat(draft.bodyBytes(RecordVersion.V3)).isEqualTo(100);
        try (DiskFile dat = disk.open(files.dat(), Open.READ_WRITE)) {
            dat.write(new RecordEncoder(RecordVersion.V3).encode(draft, Volumes.cookie(1), 1), recordAt);
        }
        Volumes.write(disk, files.idx(), ROW);
        return files;
    }

    @Test
    void aRowWithAHighByteIsRecognisedAndItsVolumeIsLeftAlone() throws IOException {
        VolumeFiles files = volume(OFFSET);
        // Asked first: who takes the index for a damaged one searches all of the holes.
        assertThat(isRecognised(files)).isTrue();
        assertThatThrownBy(() -> VolumeOpener.open(Volumes.context(disk), files)).isInstanceOf(RefusedVolumeException.class)
                .hasMessageContaining(files.idx().toString())
                .hasMessageContaining("offsets of 5 bytes (large-disk build)")
                .hasMessageContaining("this server reads offsets of 4")
                .hasMessageContaining("serve it with the server that wrote it");
        assertThat(Volumes.bytes(disk, files.idx())).isEqualTo(ROW);
        assertThat(disk.exists(files.vif())).as("nothing is written beside it").isFalse();
    }

    @Test
    void theRecordMustLieWhereAllFiveBytesSay() throws IOException {
        // The same row without its high byte: nothing of the index fits, so it is a damaged one of ordinary rows.
        VolumeFiles files = volume(OFFSET - (3L << 32) * RecordVersion.UNIT_BYTES);
        assertThat(isRecognised(files)).isFalse();
    }

    private boolean isRecognised(VolumeFiles files) throws IOException {
        try (DiskFile idx = disk.open(files.idx(), Open.READ); DiskFile dat = disk.open(files.dat(), Open.READ)) {
            return LargeIndexRows.areIn(idx, dat);
        }
    }
}
