package dev.kelpfs.storage.vacuum;

import static dev.kelpfs.storage.vacuum.VacuumBench.FILES;
import static dev.kelpfs.storage.vacuum.VacuumBench.NOBODY;
import static dev.kelpfs.storage.vacuum.VacuumBench.VACUUM;
import static dev.kelpfs.storage.vacuum.VacuumBench.bytes;
import static dev.kelpfs.storage.vacuum.VacuumBench.delete;
import static dev.kelpfs.storage.vacuum.VacuumBench.get;
import static dev.kelpfs.storage.vacuum.VacuumBench.put;
import static dev.kelpfs.storage.vacuum.VacuumBench.vacuum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexFile;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.IndexFix;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.storage.volume.VolumeNumbers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a vacuum leaves in the files, and what it is made of. */
class VacuumTest {
    private static final byte[] ONE = "one".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TWO = "two, which is longer".getBytes(StandardCharsets.UTF_8);

    private final MemoryDisk disk;

    VacuumTest() throws IOException {
        disk = VacuumBench.disk();
    }

    @Test
    void liveRecordsStayByteForByteInTheOrderInWhichTheyCame() throws Exception {
        Volume volume = VacuumBench.create(disk);
        put(volume, 0x30, ONE);
        put(volume, 0x10, ONE);
        put(volume, 0x20, TWO);
        put(volume, 0x10, TWO);
        put(volume, 0x40, new byte[0]);
        put(volume, -1, ONE);
        delete(volume, 0x20);
        byte[] before = bytes(disk, FILES.dat());
        Map<Long, Long> rows = rows(FILES.idx());
        assertThat(VACUUM.garbageRatio(volume)).isGreaterThan(0.3);

        CommitResult result = vacuum(volume);

        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.write(HexFormat.of().parseHex("0300000000010000"));
        for (long key : new long[] {0x30, 0x10, 0x40, -1}) expected.write(record(before, rows.get(key)));
        assertThat(bytes(disk, FILES.dat())).isEqualTo(expected.toByteArray());
        assertThat(result).isEqualTo(new CommitResult.Committed(false, expected.size(), 1));
        assertThat(HexFormat.ofDelimiter(" ").formatHex(bytes(disk, FILES.idx()))).isEqualTo(
                "00 00 00 00 00 00 00 30 00 00 00 01 00 00 00 0d "
                        + "00 00 00 00 00 00 00 10 00 00 00 07 00 00 00 1e "
                        + "00 00 00 00 00 00 00 40 00 00 00 0f 00 00 00 00 "
                        + "ff ff ff ff ff ff ff ff 00 00 00 13 00 00 00 0d");
        assertThat(disk.list(VacuumBench.DATA)).containsExactly("7.dat", "7.idx", "7.vif");
        assertThat(VACUUM.garbageRatio(volume)).isZero();
    }

    private Map<Long, Long> rows(Path idx) throws IOException {
        Map<Long, Long> rows = new TreeMap<>();
        try (DiskFile file = disk.open(idx, Open.READ)) {
            IndexFile.walk(file, 0, (_, key, entry) -> rows.put(key, entry));
        }
        return rows;
    }

    private static byte[] record(byte[] dat, long entry) {
        int offset = (int) IndexEntry.offset(entry);
        int fixed = 16 + IndexEntry.bodyBytes(entry) + 4 + 8;
        return Arrays.copyOfRange(dat, offset, offset + fixed + 8 - fixed % 8);
    }

    @Test
    void theVolumeCountsAsAfterOpeningAnew() throws Exception {
        Volume volume = VacuumBench.create(disk);
        for (int key = 1; key <= 50; key++) put(volume, key, new byte[key]);
        for (int key = 1; key <= 50; key += 2) delete(volume, key);
        vacuum(volume);
        put(volume, 2, ONE);
        delete(volume, 4);
        VolumeNumbers numbers = volume.numbers();
        volume.unmount(true);
        VolumeNumbers opened = VacuumBench.open(disk).numbers();
        assertThat(numbers.revision()).isEqualTo(1);
        assertThat(opened.files()).isEqualTo(numbers.files()).isEqualTo(26);
        assertThat(opened.fileBytes()).isEqualTo(numbers.fileBytes());
        assertThat(opened.deleted()).isEqualTo(numbers.deleted()).isEqualTo(2);
        assertThat(opened.deletedBytes()).isEqualTo(numbers.deletedBytes());
        assertThat(opened.datBytes()).isEqualTo(numbers.datBytes());
        assertThat(opened.idxBytes()).isEqualTo(numbers.idxBytes());
        assertThat(opened.maxKey()).isEqualTo(numbers.maxKey());
    }

    @Test
    void anEmptyVolumeAndOneWithoutAnythingLive() throws Exception {
        Volume volume = VacuumBench.create(disk);
        assertThat(vacuum(volume)).isEqualTo(new CommitResult.Committed(false, 8, 1));
        put(volume, 1, ONE);
        delete(volume, 1);
        assertThat(vacuum(volume)).isEqualTo(new CommitResult.Committed(false, 8, 2));
        put(volume, 1, TWO);
        volume.unmount(true);
        assertThat(get(VacuumBench.open(disk), 1)).hasValue(TWO);
    }

    @ParameterizedTest
    @CsvSource({"plain,plain_12", "legacy,legacy_12", "ttl,ttl_18", "vacuumed,vacuumed_23"})
    void volumesOfTheReferenceKeepTheirContents(String set, String base) throws Exception {
        MemoryDisk theirs = VacuumBench.fixture(set, base);
        VolumeFiles files = VacuumBench.files(base);
        Volume volume = VacuumBench.open(theirs, files);
        Map<Long, String> before = contents(volume, theirs, files);
        assertThat(before).isNotEmpty();
        int revision = volume.numbers().revision();
        vacuum(volume);
        assertThat(contents(volume, theirs, files)).isEqualTo(before);
        volume.unmount(true);
        Volume opened = VacuumBench.open(theirs, files);
        assertThat(opened.readOnly().reasons()).isEmpty();
        assertThat(opened.numbers().revision()).isEqualTo(revision + 1);
        assertThat(contents(opened, theirs, files)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"plain,plain_12", "legacy,legacy_12", "ttl,ttl_18", "vacuumed,vacuumed_23"})
    void volumesOfTheReferenceNeedNoRowsOfWhatIsDead(String set, String base) throws Exception {
        MemoryDisk theirs = VacuumBench.fixture(set, base);
        VolumeFiles files = VacuumBench.files(base);
        Volume volume = VacuumBench.open(theirs, files);
        Map<Long, String> before = contents(volume, theirs, files);
        volume.unmount(true);
        IndexFix.run(VacuumBench.context(theirs, new VacuumBench.Clock()), files, new IndexFix.Options(false, false), _ -> {});
        volume = VacuumBench.open(theirs, files);
        vacuum(volume);
        assertThat(contents(volume, theirs, files)).isEqualTo(before);
    }

    /** Live records without checksum, time and padding, by key. */
    private static Map<Long, String> contents(Volume volume, MemoryDisk disk, VolumeFiles files) throws IOException {
        List<Long> keys = new ArrayList<>();
        try (DiskFile idx = disk.open(files.idx(), Open.READ)) {
            IndexFile.walk(idx, 0, (_, key, _) -> keys.add(key));
        }
        Map<Long, String> contents = new TreeMap<>();
        for (long key : keys) {
            if (!(volume.find(new NeedleKey(key)) instanceof FindResult.Hit hit)) continue;
            try (hit) {
                ByteBuffer record = ByteBuffer.allocate((int) hit.needle().recordBytes());
                hit.needle().read(record);
                hit.needle().parse(record);
                contents.put(key, HexFormat.of().formatHex(record.array(), 0, 16 + hit.needle().bodyBytes()));
            }
        }
        return contents;
    }

    @Test
    void aVolumeThatTheReferenceHasVacuumedIsTheSameButForTheRevision() throws Exception {
        MemoryDisk theirs = VacuumBench.fixture("vacuumed", "vacuumed_23");
        VolumeFiles files = VacuumBench.files("vacuumed_23");
        byte[] dat = bytes(theirs, files.dat());
        byte[] idx = bytes(theirs, files.idx());
        vacuum(VacuumBench.open(theirs, files));
        assertThat(dat[5]).isEqualTo((byte) 1);
        dat[5] = 2;
        assertThat(bytes(theirs, files.dat())).isEqualTo(dat);
        assertThat(bytes(theirs, files.idx())).isEqualTo(idx);
    }

    @Test
    void legacyChecksumsBecomePlain() throws Exception {
        MemoryDisk plain = VacuumBench.fixture("plain", "plain_12");
        MemoryDisk legacy = VacuumBench.fixture("legacy", "legacy_12");
        vacuum(VacuumBench.open(plain, VacuumBench.files("plain_12")));
        vacuum(VacuumBench.open(legacy, VacuumBench.files("legacy_12")));
        assertThat(bytes(legacy, VacuumBench.files("legacy_12").dat()))
                .isEqualTo(bytes(plain, VacuumBench.files("plain_12").dat()));
    }

    @ParameterizedTest
    @CsvSource({
        "01,0a0b0c0d000000000000000500000003616263364b3fb700,3",
        "02,0a0b0c0d00000000000000050000000800000003616263 00364b3fb700000000,8"
    })
    void olderVersionsStayWhatTheyAre(String version, String hex, int bodyBytes) throws Exception {
        HexFormat format = HexFormat.of();
        String record = hex.replace(" ", "");
        String superblock = version + "00000000070000";
        VacuumBench.write(disk, FILES.dat(), format.parseHex(superblock + record + record));
        int second = (8 + record.length() / 2) / 8;
        VacuumBench.write(disk, FILES.idx(), format.parseHex(("0000000000000005" + "00000001" + "%08x"
                + "0000000000000005" + "%08x" + "%08x").formatted(bodyBytes, second, bodyBytes)));
        Volume volume = VacuumBench.open(disk);
        vacuum(volume);
        assertThat(format.formatHex(bytes(disk, FILES.dat()))).isEqualTo(version + "00000000080000" + record);
        assertThat(get(volume, 5)).hasValue("abc".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void recordsLargerThanAnyBufferAreCopiedInPieces() throws Exception {
        Volume volume = VacuumBench.create(disk);
        byte[] large = new byte[5_000_003];
        new SplittableRandom(4).nextBytes(large);
        byte[] edge = Arrays.copyOf(large, (1 << 20) - 60);
        put(volume, 3, ONE);
        put(volume, 2, large);
        put(volume, 1, edge);
        put(volume, 3, TWO);
        vacuum(volume);
        volume.unmount(true);
        Volume opened = VacuumBench.open(disk);
        assertThat(get(opened, 1)).hasValue(edge);
        assertThat(get(opened, 2)).hasValue(large);
        assertThat(get(opened, 3)).hasValue(TWO);
    }

    /** The old file is read from front to end once, and of what is dead little more than the headers. */
    @Test
    void noMoreIsReadThanWhatIsLive() throws Exception {
        Volume volume = VacuumBench.create(disk);
        SplittableRandom random = new SplittableRandom(5);
        long[] keys = random.longs(60).toArray();
        for (long key : keys) put(volume, key, new byte[150_000]);
        for (int i = 0; i < keys.length; i += 2) delete(volume, keys[i]);
        volume.unmount(true);
        AtomicLong bytes = new AtomicLong();
        AtomicLong calls = new AtomicLong();
        FaultyDisk counting = new FaultyDisk(disk, call -> {
            if (call.kind() == DiskCall.Kind.READ && call.path().equals(FILES.dat())) {
                bytes.addAndGet(call.bytes());
                calls.incrementAndGet();
            }
            return Fault.NONE;
        });
        volume = VacuumBench.open(counting);
        bytes.set(0);
        calls.set(0);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY)).isInstanceOf(CompactResult.Compacted.class);
        assertThat(bytes.get()).isBetween(30 * 150_000L, 30 * 150_000L + 500_000);
        assertThat(calls.get()).isLessThan(4 * 60);
    }

    @Test
    void theIndexMayLieElsewhere() throws Exception {
        VolumeFiles files = new VolumeFiles(FILES.name(), VacuumBench.DATA, VacuumBench.INDEX);
        Volume volume = VacuumBench.create(disk, files, Ttl.NONE, new VacuumBench.Clock());
        put(volume, 1, ONE);
        put(volume, 1, TWO);
        vacuum(volume);
        assertThat(disk.list(VacuumBench.DATA)).containsExactly("7.dat", "7.vif");
        assertThat(disk.list(VacuumBench.INDEX)).containsExactly("7.idx");
        volume.unmount(true);
        assertThat(get(VacuumBench.open(disk, files), 1)).hasValue(TWO);
    }

    @Test
    void whatHappensDuringTheCopyIsFollowed() throws Exception {
        Volume volume = VacuumBench.create(disk);
        for (int key = 1; key <= 9; key++) put(volume, key, ONE);
        int[] asked = {0};
        CompactObserver meddler = new CompactObserver() {
            @Override
            public void processed(long sourceBytes) {}

            @Override
            public boolean isCancelled() {
                try {
                    if (++asked[0] == 5) {
                        delete(volume, 1); // copied already
                        delete(volume, 9); // not yet
                        put(volume, 2, TWO);
                        put(volume, 8, TWO);
                        put(volume, 3, TWO);
                        delete(volume, 3);
                        put(volume, 20, TWO);
                        put(volume, 21, TWO);
                        delete(volume, 21);
                        put(volume, 22, new byte[0]);
                        put(volume, 4, new byte[0]);
                    }
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                }
                return false;
            }
        };
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, meddler)).isInstanceOf(CompactResult.Compacted.class);
        delete(volume, 5);
        put(volume, 5, TWO);
        delete(volume, 6);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        check(volume);
        volume.unmount(true);
        Volume opened = VacuumBench.open(disk);
        check(opened);
        opened.unmount(true);
        disk.delete(FILES.idx());
        Volume rebuilt = VacuumBench.open(disk);
        assertThat(rebuilt.readOnly().reasons()).isEmpty();
        check(rebuilt);
    }

    private static void check(Volume volume) throws IOException {
        for (long gone : new long[] {1, 9, 3, 21, 6}) assertThat(get(volume, gone)).as("key %d", gone).isEmpty();
        for (long two : new long[] {2, 8, 20, 5}) assertThat(get(volume, two)).as("key %d", two).hasValue(TWO);
        for (long empty : new long[] {22, 4}) assertThat(get(volume, empty)).as("key %d", empty).hasValue(new byte[0]);
        assertThat(get(volume, 7)).hasValue(ONE);
    }

    @Test
    void emptyUploadsSurviveTheLossOfTheIndexAfterAVacuum() throws Exception {
        Volume volume = VacuumBench.create(disk);
        // Stored in descending order of the keys.
        for (int key = 9; key >= 1; key--) put(volume, key, key % 2 == 0 ? ONE : new byte[0]);
        vacuum(volume);
        volume.unmount(true);
        disk.delete(FILES.idx());
        Volume rebuilt = VacuumBench.open(disk);
        assertThat(rebuilt.readOnly().reasons()).isEmpty();
        for (int key = 9; key >= 1; key--) {
            assertThat(get(rebuilt, key)).as("key %d", key).hasValue(key % 2 == 0 ? ONE : new byte[0]);
        }
    }

    @Test
    void readersFinishWithTheFilesTheyHave() throws Exception {
        Volume volume = VacuumBench.create(disk);
        put(volume, 1, ONE);
        put(volume, 2, TWO);
        delete(volume, 1);
        put(volume, 3, TWO);
        FindResult.Hit reader = (FindResult.Hit) volume.find(new NeedleKey(2));
        vacuum(volume);
        delete(volume, 2);
        vacuum(volume);
        put(volume, 2, ONE);
        assertThat(reader.needle().readRecord().data()).isEqualTo(ByteBuffer.wrap(TWO));
        assertThat(reader.needle().revision()).isZero();
        reader.close();
        assertThat(get(volume, 2)).hasValue(ONE);
        assertThat(get(volume, 3)).hasValue(TWO);
    }
}
