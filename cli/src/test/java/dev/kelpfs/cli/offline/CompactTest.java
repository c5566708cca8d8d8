package dev.kelpfs.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code weed compact} on a volume that the reference wrote. */
class CompactTest {
    private static final int INSIDE_A_RECORD = 143_552 + 20 + 3;

    private final FakeWorld world = new FakeWorld();
    private byte[] dat = {};

    @BeforeEach
    void load() throws IOException {
        VolumesOnDisk.load(world, "plain", "plain_12");
        dat = VolumesOnDisk.bytes(world.disk, "plain_12.dat");
    }

    private ExitCode compact(String... more) {
        String[] arguments = new String[4 + more.length];
        System.arraycopy(new String[] {"compact", "-dir=/data", "-collection=plain", "-volumeId=12"}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return world.run(arguments);
    }

    @Test
    void theNewFilesLieBesideTheOldOnes() throws IOException {
        assertThat(compact()).isEqualTo(ExitCode.OK);
        assertThat(VolumesOnDisk.bytes(world.disk, "plain_12.dat")).isEqualTo(dat);
        byte[] compacted = VolumesOnDisk.bytes(world.disk, "plain_12.cpd");
        assertThat(compacted.length).isLessThan(dat.length);
        assertThat(VolumesOnDisk.bytes(world.disk, "plain_12.cpx")).hasSize(46 * 16);
        assertThat(world.out()).contains("46 files copied", "plain_12.cpd", "until -commit");
        assertThat(world.err()).isEmpty();

        // Another run starts anew.
        assertThat(compact("-method=index", "-preallocateMB=1")).isEqualTo(ExitCode.OK);
        assertThat(VolumesOnDisk.bytes(world.disk, "plain_12.cpd")).isEqualTo(compacted);
    }

    @Test
    void committedTheyReplaceThemAndHoldTheSame() throws IOException {
        Map<String, ByteBuffer> before = VolumesOnDisk.contents(world.disk, "plain_12", "plain");
        assertThat(compact("-commit", "-o=json")).isEqualTo(ExitCode.OK);
        JsonNode told = new JsonMapper().readTree(world.out());
        assertThat(told.get("committed").asBoolean()).isTrue();
        assertThat(told.get("datBytesBefore").asInt()).isEqualTo(dat.length);
        byte[] after = VolumesOnDisk.bytes(world.disk, "plain_12.dat");
        assertThat(told.get("datBytesAfter").asInt()).isEqualTo(after.length).isLessThan(dat.length);
        assertThat(VolumesOnDisk.contents(world.disk, "plain_12", "plain")).isEqualTo(before);
        for (String left : new String[] {"plain_12.cpd", "plain_12.cpx", "plain_12.cpc"}) {
            assertThat(world.disk.exists(VolumesOnDisk.DATA.resolve(left))).as(left).isFalse();
        }
    }

    @Test
    void aLiveRecordThatCannotBeReadStopsItUnlessItMayBeDropped() throws IOException {
        Map<String, ByteBuffer> before = VolumesOnDisk.contents(world.disk, "plain_12", "plain");
        VolumesOnDisk.damage(world.disk, "plain_12.dat", INSIDE_A_RECORD);
        byte[] damaged = VolumesOnDisk.bytes(world.disk, "plain_12.dat");

        assertThat(compact("-commit")).isEqualTo(ExitCode.FAILED);
        assertThat(VolumesOnDisk.bytes(world.disk, "plain_12.dat")).isEqualTo(damaged);
        assertThat(world.disk.exists(VolumesOnDisk.DATA.resolve("plain_12.cpd"))).isFalse();
        assertThat(world.err()).contains("a live record cannot be read", "at 143552", "-dropUnreadable");
        assertThat(world.out()).isEmpty();

        assertThat(compact("-commit", "-dropUnreadable", "-o=json")).isEqualTo(ExitCode.OK);
        assertThat(new JsonMapper().readTree(world.out()).get("dropped").size()).isEqualTo(1);
        Map<String, ByteBuffer> after = VolumesOnDisk.contents(world.disk, "plain_12", "plain");
        assertThat(after).hasSize(before.size() - 1);
        assertThat(before).containsAllEntriesOf(after);
    }

    @Test
    void aVolumeThatACheckFoundDamagedIsCompactedWhenDroppingIsAllowed() throws IOException {
        // The key in the header of a record that the index names: neither it nor the key that is there now can be read.
        VolumesOnDisk.damage(world.disk, "plain_12.dat", 143_552 + 11);
        assertThat(compact("-commit")).isEqualTo(ExitCode.FAILED);
        assertThat(world.err()).contains("weed fix", "-dropUnreadable");
        assertThat(compact("-commit", "-dropUnreadable")).isEqualTo(ExitCode.OK);
        assertThat(world.out()).contains("2 unreadable ones left out", "the new files are in place");
        assertThat(world.err()).contains("dropped: ");
    }

    @Test
    void whatACutDataFileHasLostIsNamedOneByOne() throws IOException {
        Map<String, ByteBuffer> before = VolumesOnDisk.contents(world.disk, "plain_12", "plain");
        VolumesOnDisk.write(world.disk, "plain_12.dat", Arrays.copyOf(dat, 143_552));
        assertThat(compact("-commit")).isEqualTo(ExitCode.FAILED);
        assertThat(compact("-commit", "-dropUnreadable", "-o=json")).isEqualTo(ExitCode.OK);
        JsonNode dropped = new JsonMapper().readTree(world.out()).get("dropped");
        assertThat(dropped).isNotEmpty().allSatisfy(record -> assertThat(record.asString()).contains("plain_12.dat at "));
        Map<String, ByteBuffer> after = VolumesOnDisk.contents(world.disk, "plain_12", "plain");
        // A deletion whose marker is gone is told as well; the key stays deleted, as the index says.
        long files = dropped.valueStream().filter(record -> !record.asString().contains("a deletion of key")).count();
        assertThat(after).hasSize(before.size() - (int) files);
        assertThat(before).containsAllEntriesOf(after);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(compact("-method=guess")).isEqualTo(ExitCode.USAGE);
        assertThat(compact("-preallocateMB=-1")).isEqualTo(ExitCode.USAGE);
        assertThat(compact("-o=xml")).isEqualTo(ExitCode.USAGE);
        assertThat(compact("more")).isEqualTo(ExitCode.USAGE);
        assertThat(world.run("compact", "-dir=/data")).isEqualTo(ExitCode.USAGE);
        assertThat(world.run("compact", "-dir=/data", "-volumeId=12")).isEqualTo(ExitCode.FAILED);
        assertThat(world.err()).contains("there is no /data/12.dat, but plain_12.dat; name its -collection");
        assertThat(world.run("compact", "-dir=/nowhere", "-volumeId=12")).isEqualTo(ExitCode.FAILED);
        assertThat(world.out()).isEmpty();
    }
}
