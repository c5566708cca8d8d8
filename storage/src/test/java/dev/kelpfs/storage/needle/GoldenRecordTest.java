package dev.kelpfs.storage.needle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.Ttl;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked examples of the storage formats, section 17, in both directions. */
class GoldenRecordTest {
    private static final Path FILE = Path.of("golden.dat");

    private static final String NAMED = """
            63 70 37 d6 00 00 00 00 00 00 00 01 00 00 00 26
            00 00 00 0b 68 65 6c 6c 6f 20 77 6f 72 6c 64 0e
            05 61 2e 74 78 74 0a 74 65 78 74 2f 70 6c 61 69
            6e 00 65 53 f1 00 c9 94 65 aa 17 97 9c fe 3d 85
            cd 15 00 00 00 26 00 00
            """;

    private static final String FULL_PADDING = """
            ca fe ba be 11 22 33 44 55 66 77 88 00 00 00 0c
            00 00 00 07 73 65 61 77 65 65 64 00 f0 e0 17 eb
            00 00 00 00 00 00 00 01 00 00 00 0c 00 00 00 00
            """;

    private static final String PAIRS = """
            01 02 03 04 00 00 00 00 00 00 ab cd 00 00 00 1e
            00 00 00 01 78 38 00 65 53 f1 00 03 01 00 0f 7b
            22 43 6f 6c 6f 72 22 3a 22 72 65 64 22 7d a9 3c
            5f 93 17 97 9c fe 36 2a 00 00 00 00 00 1e 00 00
            """;

    private static final String VERSION_1 = "0a 0b 0c 0d 00 00 00 00 00 00 00 05 00 00 00 03 61 62 63 36 4b 3f b7 00";

    private static final String VERSION_2 = """
            0a 0b 0c 0d 00 00 00 00 00 00 00 05 00 00 00 08
            00 00 00 03 61 62 63 00 36 4b 3f b7 00 00 00 00
            """;

    @Test
    void encodesNameAndType() {
        NeedleDraft draft = NeedleDraft.of(new NeedleKey(1), new Cookie(0x637037d6))
                .data(bytes("hello world")).name("a.txt").mime("text/plain").lastModified(1_700_000_000).build();
        assertThat(encode(RecordVersion.V3, draft, 1_700_000_000_123_456_789L)).isEqualTo(hex(NAMED));
        assertThat(draft.checksum()).isEqualTo(0xc99465aa);
    }

    @Test
    void decodesNameAndType() throws Exception {
        NeedleRecord record = decode(NAMED, RecordVersion.V3, 1, 0x26);
        NeedleMetadata metadata = record.metadata();
        assertThat(text(record.data())).isEqualTo("hello world");
        assertThat(metadata.name()).isEqualTo("a.txt");
        assertThat(metadata.mime()).isEqualTo("text/plain");
        assertThat(metadata.lastModifiedEpochSeconds()).isEqualTo(1_700_000_000);
        assertThat(metadata.appendEpochNanos()).isEqualTo(1_700_000_000_123_456_789L);
        assertThat(metadata.cookie()).isEqualTo(new Cookie(0x637037d6));
        assertThat(metadata.etag()).isEqualTo("c99465aa");
        assertThat(metadata.isCompressed() || metadata.isManifest()).isFalse();
    }

    @Test
    void acceptsTheLegacyChecksumAndShowsThePlainOne() throws Exception {
        assertThat(NeedleChecksum.legacy(0xc99465aa)).isEqualTo(0x6dd87e00);
        String legacy = NAMED.replace("c9 94 65 aa", "6d d8 7e 00");
        assertThat(decode(legacy, RecordVersion.V3, 1, 0x26).metadata().checksum()).isEqualTo(0xc99465aa);
    }

    @Test
    void encodesDeleteMarker() {
        ByteBuffer marker = new RecordEncoder(RecordVersion.V3)
                .encodeMarker(1, new Cookie(0x637037d6), 0xc99465aa, 1_700_000_100_000_000_000L);
        assertThat(join(new ByteBuffer[] {marker})).isEqualTo(hex("""
                63 70 37 d6 00 00 00 00 00 00 00 01 00 00 00 00
                c9 94 65 aa 17 97 9d 15 7e a0 e8 00 00 00 00 00
                """));
    }

    @Test
    void encodesAndDecodesFullPadding() throws Exception {
        NeedleDraft draft = NeedleDraft.of(new NeedleKey(0x1122334455667788L), new Cookie(0xcafebabe))
                .data(bytes("seaweed")).build();
        assertThat(encode(RecordVersion.V3, draft, 1)).isEqualTo(hex(FULL_PADDING));
        assertThat(RecordVersion.V3.recordBytes(12)).isEqualTo(48);
        assertThat(text(decode(FULL_PADDING, RecordVersion.V3, 0x1122334455667788L, 12).data())).isEqualTo("seaweed");
    }

    @Test
    void encodesAndDecodesTtlAndPairs() throws Exception {
        NeedleDraft draft = NeedleDraft.of(new NeedleKey(0xabcd), new Cookie(0x01020304))
                .data(bytes("x")).lastModified(1_700_000_000).ttl(Ttl.parse("3m"))
                .pairs("{\"Color\":\"red\"}".getBytes(StandardCharsets.UTF_8)).build();
        assertThat(encode(RecordVersion.V3, draft, 1_700_000_000_000_000_000L)).isEqualTo(hex(PAIRS));
        NeedleMetadata metadata = decode(PAIRS, RecordVersion.V3, 0xabcd, 0x1e).metadata();
        assertThat(text(metadata.pairs())).isEqualTo("{\"Color\":\"red\"}");
        assertThat(metadata.ttl()).isEqualTo(Ttl.parse("3m"));
        assertThat(metadata.isExpired(1_700_000_179_999_999_999L)).isFalse();
        assertThat(metadata.isExpired(1_700_000_180_000_000_000L)).isTrue();
    }

    @Test
    void encodesAndDecodesOlderVersions() throws Exception {
        NeedleDraft draft = NeedleDraft.of(new NeedleKey(5), new Cookie(0x0a0b0c0d)).data(bytes("abc")).build();
        assertThat(encode(RecordVersion.V1, draft, 9)).isEqualTo(hex(VERSION_1));
        assertThat(encode(RecordVersion.V2, draft, 9)).isEqualTo(hex(VERSION_2));
        assertThat(text(decode(VERSION_1, RecordVersion.V1, 5, 3).data())).isEqualTo("abc");
        assertThat(text(decode(VERSION_2, RecordVersion.V2, 5, 8).data())).isEqualTo("abc");
    }

    @Test
    void emptyDataDropsTheMetadataAndIsMarkedLive() {
        NeedleDraft draft = NeedleDraft.of(new NeedleKey(7), new Cookie(1)).name("gone").lastModified(5).build();
        byte[] record = encode(RecordVersion.V3, draft, 2);
        assertThat(record).hasSize(32);
        assertThat(ByteBuffer.wrap(record).getInt(12)).isZero();
        assertThat(ByteBuffer.wrap(record).getInt(28)).isEqualTo(RecordEncoder.LIVE_EMPTY_MARK);
    }

    @Test
    void recordsWithoutBodySayWhatTheyAreInOlderVersionsToo() {
        NeedleDraft empty = NeedleDraft.of(new NeedleKey(5), new Cookie(0x0a0b0c0d)).build();
        for (RecordVersion version : List.of(RecordVersion.V1, RecordVersion.V2)) {
            assertThat(encode(version, empty, 9)).isEqualTo(hex("""
                    0a 0b 0c 0d 00 00 00 00 00 00 00 05 00 00 00 00
                    00 00 00 00 4b 45 4c 50
                    """));
            ByteBuffer marker = new RecordEncoder(version).encodeMarker(5, new Cookie(0x0a0b0c0d), 0x364b3fb7, 9);
            assertThat(join(new ByteBuffer[] {marker})).isEqualTo(hex("""
                    12 34 56 78 00 00 00 00 00 00 00 05 00 00 00 00
                    36 4b 3f b7 00 00 00 00
                    """));
        }
    }

    @Test
    void dataMayComeInPieces() {
        NeedleDraft draft = NeedleDraft.of(new NeedleKey(1), new Cookie(0x637037d6))
                .data(List.of(bytes("hel"), ByteBuffer.allocateDirect(0), bytes("lo world")))
                .name("a.txt").mime("text/plain").lastModified(1_700_000_000).build();
        assertThat(encode(RecordVersion.V3, draft, 1_700_000_000_123_456_789L)).isEqualTo(hex(NAMED));
    }

    @Test
    void namesThatDoNotFitAreLeftOut() throws Exception {
        NeedleDraft draft = NeedleDraft.of(new NeedleKey(1), new Cookie(2)).data(bytes("x"))
                .name("ä".repeat(128)).mime("m".repeat(255)).pairs(new byte[65_536]).build();
        byte[] record = encode(RecordVersion.V3, draft, 1);
        NeedleRecord read = NeedleRecord.parse(
                ByteBuffer.wrap(record), RecordVersion.V3, 1, ByteBuffer.wrap(record).getInt(12), FILE, 0);
        assertThat(read.metadata().flags()).isEqualTo(NeedleFlags.MIME);
        assertThat(read.metadata().mime()).hasSize(255);
    }

    @Test
    void everyFlippedBitOfDataOrLengthsIsNoticed() {
        byte[] good = hex(NAMED);
        // Behind the data come flags, name, type and time, which the format leaves without a checksum.
        for (int bit = 32; bit < 31 * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> NeedleRecord.parse(ByteBuffer.wrap(bad), RecordVersion.V3, 1, 0x26, FILE, 8))
                    .isInstanceOf(DamagedRecordException.class).hasMessageContaining("golden.dat at 8");
        }
    }

    @Test
    void damagedMetadataNeverReadsOutsideTheBody() {
        byte[] good = hex(NAMED);
        for (int at = 0; at < good.length; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] bad = good.clone();
                bad[at] = (byte) value;
                try {
                    NeedleMetadata metadata =
                            NeedleRecord.parse(ByteBuffer.wrap(bad), RecordVersion.V3, 1, 0x26, FILE, 8).metadata();
                    assertThat(metadata.name().length() + metadata.mime().length() + metadata.pairs().remaining())
                            .isLessThan(0x26);
                } catch (DamagedRecordException noticed) {
                    assertThat(noticed.offset()).isEqualTo(8);
                }
            }
        }
    }

    @Test
    void everyCutIsNoticedUpToThePadding() throws Exception {
        byte[] good = hex(NAMED);
        for (int length = 0; length < 66; length++) {
            ByteBuffer cut = ByteBuffer.wrap(good, 0, length);
            assertThatThrownBy(() -> NeedleRecord.parse(cut, RecordVersion.V3, 1, 0x26, FILE, 0))
                    .isInstanceOf(DamagedRecordException.class);
        }
        assertThat(NeedleRecord.parse(ByteBuffer.wrap(good, 0, 66), RecordVersion.V3, 1, 0x26, FILE, 0).dataBytes())
                .isEqualTo(11);
    }

    private static byte[] encode(RecordVersion version, NeedleDraft draft, long nanos) {
        byte[] record = join(new RecordEncoder(version).encode(draft, draft.cookie(), nanos));
        assertThat(record).hasSize((int) version.recordBytes(draft.bodyBytes(version)));
        return record;
    }

    private static NeedleRecord decode(String hex, RecordVersion version, long key, int bodyBytes) throws Exception {
        return NeedleRecord.parse(ByteBuffer.wrap(hex(hex)), version, key, bodyBytes, FILE, 0);
    }

    private static byte[] join(ByteBuffer[] pieces) {
        int total = 0;
        for (ByteBuffer piece : pieces) total += piece.remaining();
        ByteBuffer joined = ByteBuffer.allocate(total);
        for (ByteBuffer piece : pieces) joined.put(piece);
        return joined.array();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}
