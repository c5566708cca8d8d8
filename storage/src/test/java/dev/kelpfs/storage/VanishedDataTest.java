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
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Vacuum;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.ReadOnlyCause;
import dev.kelpfs.storage.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The data file of a volume is gone, under the server's feet or before it starts, and its other files are still there. */
class VanishedDataTest {
    private static final Path DATA = Path.of("/one");
    private static final VolumeId ID = new VolumeId(1);
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    private final MemoryDisk disk = new MemoryDisk(InstantSource.fixed(NOW), 1L << 30);
    private Path index = DATA;

    private Store open() throws IOException {
        StoreEnvironment environment = new StoreEnvironment(
                disk, InstantSource.fixed(NOW), Ticker.system(), new SplittableRandom(1));
        DataDirectoryOptions directory = new DataDirectoryOptions(
                DATA, DiskType.HDD, 8, MinFreeSpace.DEFAULT, List.of());
        Optional<Path> elsewhere = index.equals(DATA) ? Optional.empty() : Optional.of(index);
        return Store.open(new StoreOptions(
                List.of(directory), elsewhere, 4, 1024, Durability.PROCESS_DEATH, Duration.ZERO), environment);
    }

    private static NewVolume wanted(int id) {
        return new NewVolume(new VolumeId(id), CollectionName.DEFAULT, ReplicaPlacement.SINGLE, Ttl.NONE,
                DiskType.HDD, 0);
    }

    private static AppendResult put(Volume volume, long key) throws IOException {
        return volume.append(NeedleDraft.of(new NeedleKey(key), new Cookie(1)).data(ByteBuffer.wrap(new byte[] {1, 2})).build(),
                Durability.PROCESS_DEATH);
    }

    private byte[] take(Path path) throws IOException {
        try (DiskFile file = disk.open(path, Open.READ)) {
            ByteBuffer all = ByteBuffer.allocate((int) file.size());
            while (all.hasRemaining() && file.read(all, all.position()) > 0) { }
            disk.delete(path);
            return all.array();
        }
    }

    @Test
    void aServerNoticesItAndTakesNothingMore() throws Exception {
        disk.createDirectories(DATA);
        try (Store store = open()) {
            Volume volume = ((AllocateResult.Allocated) store.allocate(wanted(1))).volume();
            Volume other = ((AllocateResult.Allocated) store.allocate(wanted(2))).volume();
            put(volume, 1);
            store.checkDisks();
            assertThat(store.report().withheld()).isEmpty();
            disk.delete(DATA.resolve("1.dat"));
            store.checkDisks();
            assertThat(store.report().withheld()).containsExactly(ID);
            assertThat(store.report().volumes()).extracting(VolumeReport::id).containsExactly(other.id());
            assertThat(volume.readOnly().reasons()).containsOnlyKeys(ReadOnlyCause.VANISHED);
            assertThat(put(volume, 2)).isInstanceOfSatisfying(AppendResult.ReadOnly.class,
                    refusal -> assertThat(refusal.reason()).contains("/one/1.dat is not there any more", "restart the server"));
            assertThat(new Vacuum(() -> 0, _ -> {}).compact(volume, CompactOptions.DEFAULT, _ -> {}))
                    .isInstanceOf(CompactResult.Refused.class);
            assertThat(put(other, 2)).isInstanceOf(AppendResult.Stored.class);
            // Nothing is made in its place.
            assertThat(disk.list(DATA)).contains("1.idx", "1.vif").doesNotContain("1.dat", "1.cpd", "1.note");
            assertThat(store.allocate(wanted(1))).isInstanceOf(AllocateResult.AlreadyMounted.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/one", "/index"})
    void aStartRefusesItAndMakesNothingAnew(String indexDirectory) throws Exception {
        index = Path.of(indexDirectory);
        disk.createDirectories(DATA);
        try (Store store = open()) {
            put(((AllocateResult.Allocated) store.allocate(wanted(1))).volume(), 1);
        }
        byte[] dat = take(DATA.resolve("1.dat"));
        List<String> data = disk.list(DATA);
        List<String> rows = disk.list(index);
        try (Store store = open()) {
            assertThat(store.volume(ID)).isEmpty();
            assertThat(store.report().directories().getFirst().refused()).singleElement().asString()
                    .contains("1.idx has rows, but /one/1.dat is missing", "mount its disk or restore it");
            assertThat(store.report().taken()).containsExactly(ID);
            assertThat(store.allocate(wanted(1))).isInstanceOf(AllocateResult.Taken.class);
            assertThat(disk.list(DATA)).isEqualTo(data);
            assertThat(disk.list(index)).isEqualTo(rows);
        }
        try (DiskFile back = disk.open(DATA.resolve("1.dat"), Open.CREATE_NEW)) {
            back.write(ByteBuffer.wrap(dat), 0);
        }
        try (Store store = open()) {
            Volume volume = store.volume(ID).orElseThrow();
            assertThat(volume.find(new NeedleKey(1))).isInstanceOfSatisfying(FindResult.Hit.class, FindResult.Hit::close);
        }
    }
}
