package dev.kelpfs.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.storage.DirectoryLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code weed fix} on volumes that the reference wrote. */
class FixTest {
    /** A record of the volume {@code plain} in the middle of the file: header, data length, then its data. */
    private static final int INSIDE_A_RECORD = 143_552 + 20 + 3;

    private final FakeWorld world = new FakeWorld();

    @ParameterizedTest
    @CsvSource({"plain,plain_12,plain", "legacy,legacy_12,plain", "ttl,ttl_18,ttl", "vacuumed,vacuumed_23,vacuumed"})
    void anIndexMadeAnewFindsEveryFile(String set, String base, String answers) throws IOException {
        VolumesOnDisk.load(world, set, base);
        Map<String, ByteBuffer> before = VolumesOnDisk.contents(world.disk, base, answers);
        assertThat(before).isNotEmpty();
        VolumesOnDisk.write(world.disk, base + ".idx", new byte[0]);

        assertThat(world.run("fix", "/data/" + base + ".dat")).isEqualTo(ExitCode.OK);

        Map<String, ByteBuffer> after = VolumesOnDisk.contents(world.disk, base, answers);
        // What has no content and no mark cannot be told from a deletion without the old index, and that is said.
        before.values().removeIf(content -> !content.hasRemaining());
        assertThat(after).isEqualTo(before);
        assertThat(world.out()).startsWith(base + ": new index of ");
    }

    @Test
    void aGoodIndexStaysTheSameByteForByte() throws IOException {
        VolumesOnDisk.load(world, "plain", "plain_12");
        byte[] before = VolumesOnDisk.bytes(world.disk, "plain_12.idx");
        assertThat(world.run("fix", "-o=json", "/data")).isEqualTo(ExitCode.OK);
        assertThat(VolumesOnDisk.bytes(world.disk, "plain_12.idx")).isEqualTo(before);
        JsonNode told = new JsonMapper().readTree(world.out());
        assertThat(told.get("volume").asInt()).isEqualTo(12);
        assertThat(told.get("rows").asInt()).isEqualTo(before.length / 16);
        assertThat(told.get("liveFiles").asInt()).isEqualTo(46);
        assertThat(told.get("guesses").asInt()).isZero();
        assertThat(world.disk.exists(VolumesOnDisk.DATA.resolve("plain_12.idx.tmp"))).isFalse();
        assertThat(world.err()).isEmpty();
    }

    @Test
    void anEmptyFileWithoutAnyIndexIsAGuessThatIsTold() throws IOException {
        VolumesOnDisk.load(world, "plain", "plain_12");
        world.disk.delete(VolumesOnDisk.DATA.resolve("plain_12.idx"));
        assertThat(world.run("fix", "/data/plain_12.dat")).isEqualTo(ExitCode.OK);
        assertThat(world.out()).contains("45 live files");
        assertThat(world.err()).contains("1 records without content were taken for deletions");
    }

    @Test
    void damageKeepsTheOldIndexUnlessItIsIgnored() throws IOException {
        VolumesOnDisk.load(world, "plain", "plain_12");
        VolumesOnDisk.damage(world.disk, "plain_12.dat", INSIDE_A_RECORD);
        byte[] before = VolumesOnDisk.bytes(world.disk, "plain_12.idx");

        assertThat(world.run("fix", "/data")).isEqualTo(ExitCode.FAILED);
        assertThat(VolumesOnDisk.bytes(world.disk, "plain_12.idx")).isEqualTo(before);
        assertThat(world.err()).contains("plain_12 is not fixed", "-ignoreError", "damaged: the record of key ", "at 143552");

        assertThat(world.run("fix", "-ignoreError", "-o=json", "/data")).isEqualTo(ExitCode.OK);
        JsonNode told = new JsonMapper().readTree(world.out());
        assertThat(told.get("rebuilt").asBoolean()).isTrue();
        assertThat(told.get("damages").asInt()).isEqualTo(1);
    }

    @Test
    void withoutDeletionsOnlyLiveRowsAreLeftAndNothingComesBack() throws IOException {
        VolumesOnDisk.load(world, "plain", "plain_12");
        Map<String, ByteBuffer> before = VolumesOnDisk.contents(world.disk, "plain_12", "plain");
        assertThat(world.run("fix", "-includeDeleted=false", "/data")).isEqualTo(ExitCode.OK);
        assertThat(VolumesOnDisk.bytes(world.disk, "plain_12.idx").length).isLessThan(51 * 16);
        assertThat(VolumesOnDisk.contents(world.disk, "plain_12", "plain")).isEqualTo(before);
    }

    @Test
    void oneVolumeThatCannotBeFixedDoesNotStopTheOthers() throws IOException {
        VolumesOnDisk.load(world, "plain", "plain_12");
        VolumesOnDisk.load(world, "ttl", "ttl_18");
        VolumesOnDisk.write(world.disk, "3.dat", new byte[4]);
        VolumesOnDisk.write(world.disk, "5.ecx", new byte[16]);
        VolumesOnDisk.write(world.disk, "5.dat", VolumesOnDisk.bytes(world.disk, "plain_12.dat"));
        assertThat(world.run("fix", "/data")).isEqualTo(ExitCode.FAILED);
        assertThat(world.out()).contains("plain_12: new index", "ttl_18: new index", "2 volumes fixed, 2 not fixed");
        assertThat(world.err()).contains("3 is not fixed: /data/3.dat has 4 bytes", "5 is not fixed: /data/5.ecx");
        assertThat(world.disk.exists(VolumesOnDisk.DATA.resolve("5.idx"))).isFalse();
    }

    @Test
    void directoriesCanBeNarrowedDown() throws IOException {
        VolumesOnDisk.load(world, "plain", "plain_12");
        VolumesOnDisk.load(world, "ttl", "ttl_18");
        assertThat(world.run("fix", "-collection=ttl", "/data")).isEqualTo(ExitCode.OK);
        assertThat(world.run("fix", "-volumeId=12", "/data")).isEqualTo(ExitCode.OK);
        assertThat(world.out().lines().map(line -> line.replaceAll(":.*", ""))).containsExactly("ttl_18", "plain_12");
        assertThat(world.run("fix", "-volumeId=7", "/data")).isEqualTo(ExitCode.FAILED);
        assertThat(world.err()).contains("no volume to fix in /data");
    }

    @Test
    @Timeout(60)
    void aDirectoryInUseIsLeftAloneAndThatIsSaidAtOnce() throws IOException {
        VolumesOnDisk.load(world, "plain", "plain_12");
        byte[] before = VolumesOnDisk.bytes(world.disk, "plain_12.dat");
        world.ticker = () -> 0; // whoever waits for some time to pass waits for ever
        try (DiskLock server = world.disk.lock(VolumesOnDisk.DATA.resolve(DirectoryLock.FILE_NAME), "process 4711")) {
            assertThat(server).isNotNull();
            assertThat(world.run("fix", "/data")).isEqualTo(ExitCode.FAILED);
            assertThat(world.run("compact", "-dir=/data", "-collection=plain", "-volumeId=12")).isEqualTo(ExitCode.FAILED);
            assertThat(world.run("export", "-dir=/data", "-collection=plain", "-volumeId=12")).isEqualTo(ExitCode.FAILED);
        }
        assertThat(world.err().lines()).hasSize(3).allMatch(line -> line.contains("process 4711; stop the volume server"));
        assertThat(world.out()).isEmpty();
        assertThat(VolumesOnDisk.bytes(world.disk, "plain_12.dat")).isEqualTo(before);
    }

    @Test
    void whatMakesNoSenseIsRefused() throws IOException {
        VolumesOnDisk.load(world, "plain", "plain_12");
        assertThat(world.run("fix")).isEqualTo(ExitCode.OK);
        assertThat(world.err()).contains("nothing to do");
        assertThat(world.run("fix", "/data/plain_12.idx")).isEqualTo(ExitCode.USAGE);
        assertThat(world.run("fix", "-o=xml", "/data")).isEqualTo(ExitCode.USAGE);
        assertThat(world.run("fix", "/nowhere")).isEqualTo(ExitCode.FAILED);
        assertThat(world.run("fix", "-ecx", "/data")).isEqualTo(ExitCode.FATAL);
        assertThat(world.err()).contains("/nowhere does not exist", "neither a directory nor the data file", "erasure coding");
    }
}
