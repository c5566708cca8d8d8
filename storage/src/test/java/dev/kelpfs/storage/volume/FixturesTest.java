package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.needle.RecordEncoder;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Volumes written by the reference, and what its server answered for every file in them. */
class FixturesTest {
    private static final String ROOT = "/fixtures/storage/";
    private static final JsonNode EXPECTED = new JsonMapper().readTree(resource("expected.json"));

    @ParameterizedTest
    @CsvSource({"plain,plain_12,plain", "legacy,legacy_12,plain", "ttl,ttl_18,ttl", "vacuumed,vacuumed_23,vacuumed"})
    void everyContentIsGiven(String set, String base, String answers) throws Exception {
        MemoryDisk disk = load(set, base);
        byte[] datBefore = Volumes.bytes(disk, Volumes.files(base).dat());
        byte[] idxBefore = Volumes.bytes(disk, Volumes.files(base).idx());
        Volume volume = Volumes.open(disk, Volumes.files(base));
        assertThat(volume.readOnly().reasons()).isEmpty();

        JsonNode files = EXPECTED.get(answers).get("files");
        assertThat(files.size()).isPositive();
        for (JsonNode file : files) check(volume, file);

        volume.unmount(true);
        assertThat(Volumes.bytes(disk, Volumes.files(base).dat())).isEqualTo(datBefore);
        assertThat(Volumes.bytes(disk, Volumes.files(base).idx())).isEqualTo(idxBefore);
    }

    private static void check(Volume volume, JsonNode file) throws Exception {
        String what = file.get("what").asString();
        FileId id = FileId.parse(file.get("fid").asString());
        FindResult found = volume.find(id.key());
        if (file.get("status").asInt() == 404) {
            assertThat(found).as(what).isNotInstanceOf(FindResult.Hit.class);
            return;
        }
        try (FindResult.Hit hit = (FindResult.Hit) found) {
            NeedleRecord record = hit.needle().readRecord();
            byte[] data = new byte[record.dataBytes()];
            record.data().get(data);
            NeedleMetadata metadata = record.metadata();
            if (data.length > 0) assertThat(metadata.cookie()).as(what).isEqualTo(id.cookie());
            if (metadata.isManifest() && !file.has("path")) return; // its chunks are files of their own in the list
            String etag = file.get("headers").get("Etag").asString();
            if (!metadata.isManifest()) assertThat("\"" + metadata.etag() + "\"").as(what).isEqualTo(etag);
            if (metadata.isCompressed()) data = new GZIPInputStream(new ByteArrayInputStream(data)).readAllBytes();
            assertThat(data).as(what).hasSize(file.get("size").asInt());
            assertThat(md5(data)).as(what).isEqualTo(file.get("md5").asString());
        }
    }

    @Test
    void factsOfTheSuperblockAreRead() throws Exception {
        Volume ttl = Volumes.open(load("ttl", "ttl_18"), Volumes.files("ttl_18"));
        assertThat(ttl.ttl()).isEqualTo(Ttl.parse("3y"));
        Volume vacuumed = Volumes.open(load("vacuumed", "vacuumed_23"), Volumes.files("vacuumed_23"));
        assertThat(vacuumed.numbers().revision()).isEqualTo(1);
        assertThat(vacuumed.numbers().files()).isEqualTo(15);
        assertThat(vacuumed.version()).isEqualTo(RecordVersion.V3);
        assertThat(vacuumed.collection()).isEqualTo(Volumes.collection("vacuumed"));
        assertThat(vacuumed.id()).isEqualTo(Volumes.id(23));
    }

    @Test
    void theSameInputsGiveTheSameBytes() throws Exception {
        MemoryDisk disk = load("plain", "plain_12");
        VolumeFiles files = Volumes.files("plain_12");
        byte[] dat = Volumes.bytes(disk, files.dat());
        int[] compared = {0};
        try (var idx = disk.open(files.idx(), dev.kelpfs.disk.Disk.Open.READ)) {
            IndexFile.walk(idx, 0, (_, keyBits, entry) -> {
                int bodyBytes = IndexEntry.bodyBytes(entry);
                if (bodyBytes <= 0) return;
                int offset = (int) IndexEntry.offset(entry);
                int length = (int) RecordVersion.V3.recordBytes(bodyBytes);
                byte[] theirs = Arrays.copyOfRange(dat, offset, offset + length);
                assertThat(written(NeedleRecord.parse(
                        ByteBuffer.wrap(theirs), RecordVersion.V3, keyBits, bodyBytes, files.dat(), offset))).isEqualTo(theirs);
                compared[0]++;
            });
        }
        assertThat(compared[0]).isGreaterThan(40);
    }

    private static byte[] written(NeedleRecord record) {
        NeedleMetadata metadata = record.metadata();
        NeedleDraft.Builder draft = NeedleDraft.of(metadata.key(), metadata.cookie())
                .data(List.of(record.data())).compressed(metadata.isCompressed()).manifest(metadata.isManifest())
                .ttl(metadata.ttl());
        if ((metadata.flags() & 0x02) != 0) draft.name(metadata.name());
        if ((metadata.flags() & 0x04) != 0) draft.mime(metadata.mime());
        if ((metadata.flags() & 0x08) != 0) draft.lastModified(metadata.lastModifiedEpochSeconds());
        if ((metadata.flags() & 0x20) != 0) {
            byte[] pairs = new byte[metadata.pairs().remaining()];
            metadata.pairs().get(pairs);
            draft.pairs(pairs);
        }
        ByteBuffer[] pieces = new RecordEncoder(RecordVersion.V3)
                .encode(draft.build(), metadata.cookie(), metadata.appendEpochNanos());
        ByteBuffer all = ByteBuffer.allocate(pieces[0].remaining() + record.dataBytes() + pieces[2].remaining());
        for (ByteBuffer piece : pieces) all.put(piece);
        return all.array();
    }

    @Test
    void aLostIndexIsRebuiltFromTheData() throws Exception {
        MemoryDisk disk = load("plain", "plain_12");
        disk.delete(Volumes.files("plain_12").idx());
        Volume volume = Volumes.open(disk, Volumes.files("plain_12"));
        assertThat(volume.readOnly().reasons()).isEmpty();
        for (JsonNode file : EXPECTED.get("plain").get("files")) {
            // The reference does not mark empty uploads, so without the index they cannot be told from deletions.
            if (file.get("size").asInt() != 0) check(volume, file);
        }
    }

    static MemoryDisk load(String set, String base) throws IOException {
        MemoryDisk disk = Volumes.disk();
        for (String suffix : List.of(".dat", ".idx", ".vif")) {
            Volumes.write(disk, Volumes.DATA.resolve(base + suffix), resource(set + "/" + base + suffix));
        }
        return disk;
    }

    private static byte[] resource(String name) {
        try (InputStream in = FixturesTest.class.getResourceAsStream(ROOT + name)) {
            if (in == null) throw new IllegalStateException("the fixture " + name + " is missing");
            return in.readAllBytes();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static String md5(byte[] data) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(data));
    }
}
