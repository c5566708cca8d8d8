package dev.kelpfs.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code weed export} on volumes that the reference wrote. */
class ExportTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final FakeWorld world = new FakeWorld();
    private byte[] dat = {};

    @BeforeEach
    void load() throws IOException {
        VolumesOnDisk.load(world, "plain", "plain_12");
        dat = VolumesOnDisk.bytes(world.disk, "plain_12.dat");
    }

    private ExitCode export(String... more) {
        String[] first = {"export", "-dir=/data", "-collection=plain", "-volumeId=12"};
        String[] arguments = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, arguments, first.length, more.length);
        return world.run(arguments);
    }

    private static Map<String, ByteBuffer> entries(byte[] archive) throws IOException {
        Map<String, ByteBuffer> entries = new TreeMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive), "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(entry.getName(), ByteBuffer.wrap(tar.readAllBytes()));
            }
        }
        return entries;
    }

    @Test
    void theListHasALineForEachFile() {
        assertThat(export()).isEqualTo(ExitCode.OK);
        List<String> lines = world.out().lines().toList();
        assertThat(lines).hasSize(1 + 46);
        assertThat(lines.get(0)).isEqualTo("key\tname\tsize\tgzip\tmime\tmodified\tttl\tdeleted\tstart\tstop");
        assertThat(lines.get(1)).isEqualTo("12,0610ff4f5a\t\t0\tfalse\t\t\t\tfalse\t8\t40");
        assertThat(lines.get(2)).matches("12,076f5e8a85\t\t1\tfalse\t\t\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\t\tfalse\t40\t88");
        assertThat(world.err()).isEmpty();
    }

    @Test
    void asJsonItIsAnObjectALine() {
        assertThat(export("-o=json", "-deleted")).isEqualTo(ExitCode.OK);
        List<JsonNode> files = world.out().lines().map(JSON::readTree).toList();
        assertThat(files).hasSize(49);
        assertThat(files.stream().filter(file -> file.get("deleted").asBoolean()).map(file -> file.get("name").asString()))
                .containsExactly("first.bin", "gone.bin", "back.bin");
        JsonNode back = files.stream().filter(file -> file.get("name").asString().equals("back.bin")).toList().getLast();
        assertThat(back.get("stop").asLong()).isGreaterThan(back.get("start").asLong());
    }

    @ParameterizedTest
    @CsvSource({"plain,plain_12,plain,12", "legacy,legacy_12,plain,12", "ttl,ttl_18,ttl,18", "vacuumed,vacuumed_23,vacuumed,23"})
    void theArchiveHoldsEveryContent(String set, String base, String answers, String id) throws IOException {
        VolumesOnDisk.load(world, set, base);
        Map<String, ByteBuffer> expected = new TreeMap<>();
        VolumesOnDisk.contents(world.disk, base, answers).forEach((fid, content) -> expected.put("x/" + fid, content));

        assertThat(world.run("export", "-dir=/data", "-collection=" + set, "-volumeId=" + id, "-o=/data/out.tar",
                "-fileNameFormat=x/{{.Key}}")).isEqualTo(ExitCode.OK);

        Map<String, ByteBuffer> found = new TreeMap<>();
        entries(VolumesOnDisk.bytes(world.disk, "out.tar"))
                .forEach((name, content) -> found.put(name.replaceFirst("\\.gz$", ""), content));
        assertThat(found).containsAllEntriesOf(expected);
        assertThat(world.disk.exists(VolumesOnDisk.DATA.resolve("out.tar.part"))).isFalse();
        assertThat(world.out()).isEmpty();
        assertThat(VolumesOnDisk.bytes(world.disk, "plain_12.dat")).isEqualTo(dat);
    }

    @Test
    void namesFollowTheTemplateAndVersionsDoNotHideEachOther() throws IOException {
        assertThat(export("-o=/data/out.tar", "-deleted")).isEqualTo(ExitCode.OK);
        Map<String, ByteBuffer> entries = entries(VolumesOnDisk.bytes(world.disk, "out.tar"));
        assertThat(entries).hasSize(49).containsKeys("7_", "deleted/143400_238_first.bin");
        assertThat(entries.get("deleted/143400_238_first.bin").remaining()).isEqualTo(100);
    }

    @Test
    void filesCanBeChosenByTimeAndNumber() {
        assertThat(export("-limit=3")).isEqualTo(ExitCode.OK);
        assertThat(world.out().lines()).hasSize(4);
        assertThat(export("-newer=2099-01-01T00:00:00", "-o=json")).isEqualTo(ExitCode.OK);
        // An empty file says nothing about its time.
        assertThat(world.out().lines().skip(4)).hasSize(1);
        assertThat(export("-newer=2001-01-01T00:00:00", "-o=json")).isEqualTo(ExitCode.OK);
        assertThat(world.out().lines().skip(5)).hasSize(46);
    }

    @Test
    void whatCannotBeReadIsNamedAndLeftOut() throws IOException {
        VolumesOnDisk.damage(world.disk, "plain_12.dat", 143_552 + 20 + 3);
        assertThat(export("-o=/data/out.tar")).isEqualTo(ExitCode.FAILED);
        assertThat(entries(VolumesOnDisk.bytes(world.disk, "out.tar"))).hasSize(45);
        assertThat(world.err()).contains("left out: ", "at 143552", "1 files could not be read");
    }

    @Test
    void aVolumeWithoutAWholeIndexIsNotExportedInPart() throws IOException {
        VolumesOnDisk.write(world.disk, "plain_12.idx", new byte[0]);
        assertThat(export()).isEqualTo(ExitCode.FAILED);
        world.disk.delete(VolumesOnDisk.DATA.resolve("plain_12.idx"));
        assertThat(export("-o=/data/out.tar")).isEqualTo(ExitCode.FAILED);
        assertThat(world.err()).contains("plain_12.idx is damaged; weed fix", "plain_12.idx is missing; weed fix");
        assertThat(world.out()).isEmpty();
        assertThat(world.disk.exists(VolumesOnDisk.DATA.resolve("out.tar"))).isFalse();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(export("-o=out.zip")).isEqualTo(ExitCode.USAGE);
        assertThat(export("-newer=yesterday")).isEqualTo(ExitCode.USAGE);
        assertThat(export("-limit=-1")).isEqualTo(ExitCode.USAGE);
        assertThat(export("-fileNameFormat={{.Size}}")).isEqualTo(ExitCode.USAGE);
        assertThat(export("-fileNameFormat={{printf .Name}}")).isEqualTo(ExitCode.USAGE);
        assertThat(world.err()).contains("ends in .tar", "2006-01-02T15:04:05", "0 or more", "{{.Size}}", "{{printf .Name}}");
    }
}
