package dev.kelpfs.storage.vacuum;

import static dev.kelpfs.storage.vacuum.VacuumBench.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.storage.needle.NeedleChecksum;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.FindResult;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeContext;
import dev.kelpfs.storage.volume.VolumeFiles;
import dev.kelpfs.storage.volume.VolumeName;
import dev.kelpfs.storage.volume.VolumeOpener;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Large files read piece by piece, as they are sent to slow clients, while the volume is vacuumed and written: every reader
 * holds its file over at least one swap of the files, and gets all of it as it was when it was found.
 */
@ExtendWith(TestDirectories.class)
class VacuumPiecewiseReadTest {
    private static final int KEYS = 12;
    private static final int READERS = 3;
    private static final int CHANGES_BETWEEN = 3;
    private static final int LEAST_BYTES = 150_000;
    private static final int MOST_BYTES = 600_000;
    private static final long LIMIT_NANOS = 60_000_000_000L;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicInteger acrossSwaps = new AtomicInteger();
    private final AtomicInteger goneMeanwhile = new AtomicInteger();

    @Test
    void inMemory() throws Exception {
        MemoryDisk disk = new MemoryDisk(InstantSource.system(), 1L << 30);
        disk.createDirectories(VacuumBench.DATA);
        run(disk, VacuumBench.DATA, 150);
    }

    @Test
    void onTheFilesOfThisMachine(TestDirectory directory) throws Exception {
        run(RealDisk.create(), directory.path(), 60);
    }

    private void run(Disk disk, Path directory, int wanted) throws Exception {
        Seed seed = Seed.announced("pieces across vacuums");
        VolumeFiles files = new VolumeFiles(VolumeName.parse("7").orElseThrow(), directory, directory);
        try (ExecutorService diskThreads = Executors.newFixedThreadPool(2)) {
            VolumeContext context =
                    new VolumeContext(disk, InstantSource.system(), diskThreads, new SplittableRandom(seed.value()));
            Volume volume = VolumeOpener.create(context, files, ReplicaPlacement.SINGLE, Ttl.NONE, 0);
            SplittableRandom random = seed.random();
            for (int key = 1; key <= KEYS; key++) store(volume, key, random);
            List<Thread> threads = new ArrayList<>();
            SplittableRandom writer = seed.derive(1).random();
            threads.add(started(() -> write(volume, writer)));
            for (int i = 0; i < READERS; i++) {
                SplittableRandom own = seed.derive(2 + i).random();
                threads.add(started(() -> read(volume, own)));
            }
            Vacuum vacuum = new Vacuum(Ticker.system(), Pause.sleeping());
            int vacuums = 0;
            while (acrossSwaps.get() < wanted && failure.get() == null) {
                assertThat(vacuum.compact(volume, CompactOptions.DEFAULT, NOBODY)).isInstanceOf(CompactResult.Compacted.class);
                if (vacuum.commit(volume) instanceof CommitResult.Committed) vacuums++;
            }
            stop.set(true);
            for (Thread thread : threads) thread.join();
            if (failure.get() != null) throw new AssertionError("seed " + seed, failure.get());
            System.out.println(acrossSwaps + " large files read across " + vacuums + " vacuums, " + goneMeanwhile
                    + " of them overwritten or deleted meanwhile");
            assertThat(goneMeanwhile.get()).isPositive();
            assertThat(volume.readOnly().reasons()).isEmpty();
            for (int key = 1; key <= KEYS; key++) check(volume, key, 0, 0);
            volume.unmount(true);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private Thread started(Work work) {
        return Thread.ofPlatform().start(() -> {
            try {
                while (!stop.get()) work.run();
            } catch (Throwable failed) {
                failure.compareAndSet(null, failed);
                stop.set(true);
            }
        });
    }

    /** A few changes, and no more before the next vacuum is committed. */
    private void write(Volume volume, SplittableRandom random) throws IOException {
        int revision = volume.numbers().revision();
        for (int i = 0; i < CHANGES_BETWEEN; i++) {
            int key = random.nextInt(1, KEYS + 1);
            if (random.nextInt(4) == 0) volume.delete(new NeedleKey(key), Optional.empty(), Durability.PROCESS_DEATH);
            else store(volume, key, random);
        }
        awaitSwaps(volume, revision + 1);
    }

    private static void store(Volume volume, int key, SplittableRandom random) throws IOException {
        byte[] data = content(key, random.nextLong(), random.nextInt(LEAST_BYTES, MOST_BYTES));
        NeedleDraft draft = NeedleDraft.of(new NeedleKey(key), new Cookie(key)).data(ByteBuffer.wrap(data)).build();
        assertThat(volume.append(draft, Durability.PROCESS_DEATH)).isInstanceOf(AppendResult.Stored.class);
    }

    /** Begins with its own seed, so that a reader knows what must follow. */
    private static byte[] content(int key, long version, int bytes) {
        byte[] data = new Seed(version ^ key).bytes(bytes);
        ByteBuffer.wrap(data).putLong(version);
        return data;
    }

    private void read(Volume volume, SplittableRandom random) throws IOException {
        check(volume, random.nextInt(1, KEYS + 1), random.nextInt(1, 100_000), random.nextInt(1, 3));
    }

    /** Reads a file in pieces, with so many swaps of the volume's files after the first piece; 0 for none. */
    private void check(Volume volume, int key, int firstBytes, int swaps) throws IOException {
        if (!(volume.find(new NeedleKey(key)) instanceof FindResult.Hit hit)) return;
        try (hit) {
            NeedleMetadata metadata = hit.needle().readMetadata();
            ByteBuffer data = ByteBuffer.allocate(metadata.dataBytes());
            int piece = Math.max(firstBytes, 8_192);
            while (data.hasRemaining()) {
                data.limit(Math.min(data.capacity(), data.position() + piece));
                hit.needle().readData(data, data.position());
                data.limit(data.capacity());
                if (swaps == 0 || data.position() > piece) continue;
                if (!awaitSwaps(volume, hit.needle().revision() + swaps)) return;
                acrossSwaps.incrementAndGet();
                if (!isStillThere(volume, key, metadata)) goneMeanwhile.incrementAndGet();
            }
            long version = data.getLong(0);
            assertThat(data.array()).as("key %d", key).isEqualTo(content(key, version, data.capacity()));
            assertThat(NeedleChecksum.of(data.flip())).as("key %d", key).isEqualTo(metadata.checksum());
        }
    }

    private static boolean isStillThere(Volume volume, int key, NeedleMetadata before) throws IOException {
        if (!(volume.find(new NeedleKey(key)) instanceof FindResult.Hit hit)) return false;
        try (hit) {
            return hit.needle().readMetadata().checksum() == before.checksum();
        }
    }

    /** False if the test is over before. */
    private boolean awaitSwaps(Volume volume, int revision) {
        long start = System.nanoTime();
        while ((volume.numbers().revision() - revision & 0xffff) > 0x7fff) {
            if (stop.get()) return false;
            if (System.nanoTime() - start > LIMIT_NANOS) throw new AssertionError("no vacuum was committed in a minute");
            Thread.onSpinWait();
        }
        return true;
    }
}
