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
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.needle.NeedleRecord;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.DeleteResult;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One volume vacuumed again and again while several threads store, delete and read. Every writer has keys of its own and
 * knows what they hold; readers take any key and check that what they get is whole and not older than it may be.
 */
@ExtendWith(TestDirectories.class)
class VacuumConcurrencyTest {
    private static final int VACUUMS = 100;
    private static final int WRITERS = 3;
    private static final int READERS = 2;
    private static final int KEYS_EACH = 40;

    /** What a key holds: its version, negated when it is deleted; changed by its writer only. */
    private final AtomicLong[] acknowledged = new AtomicLong[WRITERS * KEYS_EACH];
    private final AtomicLong[] begun = new AtomicLong[WRITERS * KEYS_EACH];
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();

    @Test
    void aHundredVacuumsInMemory() throws Exception {
        MemoryDisk disk = new MemoryDisk(InstantSource.system(), 2L << 30);
        disk.createDirectories(VacuumBench.DATA);
        run(disk, VacuumBench.DATA, VACUUMS, 600);
    }

    @Test
    void vacuumsOnTheFilesOfThisMachine(TestDirectory directory) throws Exception {
        run(RealDisk.create(), directory.path(), 10, 20_000);
    }

    private void run(Disk disk, Path directory, int vacuums, int mostBytes) throws Exception {
        Seed seed = Seed.announced("vacuum beside writers");
        VolumeFiles files = new VolumeFiles(VolumeName.parse("7").orElseThrow(), directory, directory);
        for (int i = 0; i < begun.length; i++) {
            acknowledged[i] = new AtomicLong();
            begun[i] = new AtomicLong();
        }
        try (ExecutorService diskThreads = Executors.newFixedThreadPool(2)) {
            VolumeContext context =
                    new VolumeContext(disk, InstantSource.system(), diskThreads, new SplittableRandom(seed.value()));
            Volume volume = VolumeOpener.create(context, files, ReplicaPlacement.SINGLE, Ttl.NONE, 0);
            List<Thread> threads = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                int writer = w;
                threads.add(Thread.ofPlatform().start(() -> guarded(() -> write(volume, seed, writer, mostBytes))));
            }
            for (int r = 0; r < READERS; r++) {
                SplittableRandom random = seed.derive(100 + r).random();
                threads.add(Thread.ofPlatform().start(() -> guarded(() -> read(volume, random))));
            }
            Vacuum vacuum = new Vacuum(Ticker.system(), Pause.sleeping());
            int committed = 0;
            while (committed < vacuums && failure.get() == null) {
                assertThat(vacuum.compact(volume, CompactOptions.DEFAULT, NOBODY)).isInstanceOf(CompactResult.Compacted.class);
                if (vacuum.commit(volume) instanceof CommitResult.Committed) committed++;
            }
            stop.set(true);
            for (Thread thread : threads) thread.join();
            if (failure.get() != null) throw new AssertionError("seed " + seed, failure.get());
            System.out.println(committed + " vacuums beside " + writes + " writes and " + reads + " reads");
            assertThat(volume.numbers().revision()).isEqualTo(vacuums);
            assertThat(volume.readOnly().reasons()).isEmpty();
            checkAll(volume);
            volume.unmount(true);
            Volume opened = VolumeOpener.open(context, files).orElseThrow();
            assertThat(opened.readOnly().reasons()).isEmpty();
            checkAll(opened);
            opened.unmount(true);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (Throwable failed) {
            failure.compareAndSet(null, failed);
            stop.set(true);
        }
    }

    private void write(Volume volume, Seed seed, int writer, int mostBytes) throws IOException {
        SplittableRandom random = seed.derive(writer).random();
        while (!stop.get()) {
            int slot = writer * KEYS_EACH + random.nextInt(KEYS_EACH);
            long next = Math.abs(acknowledged[slot].get()) + 1;
            begun[slot].set(next);
            Durability durability = random.nextInt(20) == 0 ? Durability.POWER_LOSS : Durability.PROCESS_DEATH;
            boolean inline = random.nextInt(3) == 0;
            if (random.nextInt(4) == 0) {
                if (delete(volume, slot, inline, durability)) acknowledged[slot].set(-next);
                continue;
            }
            byte[] data = content(slot, next, random.nextInt(8, mostBytes));
            NeedleDraft draft = NeedleDraft.of(key(slot), new Cookie(slot)).data(ByteBuffer.wrap(data)).build();
            AppendResult result = inline ? volume.tryAppend(draft) : volume.append(draft, durability);
            if (result instanceof AppendResult.Stored) acknowledged[slot].set(next);
            else assertThat(result).isInstanceOf(AppendResult.Busy.class);
            writes.incrementAndGet();
        }
    }

    private static boolean delete(Volume volume, int slot, boolean inline, Durability durability) throws IOException {
        Optional<Cookie> cookie = Optional.of(new Cookie(slot));
        DeleteResult result = inline ? volume.tryDelete(key(slot), cookie) : volume.delete(key(slot), cookie, durability);
        assertThat(result).isInstanceOfAny(
                DeleteResult.Deleted.class, DeleteResult.NotFound.class, DeleteResult.Busy.class);
        return result instanceof DeleteResult.Deleted;
    }

    private void read(Volume volume, SplittableRandom random) throws IOException {
        while (!stop.get()) {
            check(volume, random.nextInt(begun.length));
            reads.incrementAndGet();
        }
    }

    private void checkAll(Volume volume) throws IOException {
        for (int slot = 0; slot < begun.length; slot++) check(volume, slot);
    }

    /** What is found must be what was acknowledged before the look-up, or something begun since. */
    private void check(Volume volume, int slot) throws IOException {
        long least = acknowledged[slot].get();
        FindResult found = volume.find(key(slot));
        if (!(found instanceof FindResult.Hit hit)) {
            assertThat(found).isNotInstanceOf(FindResult.Unmounted.class);
            assertThat(least <= 0 || begun[slot].get() > least).as("key %d is lost, it held %d", slot, least).isTrue();
            return;
        }
        try (hit) {
            NeedleRecord record = hit.needle().readRecord();
            byte[] data = new byte[record.dataBytes()];
            record.data().get(data);
            long version = ByteBuffer.wrap(data).getLong();
            assertThat(data).as("key %d", slot).isEqualTo(content(slot, version, data.length));
            assertThat(version).as("key %d", slot).isBetween(Math.abs(least) + (least < 0 ? 1 : 0), begun[slot].get());
        }
    }

    private static NeedleKey key(int slot) {
        return new NeedleKey(slot + 1);
    }

    private static byte[] content(int slot, long version, int bytes) {
        byte[] data = new Seed(version * 1000 + slot).bytes(bytes);
        ByteBuffer.wrap(data).putLong(version);
        return data;
    }
}
