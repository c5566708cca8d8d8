package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.DamagedRecordException;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Vacuum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A data file cut off at every byte under a whole index. Each key holds what it held last, or cannot be read because that
 * is gone; older contents never come back, also not by a vacuum or the next start.
 */
class DataTruncationTest {
    private static final Vacuum VACUUM = new Vacuum(() -> 0, _ -> {});

    /** Where a key's last row says that it lies. */
    private record Place(long offset, long end, boolean live) {}

    private final Map<Long, Optional<byte[]>> newest = new TreeMap<>();
    private final Map<Long, Place> places = new TreeMap<>();
    private final List<String> names = new ArrayList<>();
    private byte[] dat;
    private byte[] idx;
    private byte[] vif;

    private void writeVolume(RecordVersion version) throws IOException {
        MemoryDisk disk = Volumes.disk();
        Volumes.createFiles(disk, version);
        Volume volume = Volumes.open(disk);
        for (long key = 1; key <= 5; key++) store(volume, key, "content of " + key);
        store(volume, 2, "second content of 2");
        delete(volume, 3);
        store(volume, 4, "");
        store(volume, 1, "x");
        delete(volume, 5);
        store(volume, 5, "back again");
        volume.unmount(true);
        dat = Volumes.bytes(disk, Volumes.FILES.dat());
        idx = Volumes.bytes(disk, Volumes.FILES.idx());
        vif = Volumes.bytes(disk, Volumes.FILES.vif());
        for (int at = 0; at < idx.length; at += IndexRow.BYTES) {
            ByteBuffer row = ByteBuffer.wrap(idx, at, IndexRow.BYTES);
            long key = row.getLong();
            long offset = Integer.toUnsignedLong(row.getInt()) * RecordVersion.UNIT_BYTES;
            int bodyBytes = row.getInt();
            // The padding is nobody's business.
            long end = offset + version.recordBytes(bodyBytes) - version.paddingBytes(Math.max(0, bodyBytes));
            places.put(key, new Place(offset, end, bodyBytes != IndexEntry.DELETED_BODY_BYTES));
            names.add("at " + offset + ": the record of key " + Long.toHexString(key) + " ends behind the end of the file");
        }
    }

    private void store(Volume volume, long key, String content) throws IOException {
        assertThat(Volumes.put(volume, key, 1, bytes(content))).isInstanceOf(AppendResult.Stored.class);
        newest.put(key, Optional.of(bytes(content)));
    }

    private void delete(Volume volume, long key) throws IOException {
        assertThat(volume.delete(Volumes.key(key), Optional.empty(), Durability.PROCESS_DEATH))
                .isInstanceOf(DeleteResult.Deleted.class);
        newest.put(key, Optional.empty());
    }

    private MemoryDisk cutTo(int length) throws IOException {
        MemoryDisk disk = Volumes.disk();
        Volumes.write(disk, Volumes.FILES.dat(), Arrays.copyOf(dat, length));
        Volumes.write(disk, Volumes.FILES.idx(), idx);
        Volumes.write(disk, Volumes.FILES.vif(), vif);
        return disk;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLeftIsServedAndWhatIsGoneIsNamed(RecordVersion version) throws IOException {
        writeVolume(version);
        int last = (int) places.get(5L).end();
        for (int length = Superblock.BYTES; length < last; length++) {
            String what = ".dat cut to " + length;
            MemoryDisk disk = cutTo(length);
            Volume volume = Volumes.open(disk);
            assertThat(volume.readOnly().reasons()).as(what).containsOnlyKeys(ReadOnlyCause.DAMAGED);
            String reason = volume.readOnly().whyNoWrites().orElseThrow();
            assertThat(reason).as(what).startsWith("/data/7.dat at ");
            assertThat(names).as(what).anyMatch(reason::endsWith);
            contents(volume, what, length);
            assertThat(Volumes.put(volume, 99, 1, bytes("new"))).as(what).isInstanceOf(AppendResult.ReadOnly.class);
            assertThat(volume.delete(Volumes.key(1), Optional.empty(), Durability.PROCESS_DEATH)).as(what)
                    .isInstanceOf(DeleteResult.ReadOnly.class);
            assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {})).as(what)
                    .isInstanceOf(CompactResult.Refused.class);
            assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT.evenMarkedReadOnly(), _ -> {})).as(what)
                    .isNotInstanceOf(CompactResult.Compacted.class);
            contents(volume, what + ", not vacuumed", length);
            volume.unmount(true);
            assertThat(Volumes.bytes(disk, Volumes.FILES.dat())).as(what).isEqualTo(Arrays.copyOf(dat, length));
            assertThat(Volumes.bytes(disk, Volumes.FILES.idx())).as(what).isEqualTo(idx);
            assertThat(disk.list(Volumes.DATA)).as(what).containsExactly("7.dat", "7.idx", "7.vif");
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyIfItMayDropThemDoesAVacuumLeaveOutWhatIsGone(RecordVersion version) throws IOException {
        writeVolume(version);
        int last = (int) places.get(5L).end();
        for (int length = Superblock.BYTES; length < last; length++) {
            String what = ".dat cut to " + length;
            MemoryDisk disk = cutTo(length);
            Volume volume = Volumes.open(disk);
            CompactOptions dropping = CompactOptions.DEFAULT.droppingUnreadable();
            int cut = length;
            long gone = places.values().stream().filter(place -> place.live() && place.end() > cut).count();
            assertThat(VACUUM.compact(volume, dropping, _ -> {})).as(what).isInstanceOfSatisfying(
                    CompactResult.Compacted.class, done -> assertThat(done.dropped()).isEqualTo(gone));
            assertThat(VACUUM.commit(volume)).as(what).isInstanceOf(CommitResult.Committed.class);
            volume.unmount(true);
            volume = Volumes.open(disk);
            assertThat(volume.readOnly().reasons()).as(what).isEmpty();
            for (long key : newest.keySet()) {
                Optional<byte[]> expected = places.get(key).end() > length ? Optional.empty() : newest.get(key);
                assertSame(Volumes.get(volume, key), expected, what + ", vacuumed, key " + key);
            }
            writeAndReopen(disk, volume, what);
        }
    }

    @ParameterizedTest
    @EnumSource
    void missingPaddingIsPutBack(RecordVersion version) throws IOException {
        writeVolume(version);
        for (int length = (int) places.get(5L).end(); length < dat.length; length++) {
            String what = ".dat cut to " + length;
            MemoryDisk disk = cutTo(length);
            Volume volume = Volumes.open(disk);
            assertThat(volume.readOnly().reasons()).as(what).isEmpty();
            contents(volume, what, length);
            assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {})).as(what)
                    .isInstanceOf(CompactResult.Compacted.class);
            assertThat(VACUUM.commit(volume)).as(what).isInstanceOf(CommitResult.Committed.class);
            contents(volume, what + ", vacuumed", length);
            writeAndReopen(disk, volume, what);
        }
    }

    @ParameterizedTest
    @EnumSource
    void lessThanASuperblockIsNoVolume(RecordVersion version) throws IOException {
        writeVolume(version);
        for (int length = 0; length < Superblock.BYTES; length++) {
            MemoryDisk disk = cutTo(length);
            assertThatThrownBy(() -> Volumes.open(disk)).isInstanceOf(RefusedVolumeException.class)
                    .hasMessageContaining("/data/7.dat").hasMessageContaining("no superblock");
            assertThat(Volumes.bytes(disk, Volumes.FILES.dat())).hasSize(length);
            assertThat(Volumes.bytes(disk, Volumes.FILES.idx())).isEqualTo(idx);
        }
    }

    private static void writeAndReopen(MemoryDisk disk, Volume volume, String what) throws IOException {
        assertThat(Volumes.put(volume, 99, 1, bytes("new"))).as(what).isInstanceOf(AppendResult.Stored.class);
        volume.unmount(true);
        Volume opened = Volumes.open(disk);
        assertThat(opened.readOnly().reasons()).as(what).isEmpty();
        assertThat(Volumes.get(opened, 99)).as(what).hasValue(bytes("new"));
        opened.unmount(true);
    }

    /** Each key holds the newest, or its record is not whole any more and that is said. */
    private void contents(Volume volume, String what, int length) throws IOException {
        for (long key : newest.keySet()) {
            Place place = places.get(key);
            String where = what + ", key " + key;
            if (place.live() && place.end() > length) {
                assertThatThrownBy(() -> Volumes.get(volume, key)).as(where).isInstanceOf(DamagedRecordException.class)
                        .hasMessageContaining("/data/7.dat at " + place.offset()).hasMessageContaining("the file ends");
            } else {
                assertSame(Volumes.get(volume, key), newest.get(key), where);
            }
        }
    }

    private static void assertSame(Optional<byte[]> found, Optional<byte[]> expected, String what) {
        assertThat(found.map(Arrays::toString)).as(what).isEqualTo(expected.map(Arrays::toString));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
