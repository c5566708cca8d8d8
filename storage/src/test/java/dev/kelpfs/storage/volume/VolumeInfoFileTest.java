package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Vacuum;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volume info files in all forms that releases of the reference have written. */
class VolumeInfoFileTest {
    private static final VolumeInfo EVERYTHING =
            new VolumeInfo(0, 2, "012", 4, 123_456_789_012L, 1_700_000_000L, true, true, false);

    private final MemoryDisk disk = Volumes.disk();

    private static VolumeInfo parse(String json) throws IOException {
        return VolumeInfoFile.parse(json.getBytes(StandardCharsets.UTF_8), Volumes.FILES.vif());
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        assertThat(parse(VolumeInfoFile.format(EVERYTHING))).isEqualTo(EVERYTHING);
    }

    @Test
    void membersMayBeInCamelOrInSnakeCase() throws IOException {
        assertThat(parse("""
                {"files":[],"version":2,"replication":"012","bytesOffset":4,"datFileSize":"123456789012",
                 "expireAtSec":"1700000000","readOnly":true,"ecShardConfig":null,"readOnlyCanDelete":true}"""))
                .isEqualTo(EVERYTHING);
        assertThat(parse("""
                {"version":2,"replication":"012","bytes_offset":4,"dat_file_size":"123456789012",
                 "expire_at_sec":"1700000000","read_only":true,"ec_shard_config":null,"read_only_can_delete":true}"""))
                .isEqualTo(EVERYTHING);
        assertThat(parse("{\"ec_shard_config\":{\"data_shards\":10,\"parity_shards\":4}}").erasureCoded()).isTrue();
        assertThat(parse("{\"ecShardConfig\":{\"dataShards\":10,\"parityShards\":4}}").erasureCoded()).isTrue();
    }

    @Test
    void numbersMayBeTextsAndTextsNumbers() throws IOException {
        assertThat(parse("""
                {"version":"2","replication":"012","bytesOffset":"4","datFileSize":123456789012,
                 "expireAtSec":1700000000,"readOnly":true,"readOnlyCanDelete":true}""")).isEqualTo(EVERYTHING);
        assertThat(parse("{\"expireAtSec\":\"18446744073709551615\"}").expireAtEpochSeconds()).isEqualTo(-1);
    }

    @Test
    void theOlderSchemaHasOtherNamesForTwoMembers() throws IOException {
        assertThat(parse("""
                {"files":[],"version":2,"replication":"012","BytesOffset":4,"datFileSize":"123456789012",
                 "DestroyTime":"1700000000","readOnly":true,"readOnlyCanDelete":true}""")).isEqualTo(EVERYTHING);
        assertThat(parse("{\"destroyTime\":1700000000}").expireAtEpochSeconds()).isEqualTo(1_700_000_000L);
        assertThat(parse("{\"destroy_time\":1700000000}").expireAtEpochSeconds()).isEqualTo(1_700_000_000L);
    }

    @Test
    void whiteSpaceMissingNullAndUnknownMembersDoNotMatter() throws IOException {
        assertThat(parse("{}")).isEqualTo(VolumeInfo.NONE);
        assertThat(parse("{\"version\":null,\"replication\":null,\"bytesOffset\":null,\"files\":null,\"readOnly\":null}"))
                .isEqualTo(VolumeInfo.NONE);
        assertThat(parse("""
                \t{ "files" :[ ] ,"new":{"version":9,"readOnly":false,"list":[{"replication":"222"}]}, "version":  2,
                "replication":\r\n"012","newer":[[{}]],"bytesOffset":4  ,"datFileSize": "123456789012",
                 "expireAtSec":  "1700000000","readOnly"  : true,"ecShardConfig":null,
                "readOnlyCanDelete":true }\n""")).isEqualTo(EVERYTHING);
    }

    @Test
    void remoteFilesAreCountedWhateverTheyHold() throws IOException {
        VolumeInfo info = parse("""
                {"files":[{"backendType":"s3","backendId":"default","key":"k","offset":"0","fileSize":"8",
                 "modifiedTime":"1700000000","extension":".dat"},{"backend_type":"s3","parts":[1,[2]]}],"version":3}""");
        assertThat(info.remoteFiles()).isEqualTo(2);
        assertThat(info.version()).as("what follows them is read too").isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "3", "{", "{\"version\":3", "{\"version\":three}", "{\"version\":\"three\"}",
        "{\"datFileSize\":1.5}", "{\"expireAtSec\":\"-1\"}", "\u0000\u0000\u0000\u0000"})
    void whatIsNoInfoIsDamageThatNamesTheFile(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(DamagedVolumeInfoException.class).hasMessageContaining("/data/7.vif");
    }

    @Test
    void anEmptyFileCountsAsAbsentAndIsWrittenAgain() throws IOException {
        Volumes.create(disk).unmount(true);
        byte[] vif = Volumes.bytes(disk, Volumes.FILES.vif());
        for (boolean empty : new boolean[] {true, false}) {
            if (empty) Volumes.write(disk, Volumes.FILES.vif(), new byte[0]);
            else disk.delete(Volumes.FILES.vif());
            assertThat(VolumeInfoFile.read(disk, Volumes.FILES.vif())).isEmpty();
            Volume volume = Volumes.open(disk);
            assertThat(volume.readOnly().reasons()).isEmpty();
            volume.unmount(true);
            assertThat(Volumes.bytes(disk, Volumes.FILES.vif())).as("empty: %s", empty).isEqualTo(vif);
        }
    }

    @Test
    void aPlacementOverridesTheSuperblocksAndAVacuumWritesItThere() throws IOException {
        Volume volume = Volumes.create(disk);
        Volumes.put(volume, 1, 1, new byte[] {1});
        volume.unmount(true);
        Volumes.write(disk, Volumes.FILES.vif(),
                "{\"version\":3,\"replication\":\"012\",\"bytesOffset\":4}".getBytes(StandardCharsets.UTF_8));
        volume = Volumes.open(disk);
        assertThat(volume.placement()).isEqualTo(ReplicaPlacement.parse("012"));
        assertThat(volume.readOnly().reasons()).isEmpty();
        assertThat(Volumes.bytes(disk, Volumes.FILES.dat())[1]).as("the superblock says what it said").isZero();
        Vacuum vacuum = new Vacuum(() -> 0, _ -> {});
        assertThat(vacuum.compact(volume, CompactOptions.DEFAULT, _ -> {})).isInstanceOf(CompactResult.Compacted.class);
        assertThat(vacuum.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        assertThat(Volumes.bytes(disk, Volumes.FILES.dat())[1]).isEqualTo((byte) 12);
        volume.unmount(true);
    }

    @Test
    void aPlacementThatIsNoneLeavesTheSuperblocksAndMakesTheVolumeReadOnly() throws IOException {
        Volumes.create(disk).unmount(true);
        Volumes.write(disk, Volumes.FILES.vif(), "{\"replication\":\"0x1\"}".getBytes(StandardCharsets.UTF_8));
        Volume volume = Volumes.open(disk);
        assertThat(volume.placement()).isEqualTo(ReplicaPlacement.SINGLE);
        assertThat(volume.readOnly().whyNoWrites().orElseThrow()).contains("/data/7.vif", "0x1");
        volume.unmount(true);
    }
}
