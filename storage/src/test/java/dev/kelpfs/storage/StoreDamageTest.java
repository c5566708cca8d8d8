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
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every truncation and every flipped bit of one volume's files: the other volumes of the store serve, read and write. */
class StoreDamageTest {
    private static final Path ONE = Path.of("/one");
    private static final VolumeId HURT = new VolumeId(1);
    private static final VolumeId OTHER = new VolumeId(2);
    private static final int[] FLIPS = {1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xff};

    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));
    private Map<Path, byte[]> files = Map.of();

    @BeforeEach
    void writeTwoVolumes() throws IOException {
        MemoryDisk disk = new MemoryDisk(clock, 1_000_000);
        disk.createDirectories(ONE);
        try (Store store = open(disk)) {
            for (VolumeId id : List.of(HURT, OTHER)) {
                AllocateResult made = store.allocate(new NewVolume(
                        id, CollectionName.DEFAULT, ReplicaPlacement.SINGLE, Ttl.NONE, DiskType.HDD, 0));
                Volume volume = ((AllocateResult.Allocated) made).volume();
                for (long key = 1; key <= 3; key++) put(volume, key);
                volume.delete(new NeedleKey(2), Optional.empty(), Durability.PROCESS_DEATH);
            }
        }
        files = disk.snapshot();
    }

    private Store open(MemoryDisk disk) throws IOException {
        StoreOptions options = new StoreOptions(
                List.of(new DataDirectoryOptions(ONE, DiskType.HDD, 8, MinFreeSpace.DEFAULT, List.of())), Optional.empty(), 1,
                16, Durability.PROCESS_DEATH, Duration.ZERO);
        return Store.open(options, new StoreEnvironment(disk, clock, Ticker.system(), new SplittableRandom(3)));
    }

    private static void put(Volume volume, long key) throws IOException {
        NeedleDraft draft = NeedleDraft.of(new NeedleKey(key), new Cookie(1)).data(ByteBuffer.wrap(content(volume, key))).build();
        assertThat(volume.append(draft, Durability.PROCESS_DEATH)).isInstanceOf(AppendResult.Stored.class);
    }

    private static byte[] content(Volume volume, long key) {
        return new byte[] {(byte) volume.id().bits(), (byte) key, 77};
    }

    @ParameterizedTest
    @ValueSource(strings = {"dat", "idx", "vif"})
    void everyTruncationStaysWithItsVolume(String suffix) throws IOException {
        Path hurt = ONE.resolve("1." + suffix);
        byte[] good = files.get(hurt);
        for (int length = 0; length < good.length; length++) {
            check(hurt, Arrays.copyOf(good, length), hurt + " cut to " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dat", "idx", "vif"})
    void everyFlippedBitStaysWithItsVolume(String suffix) throws IOException {
        Path hurt = ONE.resolve("1." + suffix);
        byte[] good = files.get(hurt);
        for (int at = 0; at < good.length; at++) {
            for (int flip : FLIPS) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) flip;
                check(hurt, bad, "byte " + at + " of " + hurt + " ^ " + flip);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dat", "idx", "vif"})
    void aLostFileStaysWithItsVolume(String suffix) throws IOException {
        check(ONE.resolve("1." + suffix), null, suffix + " lost");
    }

    private void check(Path hurt, byte[] bad, String what) throws IOException {
        MemoryDisk disk = new MemoryDisk(clock, 1_000_000);
        disk.createDirectories(ONE);
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            byte[] bytes = file.getKey().equals(hurt) ? bad : file.getValue();
            if (bytes == null) continue;
            try (DiskFile written = disk.open(file.getKey(), Open.CREATE_NEW)) {
                written.write(ByteBuffer.wrap(bytes), 0);
            }
        }
        try (Store store = open(disk)) {
            assertServed(store, what);
            put(store.volume(OTHER).orElseThrow(), 9);
        }
        files.forEach((path, bytes) -> {
            if (path.getFileName().toString().startsWith("2.")) assertThat(disk.snapshot().get(path)).as(what).startsWith(bytes);
        });
        try (Store store = open(disk)) {
            assertServed(store, what + ", opened again");
            assertContent(store.volume(OTHER).orElseThrow(), 9, what);
        }
    }

    /** The other volume as it was, and the hurt one served or named. */
    private static void assertServed(Store store, String what) throws IOException {
        Volume other = store.volume(OTHER).orElseThrow();
        assertThat(other.readOnly().reasons()).as(what).isEmpty();
        assertContent(other, 1, what);
        assertThat(other.find(new NeedleKey(2))).as(what).isNotInstanceOf(FindResult.Hit.class);
        assertContent(other, 3, what);
        boolean named = store.report().directories().getFirst().refused().stream().anyMatch(reason -> reason.startsWith("1: "));
        assertThat(store.volume(HURT).isPresent() ^ named).as(what).isTrue();
    }

    private static void assertContent(Volume volume, long key, String what) throws IOException {
        FindResult found = volume.find(new NeedleKey(key));
        assertThat(found).as(what).isInstanceOf(FindResult.Hit.class);
        try (FindResult.Hit hit = (FindResult.Hit) found) {
            ByteBuffer data = hit.needle().readRecord().data();
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            assertThat(bytes).as(what).isEqualTo(content(volume, key));
        }
    }
}
