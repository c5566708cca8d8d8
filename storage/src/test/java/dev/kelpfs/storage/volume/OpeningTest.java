package dev.kelpfs.storage.volume;

import static dev.kelpfs.storage.volume.Volumes.FILES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.faulty.EveryLoss;
import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.needle.RecordEncoder;
import dev.kelpfs.storage.needle.RecordVersion;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Vacuum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Volumes that are not as this release would have made or left them. */
class OpeningTest {
    private static final byte[] HELLO = "hello world".getBytes(StandardCharsets.UTF_8);
    private static final byte[] WORLD = "world".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOTHING = {};
    private static final Vacuum VACUUM = new Vacuum(() -> 0, _ -> {});

    private final MemoryDisk disk = Volumes.disk();

    @ParameterizedTest
    @EnumSource
    void everyVersionIsWrittenReadAndVacuumedAsItIs(RecordVersion version) throws Exception {
        Volumes.createFiles(disk, version);
        Volume volume = Volumes.open(disk);
        assertThat(volume.version()).isEqualTo(version);
        Volumes.put(volume, 1, 1, HELLO);
        Volumes.put(volume, 2, 1, HELLO);
        Volumes.put(volume, 3, 1, NOTHING);
        Volumes.put(volume, 1, 1, WORLD);
        volume.delete(Volumes.key(2), Optional.of(Volumes.cookie(1)), Durability.POWER_LOSS);
        contents(volume);
        volume.unmount(true);
        lastRecordIsTheMarkerOf(version, 2);

        volume = Volumes.open(disk);
        contents(volume);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {})).isInstanceOf(CompactResult.Compacted.class);
        // Between copy and commit, so that the catch-up writes a record and a marker of the version.
        Volumes.put(volume, 4, 1, HELLO);
        volume.delete(Volumes.key(1), Optional.of(Volumes.cookie(1)), Durability.PROCESS_DEATH);
        Volumes.put(volume, 1, 1, WORLD);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        contents(volume);
        volume.delete(Volumes.key(4), Optional.of(Volumes.cookie(1)), Durability.PROCESS_DEATH);
        volume.unmount(true);
        assertThat(Volumes.bytes(disk, FILES.dat())[0]).isEqualTo((byte) version.number());
        lastRecordIsTheMarkerOf(version, 4);

        volume = Volumes.open(disk);
        assertThat(volume.readOnly().reasons()).isEmpty();
        contents(volume);
        volume.unmount(true);
        disk.delete(FILES.idx());
        volume = Volumes.open(disk);
        assertThat(volume.version()).isEqualTo(version);
        contents(volume);
        assertThat(Volumes.get(volume, 4)).isEmpty();
    }

    private static void contents(Volume volume) throws IOException {
        assertThat(Volumes.get(volume, 1)).hasValue(WORLD);
        assertThat(Volumes.get(volume, 2)).isEmpty();
        assertThat(Volumes.get(volume, 3)).hasValue(NOTHING);
    }

    private void lastRecordIsTheMarkerOf(RecordVersion version, long key) throws IOException {
        byte[] dat = Volumes.bytes(disk, FILES.dat());
        int at = dat.length - (int) version.recordBytes(0);
        ByteBuffer marker = ByteBuffer.wrap(dat, at, dat.length - at).slice();
        assertThat(marker.getLong(4)).isEqualTo(key);
        assertThat(marker.getInt(12)).isZero();
        assertThat(marker.getInt(16)).isNotZero();
        assertThat(marker.getInt(marker.limit() - 4)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"V2", "V3"})
    void extraBytesBehindTheSuperblockAreSteppedOver(RecordVersion version) throws Exception {
        Volumes.createFiles(disk, version);
        byte[] superblock = Volumes.bytes(disk, FILES.dat());
        superblock[7] = 16;
        byte[] extra = Arrays.copyOf(superblock, 8 + 16);
        Arrays.fill(extra, 8, 24, (byte) 0x5a);
        Volumes.write(disk, FILES.dat(), extra);
        Volume volume = Volumes.open(disk);
        assertThat(volume.readOnly().reasons()).isEmpty();
        Volumes.put(volume, 1, 1, HELLO);
        Volumes.put(volume, 1, 1, WORLD);
        volume.unmount(true);
        assertThat(Arrays.copyOf(Volumes.bytes(disk, FILES.dat()), 24)).isEqualTo(extra);
        disk.delete(FILES.idx());
        volume = Volumes.open(disk);
        assertThat(volume.readOnly().reasons()).isEmpty();
        assertThat(Volumes.get(volume, 1)).hasValue(WORLD);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {})).isInstanceOf(CompactResult.Compacted.class);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        volume.unmount(true);
        // The reference cannot read extra bytes back, so none are written.
        assertThat(Volumes.bytes(disk, FILES.dat())[7]).isZero();
        assertThat(Volumes.get(Volumes.open(disk), 1)).hasValue(WORLD);
    }

    @Test
    void anImpossibleLengthOfExtraBytesIsDamageOfThatVolumeAlone() throws Exception {
        Volumes.create(disk).unmount(true);
        byte[] superblock = Volumes.bytes(disk, FILES.dat());
        superblock[6] = 1;
        Volumes.write(disk, FILES.dat(), superblock);
        assertThat(Volumes.open(disk).readOnly().reasons().get(ReadOnlyCause.DAMAGED)).contains("256 bytes follow");
    }

    @ParameterizedTest
    @EnumSource
    void theRecordsDecideWhenSuperblockAndInfoFileNameDifferentVersions(RecordVersion truth) throws Exception {
        for (RecordVersion wrong : RecordVersion.values()) {
            for (boolean inSuperblock : new boolean[] {true, false}) {
                if (wrong == truth) continue;
                MemoryDisk fresh = Volumes.disk();
                Volumes.createFiles(fresh, truth);
                Volume volume = Volumes.open(fresh);
                Volumes.put(volume, 1, 1, HELLO);
                volume.unmount(true);
                byte[] dat = Volumes.bytes(fresh, FILES.dat());
                if (inSuperblock) dat[0] = (byte) wrong.number();
                Volumes.write(fresh, FILES.dat(), dat);
                if (!inSuperblock) VolumeInfoFile.write(fresh, FILES.vif(), VolumeInfo.fresh(wrong, 0));
                volume = Volumes.open(fresh);
                assertThat(volume.version()).isEqualTo(truth);
                assertThat(volume.readOnly().reasons()).containsOnlyKeys(ReadOnlyCause.DAMAGED);
                assertThat(Volumes.get(volume, 1)).hasValue(HELLO);
            }
        }
    }

    @Test
    void theIndexOfALargeDiskBuildIsRecognisedAndLeftAlone() throws Exception {
        Volume volume = Volumes.create(disk);
        for (int key = 1; key <= 20; key++) Volumes.put(volume, key, 1, HELLO);
        volume.delete(Volumes.key(3), Optional.empty(), Durability.PROCESS_DEATH);
        volume.unmount(true);
        disk.delete(FILES.vif());
        ByteBuffer small = ByteBuffer.wrap(Volumes.bytes(disk, FILES.idx()));
        ByteBuffer large = ByteBuffer.allocate(small.limit() / IndexRow.BYTES * 17);
        while (small.hasRemaining()) {
            large.putLong(small.getLong()).putInt(small.getInt()).put((byte) 0).putInt(small.getInt());
        }
        Volumes.write(disk, FILES.idx(), large.array());
        assertThatThrownBy(() -> Volumes.open(disk)).isInstanceOf(RefusedVolumeException.class)
                .hasMessageContaining("7.idx").hasMessageContaining("offsets of 5 bytes (large-disk build)");
        assertThat(Volumes.bytes(disk, FILES.idx())).isEqualTo(large.array());
    }

    @Test
    void aTornTailThatAFullDiskKeepsFromBeingMendedIsReadAllTheSame() throws Exception {
        MemoryDisk small = new MemoryDisk(InstantSource.fixed(Volumes.NOW), 4_000);
        small.createDirectories(Volumes.DATA);
        Volume volume = Volumes.create(small);
        Volumes.put(volume, 1, 1, HELLO);
        volume.unmount(true);
        byte[] whole = Volumes.bytes(small, FILES.dat());
        byte[] torn = Arrays.copyOf(whole, whole.length + 900);
        Arrays.fill(torn, whole.length, torn.length, (byte) 7);
        Volumes.write(small, FILES.dat(), torn);
        Path other = Volumes.DATA.resolve("other");
        Volumes.write(small, other, new byte[(int) small.space(Volumes.DATA).freeBytes()]);
        volume = Volumes.open(small);
        assertThat(volume.readOnly().reasons()).containsOnlyKeys(ReadOnlyCause.DAMAGED);
        assertThat(volume.readOnly().whyNoWrites().orElseThrow()).contains("/data/7.dat", "free some space");
        assertThat(Volumes.get(volume, 1)).hasValue(HELLO);
        volume.unmount(false);
        assertThat(Volumes.bytes(small, FILES.dat())).isEqualTo(torn);
        small.delete(other);
        volume = Volumes.open(small);
        assertThat(volume.readOnly().reasons()).isEmpty();
        assertThat(Volumes.bytes(small, FILES.dat())).isEqualTo(whole);
        assertThat(Volumes.bytes(small, FILES.torn(whole.length))).isEqualTo(Arrays.copyOfRange(torn, whole.length, torn.length));
    }

    @Test
    void everythingThatIsCutOffIsKept() throws Exception {
        Volume volume = Volumes.create(disk);
        Volumes.put(volume, 1, 1, HELLO);
        volume.unmount(true);
        byte[] whole = Volumes.bytes(disk, FILES.dat());
        for (byte filler : new byte[] {7, 9}) {
            byte[] torn = Arrays.copyOf(whole, whole.length + 40);
            Arrays.fill(torn, whole.length, torn.length, filler);
            Volumes.write(disk, FILES.dat(), torn);
            Volumes.open(disk).unmount(true);
            assertThat(Volumes.bytes(disk, FILES.dat())).isEqualTo(whole);
        }
        Path first = FILES.torn(whole.length);
        Path second = first.resolveSibling(first.getFileName() + ".1");
        assertThat(Volumes.bytes(disk, first)).hasSize(40).containsOnly(7);
        assertThat(Volumes.bytes(disk, second)).hasSize(40).containsOnly(9);
        VolumeRemoval.removeAll(disk, FILES, false);
        assertThat(disk.list(Volumes.DATA)).isEmpty();
    }

    @Test
    void whatIsCutOffIsDurableElsewhereBeforeItIsCut() throws Exception {
        Volume volume = Volumes.create(disk);
        Volumes.put(volume, 1, 1, HELLO);
        volume.unmount(true);
        byte[] whole = Volumes.bytes(disk, FILES.dat());
        byte[] torn = Arrays.copyOf(whole, whole.length + 40);
        Arrays.fill(torn, whole.length, torn.length, (byte) 7);
        Volumes.write(disk, FILES.dat(), torn);
        FaultyDisk faulty = new FaultyDisk(disk, FaultPlan.NONE);
        Volumes.open(faulty).unmount(false);
        EveryLoss losses = new EveryLoss();
        do {
            MemoryDisk left = faulty.afterPowerLoss(losses);
            assertThat(Volumes.bytes(left, FILES.dat())).isEqualTo(whole);
            assertThat(Volumes.bytes(left, FILES.torn(whole.length))).hasSize(40).containsOnly(7);
        } while (losses.next());
    }

    @Test
    void theLargestOffsetIsTheLimitForEmptyFilesToo(@TempDir Path directory) throws Exception {
        Disk real = RealDisk.create();
        VolumeFiles files = new VolumeFiles(FILES.name(), directory, directory);
        VolumeContext context = Volumes.context(real);
        VolumeOpener.create(context, files, ReplicaPlacement.SINGLE, Ttl.NONE, 0).unmount(true);
        // One record at the end of a file full of holes.
        long at = IndexEntry.OFFSET_LIMIT_BYTES - RecordVersion.UNIT_BYTES;
        ByteBuffer[] record = new RecordEncoder(RecordVersion.V3).encode(Volumes.draft(1, 1, HELLO), Volumes.cookie(1), 1);
        int bodyBytes = Volumes.draft(1, 1, HELLO).bodyBytes(RecordVersion.V3);
        try (DiskFile dat = real.open(files.dat(), Open.READ_WRITE); DiskFile idx = real.open(files.idx(), Open.READ_WRITE)) {
            dat.write(record, at);
            ByteBuffer row = ByteBuffer.allocate(IndexRow.BYTES);
            IndexRow.encode(row, 1, IndexEntry.of(at, bodyBytes));
            idx.write(row.flip(), 0);
        }
        Volume volume = VolumeOpener.open(context, files).orElseThrow();
        assertThat(volume.readOnly().reasons()).isEmpty();
        assertThat(Volumes.get(volume, 1)).hasValue(HELLO);
        assertThat(Volumes.put(volume, 2, 1, WORLD)).isInstanceOf(AppendResult.VolumeFull.class);
        assertThat(Volumes.put(volume, 2, 1, NOTHING)).isInstanceOf(AppendResult.VolumeFull.class);
        volume.delete(Volumes.key(1), Optional.empty(), Durability.PROCESS_DEATH);
        assertThat(Volumes.get(volume, 1)).isEmpty();
        volume.unmount(false);
        volume = VolumeOpener.open(context, files).orElseThrow();
        assertThat(volume.readOnly().reasons()).isEmpty();
        assertThat(Volumes.get(volume, 1)).isEmpty();
        volume.unmount(false);
    }
}
