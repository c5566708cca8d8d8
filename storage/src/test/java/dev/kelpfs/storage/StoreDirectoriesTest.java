package dev.kelpfs.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Vacuum;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.DeleteResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several data directories, an index directory, and which files of them a volume has. */
class StoreDirectoriesTest {
    private static final Path ONE = Path.of("/one");
    private static final Path TWO = Path.of("/two");
    private static final Path THREE = Path.of("/three");
    private static final Path INDEX = Path.of("/index");
    private static final VolumeId ID = new VolumeId(1);
    private static final DiskType SSD = new DiskType("ssd");
    private static final DiskType NVME = new DiskType("nvme");

    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));
    private final MemoryDisk disk = new MemoryDisk(clock, 1_000_000);
    private final List<Store> opened = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        for (Path directory : List.of(ONE, TWO, THREE, INDEX)) disk.createDirectories(directory);
    }

    @AfterEach
    void close() throws IOException {
        for (Store store : opened) store.close();
    }

    private Store open(Disk disk, Optional<Path> indexDirectory, DataDirectoryOptions... directories) throws IOException {
        StoreOptions options = new StoreOptions(
                List.of(directories), indexDirectory, 2, 1024, Durability.PROCESS_DEATH, Duration.ZERO);
        Store store = Store.open(options, new StoreEnvironment(disk, clock, Ticker.system(), new SplittableRandom(3)));
        opened.add(store);
        return store;
    }

    private Store open(DataDirectoryOptions... directories) throws IOException {
        return open(disk, Optional.empty(), directories);
    }

    private static DataDirectoryOptions options(Path path, DiskType type, int max) {
        return new DataDirectoryOptions(path, type, max, MinFreeSpace.DEFAULT, List.of());
    }

    private static DataDirectoryOptions options(Path path) {
        return options(path, DiskType.HDD, 8);
    }

    private static NewVolume wanted(int id, DiskType type) {
        return new NewVolume(new VolumeId(id), CollectionName.DEFAULT, ReplicaPlacement.SINGLE, Ttl.NONE, type, 0);
    }

    private static Volume allocate(Store store, int id, DiskType type) throws IOException {
        AllocateResult result = store.allocate(wanted(id, type));
        assertThat(result).isInstanceOf(AllocateResult.Allocated.class);
        return ((AllocateResult.Allocated) result).volume();
    }

    private static AppendResult append(Volume volume, long key) throws IOException {
        NeedleDraft draft = NeedleDraft.of(new NeedleKey(key), new Cookie(1)).data(ByteBuffer.wrap(new byte[] {1, 2})).build();
        return volume.append(draft, Durability.PROCESS_DEATH);
    }

    private static void put(Volume volume, long key) throws IOException {
        assertThat(append(volume, key)).isInstanceOf(AppendResult.Stored.class);
    }

    private static boolean holds(Volume volume, long key) throws IOException {
        if (!(volume.find(new NeedleKey(key)) instanceof FindResult.Hit hit)) return false;
        try (hit) {
            return hit.needle().readRecord().dataBytes() == 2;
        }
    }

    private static DeleteResult delete(Volume volume, long key) throws IOException {
        return volume.delete(new NeedleKey(key), Optional.empty(), Durability.PROCESS_DEATH);
    }

    private void volumeWith(Path directory, long key) throws IOException {
        Store alone = open(options(directory));
        put(allocate(alone, ID.bits(), DiskType.HDD), key);
        alone.close();
    }

    @Test
    void ofOneIdInTwoDirectoriesTheFirstServesAndBothGo() throws IOException {
        volumeWith(ONE, 11);
        volumeWith(TWO, 22);
        Store store = open(options(TWO), options(ONE));
        Volume serving = store.volume(ID).orElseThrow();
        assertThat(serving.files().dataDirectory()).isEqualTo(TWO);
        assertThat(holds(serving, 22)).isTrue();
        assertThat(holds(serving, 11)).isFalse();
        assertThat(store.volumes()).containsExactly(serving);
        assertThat(store.report().volumes()).hasSize(1);
        put(serving, 33);
        store.close();
        store = open(options(ONE), options(TWO));
        assertThat(holds(store.volume(ID).orElseThrow(), 11)).as("now the other one").isTrue();
        assertThat(store.allocate(wanted(1, DiskType.HDD))).isInstanceOf(AllocateResult.AlreadyMounted.class);

        assertThat(store.unmount(ID)).isTrue();
        assertThat(store.volume(ID)).isEmpty();
        assertThat(store.report().directories()).allMatch(directory -> directory.volumes() == 0);
        assertThat(store.allocate(wanted(1, DiskType.HDD))).isInstanceOfSatisfying(AllocateResult.Taken.class,
                taken -> assertThat(taken.reason()).contains("several directories", "1"));
        assertThat(disk.exists(ONE.resolve("1.dat"))).isTrue();
        assertThat(disk.exists(TWO.resolve("1.dat"))).isTrue();
        store.close();

        store = open(options(ONE), options(TWO));
        assertThat(store.delete(ID, false)).isInstanceOf(DeleteVolumeResult.Deleted.class);
        assertThat(store.volume(ID)).isEmpty();
        for (Path directory : List.of(ONE, TWO)) assertThat(disk.list(directory)).noneMatch(name -> name.startsWith("1."));
        store.close();
        store = open(options(ONE), options(TWO));
        assertThat(store.volumes()).isEmpty();
    }

    @Test
    void aNewVolumeGoesToADirectoryOfItsDiskType() throws IOException {
        Store store = open(options(ONE, DiskType.HDD, 8), options(TWO, SSD, 2), options(THREE, SSD, 2));
        // The one for disks that turn is the emptiest all the time.
        for (int id = 1; id <= 4; id++) {
            Path expected = id % 2 == 1 ? TWO : THREE;
            assertThat(allocate(store, id, SSD).files().dataDirectory()).as("volume %d", id).isEqualTo(expected);
        }
        assertThat(store.allocate(wanted(5, SSD))).isInstanceOfSatisfying(AllocateResult.NoRoom.class, none ->
                assertThat(none.detail()).contains("/one has disk type hdd, wanted is ssd", "/two holds 2", "/three holds 2"));
        assertThat(store.allocate(wanted(5, NVME))).isInstanceOfSatisfying(AllocateResult.NoRoom.class, none ->
                assertThat(none.detail()).contains("/one has disk type hdd, wanted is nvme", "/two has disk type ssd, wanted is nvme"));
        assertThat(allocate(store, 5, DiskType.HDD).files().dataDirectory()).isEqualTo(ONE);
        assertThat(store.report().volumes()).extracting(VolumeReport::diskType)
                .containsExactly(SSD, SSD, SSD, SSD, DiskType.HDD);
    }

    @Test
    void anIndexBesideItsDataIsUsedThoughAnotherDirectoryIsConfigured() throws IOException {
        volumeWith(ONE, 11);
        byte[] before = bytes(ONE.resolve("1.idx"));
        Store store = open(disk, Optional.of(INDEX), options(ONE));
        Volume volume = store.volume(ID).orElseThrow();
        assertThat(volume.readOnly().reasons()).isEmpty();
        assertThat(holds(volume, 11)).isTrue();
        put(volume, 22);
        assertThat(bytes(ONE.resolve("1.idx"))).hasSize(before.length + 16).startsWith(before);
        Vacuum vacuum = new Vacuum(() -> 0, _ -> {});
        delete(volume, 11);
        assertThat(vacuum.compact(volume, CompactOptions.DEFAULT, _ -> {})).isInstanceOf(CompactResult.Compacted.class);
        assertThat(vacuum.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        assertThat(bytes(ONE.resolve("1.idx"))).as("stays there").hasSize(16);
        // A new one goes where it is configured.
        put(allocate(store, 2, DiskType.HDD), 33);
        assertThat(disk.list(INDEX)).containsExactly("2.idx");
        store.close();

        store = open(disk, Optional.of(INDEX), options(ONE));
        assertThat(holds(store.volume(ID).orElseThrow(), 22)).isTrue();
        assertThat(holds(store.volume(new VolumeId(2)).orElseThrow(), 33)).isTrue();
        store.delete(ID, false);
        store.delete(new VolumeId(2), false);
        assertThat(disk.list(INDEX)).isEmpty();
        assertThat(disk.list(ONE)).containsExactly(".kelp-volume.lock", "vol_dir.uuid");
    }

    @Test
    void aLostInfoFileIsWrittenAgainWhereverTheIndexLies() throws IOException {
        for (Optional<Path> index : List.of(Optional.<Path>empty(), Optional.of(INDEX))) {
            Path directory = index.isPresent() ? TWO : ONE;
            Store store = open(disk, index, options(directory));
            put(allocate(store, 1, DiskType.HDD), 11);
            store.close();
            byte[] vif = bytes(directory.resolve("1.vif"));
            disk.delete(directory.resolve("1.vif"));
            store = open(disk, index, options(directory));
            assertThat(store.report().directories().getFirst().refused()).isEmpty();
            assertThat(holds(store.volume(ID).orElseThrow(), 11)).as("%s", index).isTrue();
            assertThat(bytes(directory.resolve("1.vif"))).as("%s", index).isEqualTo(vif);
            store.close();
        }
    }

    @Test
    void aDataFileThatMayNotBeWrittenIsServedForReading() throws IOException {
        volumeWith(ONE, 11);
        byte[] dat = bytes(ONE.resolve("1.dat"));
        byte[] idx = bytes(ONE.resolve("1.idx"));
        for (boolean told : new boolean[] {true, false}) {
            Store store = open(new UnwritableFileDisk(disk, ONE.resolve("1.dat"), told), Optional.empty(), options(ONE));
            Volume volume = store.volume(ID).orElseThrow();
            String reason = volume.readOnly().whyNoWrites().orElseThrow();
            assertThat(reason).contains("/one/1.dat is not writable for this process");
            assertThat(holds(volume, 11)).isTrue();
            assertThat(append(volume, 22)).isEqualTo(new AppendResult.ReadOnly(reason));
            assertThat(delete(volume, 11)).isEqualTo(new DeleteResult.ReadOnly(reason));
            VolumeReport report = store.report().volumes().getFirst();
            assertThat(report.readOnly()).isTrue();
            assertThat(report.readOnlyReason()).isEqualTo(reason);
            // Other volumes of the directory are as they were.
            put(allocate(store, 2, DiskType.HDD), 22);
            store.delete(new VolumeId(2), false);
            store.close();
            assertThat(bytes(ONE.resolve("1.dat"))).isEqualTo(dat);
            assertThat(bytes(ONE.resolve("1.idx"))).isEqualTo(idx);
        }
        disk.delete(ONE.resolve("1.idx"));
        Store store = open(new UnwritableFileDisk(disk, ONE.resolve("1.dat"), true), Optional.empty(), options(ONE));
        assertThat(store.volumes()).isEmpty();
        assertThat(store.report().directories().getFirst().refused()).singleElement().asString()
                .contains("/one/1.idx is missing", "make it writable");
        store.close();
        store = open(options(ONE));
        assertThat(holds(store.volume(ID).orElseThrow(), 11)).as("the index is rebuilt").isTrue();
        put(store.volume(ID).orElseThrow(), 22);
    }

    @Test
    void belowTheMinimumOfFreeSpaceWritesAreRefusedAndDeletionsAreNot() throws IOException {
        DataDirectoryOptions options = new DataDirectoryOptions(ONE, DiskType.HDD, 8, new MinFreeSpace(0, 100_000), List.of());
        Store store = open(options);
        Volume volume = allocate(store, 1, DiskType.HDD);
        put(volume, 11);
        try (DiskFile filler = disk.open(ONE.resolve("filler"), Open.CREATE)) {
            filler.write(ByteBuffer.allocate(950_000), 0);
            store.checkDisks();
            AppendResult refused = append(volume, 22);
            assertThat(refused).isInstanceOfSatisfying(AppendResult.ReadOnly.class, why ->
                    assertThat(why.reason()).contains("/one", "bytes free", "minimum of 100000 bytes"));
            assertThat(append(volume, 11)).as("an overwrite is one too").isEqualTo(refused);
            assertThat(holds(volume, 22)).isFalse();
            assertThat(holds(volume, 11)).isTrue();
            assertThat(store.report().volumes().getFirst().readOnly()).isTrue();
            assertThat(delete(volume, 11)).isInstanceOf(DeleteResult.Deleted.class);
            assertThat(store.allocate(wanted(2, DiskType.HDD))).isInstanceOfSatisfying(AllocateResult.NoRoom.class,
                    none -> assertThat(none.detail()).contains("/one has less free space than its minimum of 100000 bytes"));
            store.close();

            Store again = open(options);
            volume = again.volume(ID).orElseThrow();
            assertThat(append(volume, 22)).as("checked at the start too").isInstanceOf(AppendResult.ReadOnly.class);
            filler.truncate(850_000);
            assertThat(append(volume, 22)).as("nobody has looked").isInstanceOf(AppendResult.ReadOnly.class);
            again.checkDisks();
            put(volume, 22);
            allocate(again, 2, DiskType.HDD);
            assertThat(again.report().volumes()).noneMatch(VolumeReport::readOnly);
        }
    }

    private byte[] bytes(Path path) {
        return disk.snapshot().get(path);
    }
}
