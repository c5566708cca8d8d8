package dev.kelpfs.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.LockHeldException;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.ReadOnlyCause;
import dev.kelpfs.storage.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreTest {
    private static final Path ONE = Path.of("/one");
    private static final Path TWO = Path.of("/two");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(1_700_000_000));
    private final InstantSource clock = now::get;
    private final MemoryDisk disk = new MemoryDisk(clock, 1_000_000);
    private final StoreEnvironment environment =
            new StoreEnvironment(disk, clock, Ticker.system(), new SplittableRandom(3));
    private Store store;

    @BeforeEach
    void prepare() throws IOException {
        disk.createDirectories(ONE);
        disk.createDirectories(TWO);
        store = open(options(ONE, 3), options(TWO, 3));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private Store open(DataDirectoryOptions... directories) throws IOException {
        StoreOptions options = new StoreOptions(
                List.of(directories), Optional.empty(), 4, 1024, Durability.PROCESS_DEATH, Duration.ZERO);
        return Store.open(options, environment);
    }

    private static DataDirectoryOptions options(Path path, int max) {
        return new DataDirectoryOptions(path, DiskType.HDD, max, MinFreeSpace.DEFAULT, List.of());
    }

    private static NewVolume wanted(int id, String collection, Ttl ttl) {
        return new NewVolume(new VolumeId(id), new CollectionName(collection), ReplicaPlacement.SINGLE, ttl, DiskType.HDD, 0);
    }

    private Volume allocate(int id) throws IOException {
        return ((AllocateResult.Allocated) store.allocate(wanted(id, "", Ttl.NONE))).volume();
    }

    private static void put(Volume volume, long key) throws IOException {
        put(volume, key, 0);
    }

    private static void put(Volume volume, long key, long modifiedEpochSeconds) throws IOException {
        AppendResult result = volume.append(draft(key, modifiedEpochSeconds), Durability.PROCESS_DEATH);
        assertThat(result).isInstanceOf(AppendResult.Stored.class);
    }

    private static NeedleDraft draft(long key, long modifiedEpochSeconds) {
        return NeedleDraft.of(new NeedleKey(key), new Cookie(1)).data(ByteBuffer.wrap(new byte[] {1, 2}))
                .lastModified(modifiedEpochSeconds).build();
    }

    @Test
    void newVolumesGoWhereTheFewestAreUntilAllAreFull() throws Exception {
        for (int id = 1; id <= 6; id++) {
            Path expected = id % 2 == 1 ? ONE : TWO;
            assertThat(allocate(id).files().dataDirectory()).isEqualTo(expected);
        }
        assertThat(store.allocate(wanted(7, "", Ttl.NONE))).isInstanceOfSatisfying(AllocateResult.NoRoom.class,
                refusal -> assertThat(refusal.detail()).contains("/one holds 3").contains("/two holds 3"));
        assertThat(store.allocate(wanted(3, "x", Ttl.NONE))).isInstanceOf(AllocateResult.AlreadyMounted.class);
        NewVolume onSsd = new NewVolume(new VolumeId(9), CollectionName.DEFAULT, ReplicaPlacement.SINGLE, Ttl.NONE,
                new DiskType("ssd"), 0);
        assertThat(store.allocate(onSsd)).isInstanceOfSatisfying(AllocateResult.NoRoom.class,
                refusal -> assertThat(refusal.detail()).contains("disk type hdd, wanted is ssd"));
    }

    @Test
    void aRestartFindsEverything() throws Exception {
        put(allocate(1), 11);
        store.allocate(wanted(2, "my_pics", Ttl.parse("3d")));
        StoreReport before = store.report();
        store.close();
        store = open(options(ONE, 3), options(TWO, 3));
        assertThat(store.report().volumes()).isEqualTo(before.volumes());
        assertThat(store.report().volumes()).isEqualTo(before.volumes());
        assertThat(store.report().maxKey()).isEqualTo(11);
        Volume pics = store.volume(new VolumeId(2)).orElseThrow();
        assertThat(pics.collection()).isEqualTo(new CollectionName("my_pics"));
        assertThat(pics.ttl()).isEqualTo(Ttl.parse("3d"));
        assertThat(disk.exists(TWO.resolve("my_pics_2.dat"))).isTrue();
    }

    @Test
    void directoriesKeepTheirIdentity() throws Exception {
        List<String> uuids = store.report().directories().stream().map(DirectoryReport::uuid).toList();
        assertThat(uuids).doesNotHaveDuplicates().allMatch(uuid -> uuid.length() == 36);
        assertThat(disk.size(ONE.resolve("vol_dir.uuid"))).isEqualTo(36);
        store.close();
        store = open(options(ONE, 3), options(TWO, 3));
        assertThat(store.report().directories().stream().map(DirectoryReport::uuid).toList()).isEqualTo(uuids);
    }

    @Test
    void aDirectoryHasOneHolder() {
        assertThatThrownBy(() -> open(options(ONE, 3))).isInstanceOf(LockHeldException.class)
                .hasMessageContaining("process " + ProcessHandle.current().pid());
        assertThatThrownBy(() -> open(options(Path.of("/none"), 3))).hasMessageContaining("/none").hasMessageContaining("create");
    }

    @Test
    void aSecondHolderWaitsForOneThatStops() throws Exception {
        Thread stopping = Thread.ofPlatform().start(() -> {
            try {
                store.close();
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        });
        StoreOptions patient = new StoreOptions(
                List.of(options(ONE, 3)), Optional.empty(), 4, 1024, Durability.PROCESS_DEATH, Duration.ofSeconds(60));
        store = Store.open(patient, environment);
        stopping.join();
    }

    @Test
    void unmountMountAndDelete() throws Exception {
        put(allocate(1), 11);
        VolumeId id = new VolumeId(1);
        assertThat(store.unmount(id)).isTrue();
        assertThat(store.unmount(id)).isFalse();
        assertThat(store.volume(id)).isEmpty();
        assertThat(store.mount(id)).isInstanceOf(MountResult.Mounted.class);
        assertThat(store.mount(id)).isInstanceOf(MountResult.AlreadyMounted.class);
        assertThat(store.mount(new VolumeId(99))).isInstanceOf(MountResult.NotFound.class);
        Volume volume = store.volume(id).orElseThrow();
        assertThat(volume.find(new NeedleKey(11))).isInstanceOf(FindResult.Hit.class);
        assertThat(store.delete(id, true)).isEqualTo(new DeleteVolumeResult.NotEmpty(1));
        assertThat(store.delete(id, false)).isInstanceOf(DeleteVolumeResult.Deleted.class);
        assertThat(store.delete(id, false)).isInstanceOf(DeleteVolumeResult.NotFound.class);
        assertThat(disk.list(ONE)).containsExactly(".kelp-volume.lock", "vol_dir.uuid");
        assertThat(allocate(1).find(new NeedleKey(11))).isInstanceOf(FindResult.Missing.class);
    }

    @Test
    void collectionsAreDeletedAsAWhole() throws Exception {
        store.allocate(wanted(1, "a", Ttl.NONE));
        store.allocate(wanted(2, "b", Ttl.NONE));
        store.allocate(wanted(3, "a", Ttl.NONE));
        assertThat(store.deleteCollection(new CollectionName("a"))).containsExactlyInAnyOrder(new VolumeId(1), new VolumeId(3));
        assertThat(store.volumes()).extracting(Volume::id).containsExactly(new VolumeId(2));
    }

    @Test
    void whatCannotBeServedIsNamedAndTheRestServes() throws Exception {
        allocate(1);
        store.close();
        touch(ONE.resolve("5.vif"), "{\"ecShardConfig\":{\"dataShards\":10}}");
        touch(ONE.resolve("8.ecx"), "");
        touch(ONE.resolve("8.ec00"), "");
        touch(ONE.resolve("9.vif"), "{\"files\":[{\"backendType\":\"s3\",\"key\":\"k\"}]}");
        touch(ONE.resolve("10.vif"), "{\"bytesOffset\":5}");
        touch(ONE.resolve("6.idx"), "");
        touch(ONE.resolve("6.dat"), "short");
        touch(ONE.resolve("notes_x.idx"), "");
        store = open(options(ONE, 3), options(TWO, 3));
        assertThat(store.volumes()).extracting(Volume::id).containsExactly(new VolumeId(1));
        assertThat(store.report().directories().getFirst().refused()).satisfiesExactlyInAnyOrder(
                text -> assertThat(text).startsWith("5: ").contains("erasure-coded"),
                text -> assertThat(text).startsWith("8: ").contains("erasure-coded"),
                text -> assertThat(text).startsWith("9: ").contains("remote tier"),
                text -> assertThat(text).startsWith("10: ").contains("offsets of 5 bytes (large-disk build)"),
                text -> assertThat(text).startsWith("6: ").contains("no superblock"));
    }

    /** The files are all that is left of the volume: of a tiered one they say where its data lie. */
    @Test
    void anIdWhoseFilesAreOfAnotherKindIsNeverMadeAnew() throws Exception {
        store.close();
        String tiered = "{\"files\":[{\"backendType\":\"s3\",\"key\":\"k\"}]}";
        touch(ONE.resolve("1.vif"), tiered);
        touch(ONE.resolve("1.idx"), "0123456789abcdef");
        touch(TWO.resolve("2.vif"), "{\"ecShardConfig\":{\"dataShards\":10}}");
        touch(ONE.resolve("3.ecx"), "");
        touch(ONE.resolve("3.ec00"), "shard");
        touch(ONE.resolve("4.vif"), "{\"bytesOffset\":5}");
        touch(ONE.resolve("5.vif"), "{damaged");
        touch(ONE.resolve("6.idx"), "0123456789abcdef");
        touch(ONE.resolve("pics_7.idx"), "");
        touch(ONE.resolve("pics_7.dat"), "short");
        touch(TWO.resolve("8.dat"), "a lone data file");
        touch(ONE.resolve("9.ec07"), "a shard whose index lies elsewhere");
        Map<Path, byte[]> before = disk.snapshot();
        store = open(options(ONE, 30), options(TWO, 30));
        for (int id = 1; id <= 9; id++) {
            assertThat(store.allocate(wanted(id, "", Ttl.NONE))).as("volume %d", id)
                    .isInstanceOfSatisfying(AllocateResult.Taken.class, taken -> assertThat(taken.reason()).contains("/"));
        }
        assertThat(store.report().taken()).extracting(VolumeId::bits).contains(1, 2, 3, 4, 6, 7, 8);
        assertThat(store.volumes()).isEmpty();
        allocate(10);
        store.close();
        before.forEach((path, bytes) -> assertThat(disk.snapshot().get(path)).as("%s", path).isEqualTo(bytes));
        assertThat(disk.list(ONE)).doesNotContain("1.dat", "3.dat", "3.idx");
        store = open(options(ONE, 30), options(TWO, 30));
    }

    @Test
    void anUnmountedVolumeIsNotMadeAnewUnderAnotherNameOrElsewhere() throws Exception {
        put(allocate(1), 11);
        store.unmount(new VolumeId(1));
        assertThat(store.allocate(wanted(1, "pics", Ttl.NONE))).isInstanceOfSatisfying(AllocateResult.Taken.class,
                taken -> assertThat(taken.reason()).contains("/one").contains("mount"));
        assertThat(allocate(1).find(new NeedleKey(11))).isInstanceOf(FindResult.Hit.class);
        store.unmount(new VolumeId(1));
        allocate(2);
        store.delete(new VolumeId(2), false);
        store.allocate(wanted(3, "", Ttl.NONE));
        store.allocate(wanted(4, "", Ttl.NONE));
        store.allocate(wanted(5, "", Ttl.NONE));
        assertThat(allocate(1).files().dataDirectory()).isEqualTo(ONE);
    }

    @Test
    void damageOfOneVolumeTouchesNoOther() throws Exception {
        put(allocate(1), 11);
        allocate(2);
        put(allocate(3), 33);
        store.close();
        Map<Path, byte[]> files = disk.snapshot();
        for (String name : List.of("one/1.dat", "one/1.idx", "one/1.vif", "two/2.dat", "two/2.vif")) {
            Path path = Path.of("/" + name);
            byte[] good = files.get(path);
            for (int at = 0; at < good.length; at++) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) 0xff;
                replace(path, bad);
                store = open(options(ONE, 3), options(TWO, 3));
                Volume other = store.volume(new VolumeId(3)).orElseThrow();
                assertThat(other.readOnly().reasons()).as("byte %d of %s", at, name).isEmpty();
                assertThat(other.find(new NeedleKey(33))).isInstanceOf(FindResult.Hit.class);
                put(other, 34);
                store.close();
                files.forEach((file, bytes) -> replace(file, bytes));
            }
        }
    }

    private void replace(Path path, byte[] bytes) {
        try (DiskFile file = disk.open(path, Open.CREATE)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(bytes), 0);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void aLowDiskTakesDeletionsOnly() throws Exception {
        Volume volume = allocate(1);
        put(volume, 1);
        try (DiskFile filler = disk.open(ONE.resolve("filler"), Open.CREATE)) {
            filler.write(ByteBuffer.allocate(995_000), 0);
            store.checkDisks();
            assertThat(volume.readOnly().has(ReadOnlyCause.DISK_LOW)).isTrue();
            assertThat(volume.readOnly().whyNoDeletes()).isEmpty();
            assertThat(store.allocate(wanted(2, "", Ttl.NONE))).isInstanceOf(AllocateResult.NoRoom.class);
            assertThat(store.report().directories().getFirst().effectiveMaxVolumes()).isEqualTo(1);
            filler.truncate(0);
        }
        store.checkDisks();
        put(volume, 2);
    }

    @Test
    void anAutomaticLimitFollowsTheFreeSpace() throws Exception {
        store.close();
        store = open(options(ONE, 0));
        store.volumeSizeLimit(100_000, false);
        assertThat(store.report().directories().getFirst().effectiveMaxVolumes()).isEqualTo(9);
        for (int id = 1; id <= 9; id++) allocate(id);
        assertThat(store.allocate(wanted(10, "", Ttl.NONE))).isInstanceOf(AllocateResult.NoRoom.class);
    }

    @Test
    void volumesExpire() throws Exception {
        Volume volume = ((AllocateResult.Allocated) store.allocate(wanted(1, "", Ttl.parse("30m")))).volume();
        put(volume, 1);
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(32)));
        assertThat(store.report().volumes()).hasSize(1); // nobody has told the size limit yet
        store.volumeSizeLimit(1_000_000, false);
        assertThat(store.report().volumes()).isEmpty();
        assertThat(store.report().expired()).containsExactly(new VolumeId(1));
        assertThat(store.deleteExpired()).isEmpty();
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
        assertThat(store.deleteExpired()).containsExactly(new VolumeId(1));
        assertThat(store.volumes()).isEmpty();
    }

    @Test
    void aVolumesTimeCountsFromItsLastWriteWhateverTimesTheFilesCarry() throws Exception {
        store.volumeSizeLimit(1_000_000, false);
        Volume old = ((AllocateResult.Allocated) store.allocate(wanted(1, "", Ttl.parse("30m")))).volume();
        Volume future = ((AllocateResult.Allocated) store.allocate(wanted(2, "", Ttl.parse("30m")))).volume();
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(60)));
        put(old, 1, 1_000_000_000);
        put(future, 1, 4_000_000_000L);
        assertThat(store.deleteExpired()).as("their files are new").isEmpty();
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(34)));
        assertThat(store.deleteExpired()).containsExactlyInAnyOrder(new VolumeId(1), new VolumeId(2));
    }

    @Test
    void anExpiredVolumeKeepsItsSlotUntilItIsGone() throws Exception {
        store.volumeSizeLimit(1_000_000, false);
        put(((AllocateResult.Allocated) store.allocate(wanted(1, "", Ttl.parse("30m")))).volume(), 1);
        assertThat(maxVolumes()).isEqualTo(6);
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(32)));
        assertThat(maxVolumes()).isEqualTo(5);
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
        store.deleteExpired();
        assertThat(maxVolumes()).isEqualTo(6);
    }

    private int maxVolumes() {
        return store.report().directories().stream().mapToInt(DirectoryReport::effectiveMaxVolumes).sum();
    }

    @Test
    void whoeverDecidesToUnmountHasSeenEveryWrite() throws Exception {
        Volume volume = allocate(1);
        try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
            Future<Integer> stored = writer.submit(() -> {
                int count = 0;
                for (int key = 1; ; key++) {
                    switch (volume.append(draft(key, 0), Durability.PROCESS_DEATH)) {
                        case AppendResult.Stored _ -> count++;
                        case AppendResult.Unmounted _ -> {
                            return count;
                        }
                        case AppendResult other -> throw new AssertionError(other);
                    }
                }
            });
            AtomicLong seen = new AtomicLong();
            while (!volume.unmountIf(numbers -> seen.updateAndGet(unused -> numbers.files()) >= 200)) Thread.onSpinWait();
            assertThat(stored.get(60, TimeUnit.SECONDS).longValue()).isEqualTo(seen.get());
        }
    }

    @Test
    void anInterruptedVacuumIsUndoneOrFinished() throws Exception {
        put(allocate(1), 11);
        allocate(2);
        put(allocate(3), 33);
        store.close();
        touch(ONE.resolve("1.cpd"), "half a copy");
        disk.rename(ONE.resolve("3.dat"), ONE.resolve("3.cpd"));
        disk.rename(ONE.resolve("3.idx"), ONE.resolve("3.cpx"));
        touch(ONE.resolve("3.cpc"), "");
        store = open(options(ONE, 3), options(TWO, 3));
        assertThat(store.volume(new VolumeId(1)).orElseThrow().find(new NeedleKey(11))).isInstanceOf(FindResult.Hit.class);
        assertThat(store.volume(new VolumeId(3)).orElseThrow().find(new NeedleKey(33))).isInstanceOf(FindResult.Hit.class);
        assertThat(disk.list(ONE)).noneMatch(name -> name.contains(".cp"));
    }

    @Test
    void anUnfinishedCopyIsRemoved() throws Exception {
        put(allocate(1), 11);
        store.close();
        touch(ONE.resolve("1.note"), "copying from elsewhere");
        store = open(options(ONE, 3), options(TWO, 3));
        assertThat(store.volumes()).isEmpty();
        assertThat(disk.list(ONE)).noneMatch(name -> name.startsWith("1."));
    }

    @Test
    void aSeparateIndexDirectoryIsUsed() throws Exception {
        store.close();
        StoreOptions options = new StoreOptions(
                List.of(options(ONE, 3)), Optional.of(Path.of("/index")), 4, 1024, Durability.PROCESS_DEATH, Duration.ZERO);
        store = Store.open(options, environment);
        put(allocate(1), 11);
        assertThat(disk.exists(Path.of("/index/1.idx"))).isTrue();
        assertThat(disk.exists(ONE.resolve("1.idx"))).isFalse();
        store.close();
        store = Store.open(options, environment);
        assertThat(store.volume(new VolumeId(1)).orElseThrow().find(new NeedleKey(11))).isInstanceOf(FindResult.Hit.class);
    }

    private void touch(Path path, String text) throws IOException {
        try (DiskFile file = disk.open(path, Open.CREATE_NEW)) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        }
    }
}
