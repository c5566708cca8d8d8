package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.memory.MemoryDisk;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every bit of a small volume's files changed, and truncations of index and info file: nothing may ever be given out that
 * was not stored under that key, and no damage may reach beyond its record or row, not by going on to write, not by a vacuum.
 */
class DamageTest {
    private static final int[] FLIPS = {1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xff};
    private static final long NEW_KEY = 99;
    private static final Vacuum VACUUM = new Vacuum(() -> 0, _ -> {});

    /** Contents that a key ever had. */
    private final Map<Long, List<Optional<byte[]>>> histories = new TreeMap<>();
    private byte[] dat;
    private byte[] idx;
    private byte[] vif;
    private int states;

    private void writeVolume(RecordVersion version) throws IOException {
        MemoryDisk disk = Volumes.disk();
        Volumes.createFiles(disk, version);
        Volume volume = Volumes.open(disk);
        assertThat(volume.version()).isEqualTo(version);
        for (long key = 1; key <= 6; key++) store(volume, key, bytes("content of " + key));
        store(volume, 2, bytes("second content of 2"));
        delete(volume, 3);
        store(volume, 4, new byte[0]);
        store(volume, 5, bytes("x"));
        delete(volume, 6);
        store(volume, 6, bytes("back again"));
        volume.unmount(true);
        dat = Volumes.bytes(disk, Volumes.FILES.dat());
        idx = Volumes.bytes(disk, Volumes.FILES.idx());
        vif = Volumes.bytes(disk, Volumes.FILES.vif());
    }

    private void store(Volume volume, long key, byte[] data) throws IOException {
        Volumes.put(volume, key, 1, data);
        histories.computeIfAbsent(key, _ -> new ArrayList<>()).add(Optional.of(data));
    }

    private void delete(Volume volume, long key) throws IOException {
        volume.delete(Volumes.key(key), Optional.of(Volumes.cookie(1)), Durability.PROCESS_DEATH);
        histories.get(key).add(Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    void everyFlippedBitOfTheData(RecordVersion version) throws IOException {
        writeVolume(version);
        for (int at = 0; at < dat.length; at++) {
            for (int flip : FLIPS) {
                byte[] bad = dat.clone();
                bad[at] ^= (byte) flip;
                // Where record and row name different keys neither can be read; no content may be lost or changed.
                check("byte " + at + " of .dat ^ " + flip, bad, idx, vif, 2);
            }
        }
        assertThat(states).isGreaterThan(9 * 300);
    }

    @ParameterizedTest
    @EnumSource
    void everyFlippedBitOfTheIndex(RecordVersion version) throws IOException {
        writeVolume(version);
        for (int at = 0; at < idx.length; at++) {
            for (int flip : FLIPS) {
                byte[] bad = idx.clone();
                bad[at] ^= (byte) flip;
                check("byte " + at + " of .idx ^ " + flip, dat, bad, vif, 2);
            }
        }
        assertThat(states).isEqualTo(9 * 12 * 16);
    }

    @ParameterizedTest
    @EnumSource
    void everyFlippedBitOfTheInfo(RecordVersion version) throws IOException {
        writeVolume(version);
        for (int at = 0; at < vif.length; at++) {
            for (int flip : FLIPS) {
                byte[] bad = vif.clone();
                bad[at] ^= (byte) flip;
                check("byte " + at + " of .vif ^ " + flip, dat, idx, bad, 0);
            }
        }
        for (int length = 0; length < vif.length; length++) {
            check(".vif cut to " + length, dat, idx, Arrays.copyOf(vif, length), 0);
        }
        assertThat(states).isGreaterThan(9 * 180);
    }

    @ParameterizedTest
    @EnumSource
    void everyTruncationOfTheIndexIsMended(RecordVersion version) throws IOException {
        writeVolume(version);
        for (int length = 0; length < idx.length; length++) {
            check(".idx cut to " + length, dat, Arrays.copyOf(idx, length), vif, 0);
        }
    }

    /** Behind the rows that are compared with their records at the start damage is noticed late, or never. */
    @Test
    void damageOfAnOldRowStaysWithItsKeyAndARebuildMendsIt() throws IOException {
        MemoryDisk disk = Volumes.disk();
        Volume volume = Volumes.create(disk);
        for (long key = 1; key <= 20; key++) store(volume, key, bytes("content of " + key));
        for (long key = 101; key <= 400; key++) store(volume, key, bytes("content of " + key));
        volume.unmount(true);
        dat = Volumes.bytes(disk, Volumes.FILES.dat());
        idx = Volumes.bytes(disk, Volumes.FILES.idx());
        vif = Volumes.bytes(disk, Volumes.FILES.vif());
        for (int at = 5 * IndexRow.BYTES; at < 6 * IndexRow.BYTES; at++) {
            for (int flip : FLIPS) {
                byte[] bad = idx.clone();
                bad[at] ^= (byte) flip;
                MemoryDisk damaged = disk(dat, bad, vif);
                Volume opened = Volumes.open(damaged);
                Set<Long> wrong = new TreeSet<>();
                for (long key : histories.keySet()) {
                    try {
                        if (!same(allowed(opened, key, "old row"), histories.get(key).getLast())) wrong.add(key);
                    } catch (DamagedRecordException noticed) {
                        wrong.add(key);
                    }
                }
                // The key of the row, and the one that it names now.
                long named = ByteBuffer.wrap(bad).getLong(5 * IndexRow.BYTES);
                assertThat(Set.of(6L, named == 6 ? 0 : named)).as("byte %d ^ %d", at, flip).containsAll(wrong);
                opened.unmount(false);
                damaged.delete(Volumes.FILES.idx());
                contents(Volumes.open(damaged), "rebuilt", 0);
            }
        }
    }

    private void check(String what, byte[] dat, byte[] idx, byte[] vif, int mayFail) throws IOException {
        states++;
        MemoryDisk disk = disk(dat, idx, vif);
        Volume volume;
        try {
            volume = Volumes.open(disk);
        } catch (RefusedVolumeException refused) {
            // The superblock and the info file decide over the whole volume; the message names the file.
            assertThat(refused.getMessage()).as(what).contains("/data/7.");
            assertThat(what).containsAnyOf("byte 0 of .dat", ".vif");
            return;
        }
        contents(volume, what, mayFail);
        volume.readOnly().whyNoWrites().ifPresent(reason -> assertThat(reason).as(what).contains("/data/7."));
        if (volume.readOnly().isWritable()) {
            assertThat(Volumes.put(volume, NEW_KEY, 1, bytes("new"))).as(what).isInstanceOf(AppendResult.Stored.class);
        }
        CompactResult compacted = VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {});
        if (compacted instanceof CompactResult.Compacted) {
            assertThat(VACUUM.commit(volume)).as(what).isInstanceOf(CommitResult.Committed.class);
        } else {
            boolean noticed = compacted instanceof CompactResult.Unreadable || !volume.readOnly().isWritable();
            assertThat(noticed).as("%s: %s", what, compacted).isTrue();
        }
        contents(volume, what + ", vacuumed", mayFail);
        boolean writable = volume.readOnly().isWritable();
        volume.unmount(false);
        volume = Volumes.open(disk);
        contents(volume, what + ", opened again", mayFail);
        if (writable) assertThat(Volumes.get(volume, NEW_KEY)).as(what).hasValue(bytes("new"));
        volume.unmount(false);
        for (Path path : disk.snapshot().keySet()) assertThat(path.toString()).as(what).startsWith("/data/7.");
    }

    private void contents(Volume volume, String what, int mayFail) throws IOException {
        int failed = 0;
        for (var each : histories.entrySet()) {
            try {
                Optional<byte[]> found = allowed(volume, each.getKey(), what);
                assertThat(same(found, each.getValue().getLast())).as("%s: key %d is other than newest", what, each.getKey())
                        .isTrue();
            } catch (DamagedRecordException noticed) {
                assertThat(noticed.getMessage()).as(what).contains("/data/7.dat at ");
                failed++;
            }
        }
        assertThat(failed).as("%s: failed reads", what).isLessThanOrEqualTo(mayFail);
    }

    /** The content of a key, which is one that it had, or none. */
    private Optional<byte[]> allowed(Volume volume, long key, String what) throws IOException {
        Optional<byte[]> found = Volumes.get(volume, key);
        if (found.isPresent()) {
            assertThat(histories.get(key)).as("%s: key %d is %s", what, key, new String(found.get(), StandardCharsets.UTF_8))
                    .anyMatch(version -> same(version, found));
        }
        return found;
    }

    private static boolean same(Optional<byte[]> one, Optional<byte[]> other) {
        return one.isPresent() == other.isPresent() && (one.isEmpty() || Arrays.equals(one.get(), other.get()));
    }

    private static MemoryDisk disk(byte[] dat, byte[] idx, byte[] vif) throws IOException {
        MemoryDisk disk = Volumes.disk();
        Volumes.write(disk, Volumes.FILES.dat(), dat);
        Volumes.write(disk, Volumes.FILES.idx(), idx);
        Volumes.write(disk, Volumes.FILES.vif(), vif);
        return disk;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
