package dev.kelpfs.storage.volume;

import static dev.kelpfs.storage.volume.Volumes.FILES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No damage of one byte of its info file makes a volume writable that somebody has marked read-only. */
class DamagedMarkTest {
    private static final int[] FLIPS = {1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xff};

    private final MemoryDisk disk = Volumes.disk();

    @BeforeEach
    void writeVolume() throws IOException {
        Volume volume = Volumes.create(disk);
        Volumes.put(volume, 1, 1, new byte[] {1, 2, 3});
        volume.unmount(true);
    }

    private ReadOnlyState opened(String info) throws IOException {
        return opened(info.getBytes(StandardCharsets.UTF_8));
    }

    private ReadOnlyState opened(byte[] info) throws IOException {
        Volumes.write(disk, FILES.vif(), info);
        Volume volume = Volumes.open(disk);
        assertThat(Volumes.get(volume, 1)).hasValue(new byte[] {1, 2, 3});
        volume.unmount(false);
        return volume.readOnly();
    }

    @ParameterizedTest
    @CsvSource({"false,true", "true,true", "false,false", "true,false"})
    void everyFlippedBitOfAMarkedInfoFile(boolean canDelete, boolean ofTheReference) throws IOException {
        Volume volume = Volumes.open(disk);
        volume.markReadOnly(canDelete, true);
        volume.unmount(true);
        String ours = new String(Volumes.bytes(disk, FILES.vif()), StandardCharsets.UTF_8);
        // The reference doubles the blanks behind the names at times, and some of its releases write them all on one line.
        byte[] marked = (ofTheReference ? ours.replace("\": ", "\":  ") : ours.replaceAll("\\s+", "")).getBytes(StandardCharsets.UTF_8);
        assertThat(opened(marked).reasons()).hasSize(1);
        int refused = 0;
        for (int at = 0; at < marked.length; at++) {
            for (int flip : FLIPS) {
                byte[] bad = marked.clone();
                bad[at] ^= (byte) flip;
                String what = "byte " + at + " ^ " + flip + ": " + new String(bad, StandardCharsets.ISO_8859_1);
                try {
                    ReadOnlyState state = opened(bad);
                    assertThat(state.isWritable()).as(what).isFalse();
                    // Whoever could not delete still cannot.
                    if (!canDelete) assertThat(state.whyNoDeletes()).as(what).isPresent();
                } catch (RefusedVolumeException other) {
                    // Offsets of another length.
                    refused++;
                }
            }
        }
        assertThat(refused).isLessThan(20);
        for (int length = 1; length < marked.length; length++) {
            assertThat(opened(Arrays.copyOf(marked, length)).isWritable()).as("cut to %d", length).isFalse();
        }
    }

    @Test
    void aDamagedNameIsSaid() throws IOException {
        ReadOnlyState state = opened(VolumeInfoFile.format(VolumeInfo.fresh(RecordVersion.V3, 0))
                .replace("\"readOnly\": false", "\"readOnlx\": true"));
        assertThat(state.reasons()).containsOnlyKeys(ReadOnlyCause.DAMAGED);
        assertThat(state.whyNoWrites().orElseThrow()).contains("/data/7.vif", "readOnlx", "unknown", "readOnly are missing");
    }

    /** What older and newer releases of the reference write: less, more, by other names. */
    @ParameterizedTest
    @ValueSource(strings = {
        "{}",
        "{\"version\": 3}",
        "{\"version\":3,\"bytesOffset\":4}",
        "{\"version\":3,\"replication\":\"000\",\"BytesOffset\":4,\"dat_file_size\":\"0\",\"DestroyTime\":\"0\",\"read_only\":false}",
        "{\"files\":[],\"version\":3,\"replication\":\"\",\"bytes_offset\":4,\"datFileSize\":\"0\",\"expire_at_sec\":0,"
                + "\"read_only\":null,\"ec_shard_config\":null,\"read_only_can_delete\":false}",
        "{\"files\":[],\"version\":3,\"replication\":\"\",\"bytesOffset\":4,\"datFileSize\":\"0\",\"expireAtSec\":\"0\","
                + "\"readOnly\":false,\"ecShardConfig\":null,\"readOnlyCanDelete\":false,\"fromTheFuture\":{\"more\":[1,2]}}"
    })
    void filesOfOtherReleasesAreNotDamaged(String info) throws IOException {
        assertThat(opened(info).reasons()).isEmpty();
    }

    @Test
    void aMarkThatIsNeitherTrueNorFalseIsDamage() throws IOException {
        assertThat(opened("{\"version\": 3, \"readOnly\": \"true\"}").reasons()).containsOnlyKeys(ReadOnlyCause.DAMAGED);
        assertThat(opened("{\"version\": 3, \"readOnly\": true}").reasons()).containsOnlyKeys(ReadOnlyCause.MARKED);
    }
}
