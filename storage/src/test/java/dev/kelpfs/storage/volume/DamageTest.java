package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.DamagedRecordException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every byte of a small volume's files changed, and every truncation: nothing may ever be given out that was not stored
 * under that key, and no damage may reach beyond its record or row.
 */
class DamageTest {
    private static final int[] FLIPS = {0x01, 0x80, 0xff, 0x10};

    /** Contents that a key ever had; reading an older one is only fine where the newest row is what was damaged. */
    private final Map<Long, List<Optional<byte[]>>> histories = new TreeMap<>();
    private byte[] dat;
    private byte[] idx;
    private byte[] vif;

    @BeforeEach
    void writeVolume() throws IOException {
        MemoryDisk disk = Volumes.disk();
        Volume volume = Volumes.create(disk);
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

    @Test
    void everyFlippedByteOfTheData() throws IOException {
        for (int at = 0; at < dat.length; at++) {
            for (int flip : FLIPS) {
                byte[] bad = dat.clone();
                bad[at] ^= (byte) flip;
                // Where record and row name different keys neither can be read; no content may be lost or changed.
                check("byte " + at + " of .dat", bad, idx, vif, at < 8 ? histories.size() : 2, 0);
            }
        }
    }

    @Test
    void everyFlippedByteOfTheIndex() throws IOException {
        for (int at = 0; at < idx.length; at++) {
            for (int flip : FLIPS) {
                byte[] bad = idx.clone();
                bad[at] ^= (byte) flip;
                check("byte " + at + " of .idx", dat, bad, vif, 2, 0);
            }
        }
    }

    @Test
    void everyFlippedByteOfTheInfo() throws IOException {
        for (int at = 0; at < vif.length; at++) {
            for (int flip : FLIPS) {
                byte[] bad = vif.clone();
                bad[at] ^= (byte) flip;
                check("byte " + at + " of .vif", dat, idx, bad, 0, 0);
            }
        }
    }

    @Test
    void everyTruncationOfTheIndexIsMended() throws IOException {
        for (int length = 0; length < idx.length; length++) {
            check(".idx cut to " + length, dat, Arrays.copyOf(idx, length), vif, 0, 0);
        }
    }

    @Test
    void everyTruncationOfTheDataIsNoticed() throws IOException {
        for (int length = 8; length < dat.length; length++) {
            byte[] cut = Arrays.copyOf(dat, length);
            MemoryDisk disk = disk(cut, idx, vif);
            Volume volume = Volumes.open(disk);
            for (long key : histories.keySet()) {
                try {
                    allowed(volume, key, ".dat cut to " + length);
                } catch (DamagedRecordException noticed) {
                    assertThat(noticed).hasMessageContaining("the file ends");
                }
            }
            // Only when padding alone is missing may writes go on.
            boolean paddingOnly = dat.length - length < 8;
            assertThat(volume.readOnly().isWritable()).as(".dat cut to %d", length).isEqualTo(paddingOnly);
            if (!paddingOnly) assertThat(Volumes.bytes(disk, Volumes.FILES.dat())).isEqualTo(cut);
            volume.unmount(false);
        }
    }

    private void check(String what, byte[] dat, byte[] idx, byte[] vif, int mayFail, int mayDiffer) throws IOException {
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
        int failed = 0;
        int differed = 0;
        for (var each : histories.entrySet()) {
            try {
                Optional<byte[]> found = allowed(volume, each.getKey(), what);
                if (!same(found, each.getValue().getLast())) differed++;
            } catch (IOException noticed) {
                failed++;
            }
        }
        assertThat(failed).as("%s: failed reads", what).isLessThanOrEqualTo(mayFail);
        assertThat(differed).as("%s: other than newest contents", what).isLessThanOrEqualTo(mayDiffer);
        volume.unmount(false);
        for (Path path : disk.snapshot().keySet()) assertThat(path.toString()).as(what).startsWith("/data/7.");
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
