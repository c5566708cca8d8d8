package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.NeedleFlags;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.needle.RecordEncoder;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final Set<String> DELETED_WHEN_CODED = Set.of("29,02126199f0bd", "29,021c2efb5693", "29,023361c53315");

    @ParameterizedTest
    @CsvSource({"plain,plain_12,plain", "legacy,legacy_12,plain", "ttl,ttl_18,ttl", "vacuumed,vacuumed_23,vacuumed",
        "before-coding,coded_29,coded"})
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
            // Some were deleted only when the volume was coded already; what they held is not in the list.
            boolean deletedLater = DELETED_WHEN_CODED.contains(file.get("fid").asString());
            assertThat(found instanceof FindResult.Hit).as(what).isEqualTo(deletedLater);
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

    /**
     * Every record and every row again, through the public door and with the times of the reference. The one difference
     * is meant: the padding of an empty upload, which nobody reads, says that it is alive.
     */
    @ParameterizedTest
    @CsvSource({"plain,plain_12", "ttl,ttl_18", "vacuumed,vacuumed_23", "before-coding,coded_29"})
    void theSameInputsGiveTheSameBytes(String set, String base) throws Exception {
        MemoryDisk theirs = load(set, base);
        VolumeFiles files = Volumes.files(base);
        byte[] dat = Volumes.bytes(theirs, files.dat());
        byte[] idx = Volumes.bytes(theirs, files.idx());
        MemoryDisk ours = Volumes.disk();
        AtomicLong nanos = new AtomicLong(epochNanos(Volumes.NOW));
        VolumeContext context = new VolumeContext(
                ours, () -> Instant.ofEpochSecond(0, nanos.get()), Runnable::run, new SplittableRandom(1));
        Superblock superblock = Superblock.decode(ByteBuffer.wrap(dat), files.dat());
        Volume volume =
                VolumeOpener.create(context, files, superblock.placement(), superblock.ttl(), 0);
        if (superblock.revision() != 0) {
            volume.unmount(true);
            Volumes.write(ours, files.dat(), Arrays.copyOf(dat, Superblock.BYTES));
            volume = VolumeOpener.open(context, files).orElseThrow();
        }
        for (int row = 0; row < idx.length; row += IndexRow.BYTES) {
            again(volume, nanos, dat, IndexRow.keyBits(ByteBuffer.wrap(idx), row), IndexRow.entry(ByteBuffer.wrap(idx), row));
        }
        volume.unmount(true);
        byte[] written = Volumes.bytes(ours, files.dat());
        for (int row = 0; row < idx.length; row += IndexRow.BYTES) {
            long entry = IndexRow.entry(ByteBuffer.wrap(idx), row);
            int padding = (int) IndexEntry.offset(entry) + 28;
            if (IndexEntry.bodyBytes(entry) != 0) continue;
            assertThat(ByteBuffer.wrap(written).getInt(padding)).isEqualTo(RecordEncoder.LIVE_EMPTY_MARK);
            Arrays.fill(written, padding, padding + 4, (byte) 0);
        }
        assertThat(written).isEqualTo(dat);
        assertThat(Volumes.bytes(ours, files.idx())).isEqualTo(idx);
    }

    private static void again(Volume volume, AtomicLong nanos, byte[] dat, long keyBits, long entry) throws IOException {
        int offset = (int) IndexEntry.offset(entry);
        int bodyBytes = Math.max(0, IndexEntry.bodyBytes(entry));
        byte[] bytes = Arrays.copyOfRange(dat, offset, offset + (int) RecordVersion.V3.recordBytes(bodyBytes));
        NeedleRecord record = NeedleRecord.parse(
                ByteBuffer.wrap(bytes), RecordVersion.V3, keyBits, bodyBytes, volume.files().dat(), offset);
        NeedleMetadata metadata = record.metadata();
        nanos.set(metadata.appendEpochNanos());
        if (IndexEntry.bodyBytes(entry) == IndexEntry.DELETED_BODY_BYTES) {
            assertThat(volume.delete(metadata.key(), Optional.of(metadata.cookie()), Durability.PROCESS_DEATH))
                    .isInstanceOf(DeleteResult.Deleted.class);
        } else {
            assertThat(volume.append(draft(record), Durability.PROCESS_DEATH)).isInstanceOf(AppendResult.Stored.class);
        }
    }

    private static NeedleDraft draft(NeedleRecord record) {
        NeedleMetadata metadata = record.metadata();
        NeedleDraft.Builder draft = NeedleDraft.of(metadata.key(), metadata.cookie())
                .data(record.data()).compressed(metadata.isCompressed()).manifest(metadata.isManifest())
                .ttl(metadata.ttl());
        if ((metadata.flags() & NeedleFlags.NAME) != 0) draft.name(metadata.name());
        if ((metadata.flags() & NeedleFlags.MIME) != 0) draft.mime(metadata.mime());
        if ((metadata.flags() & NeedleFlags.LAST_MODIFIED) != 0) draft.lastModified(metadata.lastModifiedEpochSeconds());
        if ((metadata.flags() & NeedleFlags.PAIRS) != 0) {
            byte[] pairs = new byte[metadata.pairs().remaining()];
            metadata.pairs().get(pairs);
            draft.pairs(pairs);
        }
        return draft.build();
    }

    /** The reference puts one or two blanks behind a colon, by chance; all else is fixed. */
    @ParameterizedTest
    @CsvSource({"plain,plain_12,", "ttl,ttl_18,3y", "vacuumed,vacuumed_23,"})
    void theInfoFileOfANewVolumeIsTheirs(String set, String base, String ttl) throws Exception {
        VolumeFiles files = Volumes.files(base);
        MemoryDisk ours = Volumes.disk();
        VolumeContext context = Volumes.context(ours);
        Ttl wanted = Ttl.parse(ttl == null ? "" : ttl);
        VolumeOpener.create(context, files, ReplicaPlacement.SINGLE, wanted, 0).unmount(true);
        long expireAt = wanted.isNone() ? 0 : Volumes.NOW.getEpochSecond() + wanted.duration().toSeconds();
        String theirs = new String(resource(set + "/" + base + ".vif"), StandardCharsets.UTF_8)
                .replaceAll(":  ", ": ").replaceAll("1889998143", Long.toString(expireAt));
        assertThat(new String(Volumes.bytes(ours, files.vif()), StandardCharsets.UTF_8)).isEqualTo(theirs);
    }

    private static long epochNanos(Instant at) {
        return at.getEpochSecond() * 1_000_000_000L + at.getNano();
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
            // Nobody saw the info file of the volume before it was coded.
            if (set.equals("before-coding") && suffix.equals(".vif")) continue;
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
