package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.disk.memory.MemoryDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rebuilding indexes and walking volumes that nobody serves. */
class IndexFixTest {
    private static final IndexFix.Options LIVE_ONLY = new IndexFix.Options(false, false);
    private static final IndexFix.Options ALL = new IndexFix.Options(true, false);

    private static final int MARKER_BYTES = 32;

    private final MemoryDisk disk = Volumes.disk();

    private IndexFix.Result fix(IndexFix.Options options) throws IOException {
        return IndexFix.run(Volumes.context(disk), Volumes.FILES, options, _ -> {});
    }

    private void volume(boolean endsWithDeletion) throws IOException {
        Volume volume = Volumes.create(disk);
        Volumes.put(volume, 1, 11, new byte[] {1});
        Volumes.put(volume, 2, 12, new byte[] {2, 2});
        Volumes.put(volume, 2, 12, new byte[] {3, 3, 3});
        Volumes.put(volume, 3, 13, new byte[0]);
        if (endsWithDeletion) {
            Volumes.put(volume, 4, 14, new byte[] {4});
            volume.delete(Volumes.key(4), Optional.empty(), Durability.PROCESS_DEATH);
        }
        volume.unmount(true);
        if (!endsWithDeletion) return;
        // As the reference does when it deletes without a look at the needle: no checksum, so it could be an empty file too.
        byte[] dat = Volumes.bytes(disk, Volumes.FILES.dat());
        Arrays.fill(dat, dat.length - MARKER_BYTES + 16, dat.length - MARKER_BYTES + 20, (byte) 0);
        Volumes.write(disk, Volumes.FILES.dat(), dat);
    }

    @Test
    void theSameRowsComeOutAsWereWritten() throws IOException {
        volume(true);
        byte[] before = Volumes.bytes(disk, Volumes.FILES.idx());
        IndexFix.Result.Rebuilt rebuilt = (IndexFix.Result.Rebuilt) fix(ALL);
        assertThat(Volumes.bytes(disk, Volumes.FILES.idx())).isEqualTo(before);
        assertThat(rebuilt.findings().liveNeedles()).isEqualTo(3);
        assertThat(rebuilt.findings().deadRecords()).isEqualTo(2);
        assertThat(rebuilt.findings().damages()).isZero();
    }

    @Test
    void whatWasDeletedLastDoesNotComeBackFromAnIndexOfLiveRows() throws IOException {
        volume(true);
        assertThat(fix(LIVE_ONLY)).isInstanceOf(IndexFix.Result.Rebuilt.class);
        Volume volume = Volumes.open(disk);
        assertThat(Volumes.get(volume, 4)).isEmpty();
        assertThat(Volumes.get(volume, 2)).contains(new byte[] {3, 3, 3});
        assertThat(Volumes.get(volume, 3)).contains(new byte[0]);
        assertThat(volume.readOnly().reasons()).isEmpty();
    }

    @Test
    void anIndexOfLiveRowsHasNoOthers() throws IOException {
        volume(false);
        IndexFix.Result.Rebuilt rebuilt = (IndexFix.Result.Rebuilt) fix(LIVE_ONLY);
        assertThat(rebuilt.findings().rows()).isEqualTo(3);
        assertThat(Volumes.bytes(disk, Volumes.FILES.idx())).hasSize(3 * 16);
    }

    @Test
    void aTornTailIsNoDamage() throws IOException {
        volume(false);
        byte[] dat = Volumes.bytes(disk, Volumes.FILES.dat());
        byte[] torn = Arrays.copyOf(dat, dat.length + 24);
        Arrays.fill(torn, dat.length, torn.length, (byte) 7);
        Volumes.write(disk, Volumes.FILES.dat(), torn);
        IndexFix.Result.Rebuilt rebuilt = (IndexFix.Result.Rebuilt) fix(ALL);
        assertThat(rebuilt.findings().tornBytes()).isEqualTo(24);
        assertThat(Volumes.get(Volumes.open(disk), 1)).contains(new byte[] {1});
    }

    @Test
    void aVacuumBetweenTwoStatesIsLeftToWhoCanEndIt() throws IOException {
        volume(false);
        Volumes.write(disk, Volumes.FILES.compactionCommit(), new byte[0]);
        assertThatThrownBy(() -> fix(ALL)).isInstanceOf(RefusedVolumeException.class).hasMessageContaining(".cpc");
        assertThatThrownBy(() -> VolumeScan.open(Volumes.context(disk), Volumes.FILES))
                .isInstanceOf(RefusedVolumeException.class).hasMessageContaining(".cpc");
    }

    @Test
    void aScanTellsLiveFromDeadAndWhatNoRowSpeaksOf() throws IOException {
        volume(true);
        byte[] idx = Volumes.bytes(disk, Volumes.FILES.idx());
        List<String> records = new ArrayList<>();
        try (VolumeScan scan = VolumeScan.open(Volumes.context(disk), Volumes.FILES)) {
            scan.walk(record -> records.add(record.key() + (record.isLive() ? " live" : " dead")));
            assertThat(scan.warnings()).isEmpty();
        }
        assertThat(records).containsExactly("1 live", "2 dead", "2 live", "3 live", "4 dead");

        Volumes.write(disk, Volumes.FILES.idx(), Arrays.copyOf(idx, 2 * 16));
        records.clear();
        try (VolumeScan scan = VolumeScan.open(Volumes.context(disk), Volumes.FILES)) {
            scan.walk(record -> records.add(record.key().toString()));
            assertThat(scan.warnings()).singleElement().asString().contains("in no row of the index", "weed fix");
        }
        assertThat(records).containsExactly("1", "2");
        assertThat(Volumes.bytes(disk, Volumes.FILES.idx())).hasSize(2 * 16);
    }
}
