package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactObserver;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Vacuum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows of the index that opening does not compare with their records, each damaged in every bit: a vacuum must leave behind
 * nothing that a rebuild of the index would have found, and bring back nothing that it would have found deleted.
 */
class VacuumOfDamagedIndexTest {
    private static final int[] FLIPS = {1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xff};
    /** More rows behind the old ones than opening looks at. */
    private static final int RECENT = 140;
    private static final Vacuum VACUUM = new Vacuum(() -> 0, _ -> {});

    /** What each key holds. */
    private final Map<Long, Optional<byte[]>> contents = new TreeMap<>();
    private byte[] dat;
    private byte[] idx;
    private byte[] vif;
    private int oldRows;

    private void writeVolume(RecordVersion version) throws IOException {
        writeVolume(version, 0);
    }

    /** @param emptyFiles more of them than opening looks at keep it from looking at an old one */
    private void writeVolume(RecordVersion version, int emptyFiles) throws IOException {
        MemoryDisk disk = Volumes.disk();
        Volumes.createFiles(disk, version);
        Volume volume = Volumes.open(disk);
        for (long key = 1; key <= 6; key++) store(volume, key, "content of " + key);
        store(volume, 2, "second content of 2");
        delete(volume, 3);
        delete(volume, 6);
        store(volume, 4, "");
        store(volume, 6, "back again");
        delete(volume, 5);
        oldRows = (int) volume.numbers().idxBytes() / IndexRow.BYTES;
        // Among them the keys that a flipped bit makes of the old ones, and one old key.
        for (long key = 0; key < RECENT; key++) store(volume, 0x101 + key, "recent " + key);
        for (long key = 1; key <= emptyFiles; key++) store(volume, 0x1000 + key, "");
        for (long key = 1; key <= 7; key++) store(volume, key << 56 | 3, "far " + key);
        for (long key = 7; key <= 24; key++) store(volume, key, "recent content of " + key);
        delete(volume, 24);
        store(volume, 1, "second content of 1");
        volume.unmount(true);
        dat = Volumes.bytes(disk, Volumes.FILES.dat());
        idx = Volumes.bytes(disk, Volumes.FILES.idx());
        vif = Volumes.bytes(disk, Volumes.FILES.vif());
    }

    private void store(Volume volume, long key, String text) throws IOException {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        assertThat(Volumes.put(volume, key, 1, data)).isInstanceOf(AppendResult.Stored.class);
        contents.put(key, Optional.of(data));
    }

    private void delete(Volume volume, long key) throws IOException {
        volume.delete(Volumes.key(key), Optional.of(Volumes.cookie(1)), Durability.PROCESS_DEATH);
        contents.put(key, Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    void everyFlippedBitOfAnOldRow(RecordVersion version) throws IOException {
        writeVolume(version);
        int stopped = 0;
        int vacuumed = 0;
        for (int at = 0; at < oldRows * IndexRow.BYTES; at++) {
            for (int flip : FLIPS) {
                byte[] bad = idx.clone();
                bad[at] ^= (byte) flip;
                String what = "byte " + at + " of .idx ^ " + flip;
                MemoryDisk disk = disk(dat, bad, vif);
                Volume volume = Volumes.open(disk);
                boolean writable = volume.readOnly().isWritable();
                CompactResult result = VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {});
                if (result instanceof CompactResult.Compacted) {
                    vacuumed++;
                    assertThat(VACUUM.commit(volume)).as(what).isInstanceOf(CommitResult.Committed.class);
                } else {
                    stopped++;
                    assertThat(result instanceof CompactResult.Unreadable || !writable).as("%s: %s", what, result).isTrue();
                    assertThat(Volumes.bytes(disk, Volumes.FILES.dat())).as(what).isEqualTo(dat);
                    assertThat(disk.list(Volumes.DATA)).as(what).containsExactly("7.dat", "7.idx", "7.vif");
                }
                volume.unmount(true);
                assertThat(IndexFix.run(Volumes.context(disk), Volumes.FILES, new IndexFix.Options(true, false), _ -> {}))
                        .as(what).isInstanceOf(IndexFix.Result.Rebuilt.class);
                isWhole(disk, what + ", fixed");
                disk.delete(Volumes.FILES.idx());
                isWhole(disk, what + ", rebuilt");
            }
        }
        // Many bits make no difference to what is live; a good part does, and is noticed.
        assertThat(stopped).isGreaterThan(300);
        assertThat(vacuumed).isGreaterThan(300);
    }

    private void isWhole(MemoryDisk disk, String what) throws IOException {
        Volume volume = Volumes.open(disk);
        assertThat(volume.readOnly().reasons()).as(what).isEmpty();
        for (var each : contents.entrySet()) {
            Optional<byte[]> found = Volumes.get(volume, each.getKey());
            assertThat(found.isPresent()).as("%s: key %x", what, each.getKey()).isEqualTo(each.getValue().isPresent());
            found.ifPresent(data -> assertThat(data).as("%s: key %x", what, each.getKey()).isEqualTo(each.getValue().get()));
        }
        volume.unmount(true);
    }

    /** The row of an intact file names a key that a later row names too. */
    private byte[] hidden(int row, long key) {
        byte[] bad = idx.clone();
        ByteBuffer.wrap(bad).putLong(row * IndexRow.BYTES, key);
        return bad;
    }

    @Test
    void theReasonNamesFileOffsetKeyAndWhatToDo() throws IOException {
        writeVolume(RecordVersion.V3);
        long offset = 8L * ByteBuffer.wrap(idx).getInt(6 * IndexRow.BYTES + 8);
        MemoryDisk disk = disk(dat, hidden(6, 0x103), vif);
        Volume volume = Volumes.open(disk);
        assertThat(volume.readOnly().reasons()).isEmpty();
        CompactResult.Unreadable hidden = (CompactResult.Unreadable) VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {});
        assertThat(hidden.keyBits()).isEqualTo(2);
        assertThat(hidden.detail()).contains("/data/7.dat at " + offset, "record of key 2 ", "/data/7.idx", "weed fix");
        volume.unmount(true);
        // A deletion of key 3 whose row says another key: 3 is back, which must not become final.
        disk = disk(dat, hidden(7, 0x103), vif);
        volume = Volumes.open(disk);
        assertThat(Volumes.get(volume, 3)).isPresent();
        hidden = (CompactResult.Unreadable) VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {});
        assertThat(hidden.keyBits()).isEqualTo(3);
        assertThat(hidden.detail()).contains("key 3 is deleted there", "weed fix");
        volume.unmount(true);
        // The deletion of a key that was stored again says another one, which is gone by that row alone.
        disk = disk(dat, hidden(8, 2), vif);
        volume = Volumes.open(disk);
        assertThat(Volumes.get(volume, 2)).isEmpty();
        hidden = (CompactResult.Unreadable) VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {});
        assertThat(hidden.keyBits()).isEqualTo(2);
        assertThat(hidden.detail()).contains("has key 6", "a deletion of key 2", "weed fix");
    }

    /** The reference marks neither empty files nor, in batches, deletions; there the row is all that tells. */
    @ParameterizedTest
    @EnumSource
    void recordsWithoutContentThatNothingMarksCountByTheirRows(RecordVersion version) throws IOException {
        writeVolume(version, 600);
        for (int row : new int[] {7, 8, 9, 11}) {
            int offset = 8 * ByteBuffer.wrap(idx).getInt(row * IndexRow.BYTES + 8);
            ByteBuffer.wrap(dat).putInt(offset, 1).putInt(offset + 16, 0);
            Arrays.fill(dat, offset + (int) version.recordBytes(0) - 4, offset + (int) version.recordBytes(0), (byte) 0);
        }
        for (int row : new int[] {7, 9, 11}) {
            MemoryDisk disk = disk(dat, hidden(row, 0x103), vif);
            Volume volume = Volumes.open(disk);
            assertThat(volume.readOnly().reasons()).isEmpty();
            CompactResult result = VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {});
            assertThat(result).as("row %d", row).isInstanceOf(CompactResult.Unreadable.class);
            assertThat(((CompactResult.Unreadable) result).keyBits()).isEqualTo(ByteBuffer.wrap(idx).getLong(row * IndexRow.BYTES));
        }
        MemoryDisk intact = disk(dat, idx, vif);
        vacuum(intact);
        Volume volume = Volumes.open(intact);
        assertThat(Volumes.get(volume, 3)).isEmpty();
        assertThat(Volumes.get(volume, 4)).hasValue(new byte[0]);
    }

    @Test
    void whoWantsItGoesByTheIndex() throws IOException {
        writeVolume(RecordVersion.V3);
        MemoryDisk disk = disk(dat, hidden(6, 0x103), vif);
        Volume volume = Volumes.open(disk);
        List<Long> told = new ArrayList<>();
        CompactResult result = VACUUM.compact(volume, CompactOptions.DEFAULT.droppingUnreadable(), new Told(told));
        assertThat(result).isInstanceOf(CompactResult.Compacted.class);
        assertThat(told).containsExactly(2L);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        assertThat(Volumes.get(volume, 0x103)).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void anIndexWithoutTheRowsOfWhatIsDeadIsNotDamaged(RecordVersion version) throws IOException {
        writeVolume(version);
        MemoryDisk disk = disk(dat, idx, vif);
        IndexFix.run(Volumes.context(disk), Volumes.FILES, new IndexFix.Options(false, false), _ -> {});
        assertThat(Volumes.bytes(disk, Volumes.FILES.idx())).hasSizeLessThan(idx.length);
        vacuum(disk);
        isWhole(disk, "without dead rows");
    }

    /** The reference leaves rows for the last record of each live key and for deletions. */
    @ParameterizedTest
    @EnumSource
    void anIndexAsTheReferenceRebuildsItIsNotDamaged(RecordVersion version) throws IOException {
        writeVolume(version);
        ByteBuffer rows = ByteBuffer.allocate(idx.length);
        for (int at = 0; at < idx.length; at += IndexRow.BYTES) {
            long key = ByteBuffer.wrap(idx).getLong(at);
            boolean deletion = ByteBuffer.wrap(idx).getInt(at + 12) == -1;
            boolean last = true;
            for (int later = at + IndexRow.BYTES; later < idx.length; later += IndexRow.BYTES) {
                last &= ByteBuffer.wrap(idx).getLong(later) != key;
            }
            if (deletion || last) rows.put(idx, at, IndexRow.BYTES);
        }
        assertThat(rows.position()).isLessThan(idx.length - 4 * IndexRow.BYTES);
        MemoryDisk disk = disk(dat, Arrays.copyOf(rows.array(), rows.position()), vif);
        vacuum(disk);
        isWhole(disk, "as the reference rebuilds it");
    }

    /** Both keys that contradict each other are unreadable; no row names them as the index in memory does. */
    @Test
    void whatContradictedItselfAtTheStartIsDroppedByNameOnly() throws IOException {
        writeVolume(RecordVersion.V3);
        int last = idx.length / IndexRow.BYTES - 3;
        MemoryDisk disk = disk(dat, hidden(last, 0x7777), vif);
        Volume volume = Volumes.open(disk);
        assertThat(volume.readOnly().reasons()).containsOnlyKeys(ReadOnlyCause.DAMAGED);
        List<Long> told = new ArrayList<>();
        CompactResult result = VACUUM.compact(volume, CompactOptions.DEFAULT.droppingUnreadable(), new Told(told));
        assertThat(result).isInstanceOfSatisfying(CompactResult.Compacted.class,
                compacted -> assertThat(compacted.dropped()).isEqualTo(2));
        long key = ByteBuffer.wrap(idx).getLong(last * IndexRow.BYTES);
        assertThat(told).containsExactlyInAnyOrder(0x7777L, key);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        volume.unmount(true);
        contents.put(key, Optional.empty());
        isWhole(disk, "dropped");
    }

    @Test
    void aRowThatWentBadSinceTheStartLosesNothing() throws IOException {
        writeVolume(RecordVersion.V3);
        MemoryDisk disk = disk(dat, idx, vif);
        Volume volume = Volumes.open(disk);
        try (DiskFile file = disk.open(Volumes.FILES.idx(), Open.READ_WRITE)) {
            file.write(ByteBuffer.wrap(hidden(6, 0x103)), 0);
        }
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {})).isInstanceOf(CompactResult.Compacted.class);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        volume.unmount(true);
        isWhole(disk, "went bad");
    }

    private record Told(List<Long> keys) implements CompactObserver {
        @Override
        public void processed(long sourceBytes) {}

        @Override
        public void dropped(long keyBits, String detail) {
            keys.add(keyBits);
        }
    }

    @Test
    void aDeletionWhoseMarkerLiesElsewhereIsStillOne() throws IOException {
        writeVolume(RecordVersion.V3, 600);
        byte[] bad = idx.clone();
        // Key 5 is deleted; its row says the place of a dead record of key 2.
        ByteBuffer.wrap(bad).putInt(11 * IndexRow.BYTES + 8, ByteBuffer.wrap(idx).getInt(IndexRow.BYTES + 8));
        MemoryDisk disk = disk(dat, bad, vif);
        Volumes.open(disk).unmount(true);
        assertThat(Volumes.bytes(disk, Volumes.FILES.idx())).isEqualTo(bad);
        vacuum(disk);
        isWhole(disk, "elsewhere");
    }

    @ParameterizedTest
    @EnumSource
    void anIndexInTheOrderOfItsKeysIsNotDamaged(RecordVersion version) throws IOException {
        writeVolume(version);
        MemoryDisk disk = disk(dat, idx, vif);
        IndexFix.run(Volumes.context(disk), Volumes.FILES, new IndexFix.Options(false, false), _ -> {});
        byte[] live = Volumes.bytes(disk, Volumes.FILES.idx());
        List<ByteBuffer> rows = new ArrayList<>();
        for (int at = 0; at < live.length; at += IndexRow.BYTES) rows.add(ByteBuffer.wrap(live, at, IndexRow.BYTES).slice());
        rows.sort(Comparator.comparingLong(row -> row.getLong(0)));
        ByteBuffer sorted = ByteBuffer.allocate(live.length);
        rows.forEach(sorted::put);
        Volumes.write(disk, Volumes.FILES.idx(), sorted.array());
        vacuum(disk);
        isWhole(disk, "sorted by key");
        // The order in which the records came is back.
        assertThat(Arrays.copyOfRange(Volumes.bytes(disk, Volumes.FILES.idx()), 0, 8)).isNotEqualTo(Arrays.copyOf(sorted.array(), 8));
    }

    private static void vacuum(MemoryDisk disk) throws IOException {
        Volume volume = Volumes.open(disk);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {})).isInstanceOf(CompactResult.Compacted.class);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        volume.unmount(true);
    }

    private static MemoryDisk disk(byte[] dat, byte[] idx, byte[] vif) throws IOException {
        MemoryDisk disk = Volumes.disk();
        Volumes.write(disk, Volumes.FILES.dat(), dat);
        Volumes.write(disk, Volumes.FILES.idx(), idx);
        Volumes.write(disk, Volumes.FILES.vif(), vif);
        return disk;
    }
}
