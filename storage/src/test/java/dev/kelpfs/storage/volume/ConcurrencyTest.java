package dev.kelpfs.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.storage.needle.NeedleRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {
    private static final int SWAPS = 100;

    private final ExecutorService diskThreads = Executors.newFixedThreadPool(4);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        diskThreads.shutdown();
    }

    private VolumeContext context(Disk disk, Executor executor) {
        return new VolumeContext(disk, InstantSource.fixed(Volumes.NOW), executor, new SplittableRandom(1));
    }

    /**
     * Readers hold what they found while the volume is unmounted and other files are opened at once, which get the
     * descriptors' numbers: a reader must see its own bytes or be told that the volume is gone.
     */
    @Test
    void readersOutliveUnmountingOnARealDisk() throws Exception {
        Disk disk = RealDisk.create();
        List<VolumeFiles> names = List.of(files("1"), files("2"));
        List<AtomicReference<Volume>> volumes = new ArrayList<>();
        for (VolumeFiles name : names) {
            Volume volume = VolumeOpener.create(context(disk, diskThreads), name, ReplicaPlacement.SINGLE, Ttl.NONE, 0);
            for (int key = 1; key <= 50; key++) Volumes.put(volume, key, 1, content(name, key));
            volumes.add(new AtomicReference<>(volume));
        }
        AtomicInteger reads = new AtomicInteger();
        AtomicInteger swaps = new AtomicInteger();
        List<Thread> readers = new ArrayList<>();
        for (int r = 0; r < 4; r++) {
            SplittableRandom random = new SplittableRandom(r);
            readers.add(start(() -> {
                ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
                while (swaps.get() < SWAPS && failures.isEmpty()) {
                    int which = random.nextInt(2);
                    int key = random.nextInt(1, 51);
                    FindResult found = volumes.get(which).get().find(Volumes.key(key));
                    if (!(found instanceof FindResult.Hit hit)) continue;
                    try (hit) {
                        if (random.nextInt(4) == 0) Thread.yield();
                        buffer.clear();
                        if (!hit.needle().readNow(buffer)) hit.needle().read(buffer);
                        NeedleRecord record = hit.needle().parse(buffer);
                        assertThat(record.data()).isEqualTo(ByteBuffer.wrap(content(names.get(which), key)));
                        reads.incrementAndGet();
                    }
                }
            }));
        }
        while (swaps.get() < SWAPS && failures.isEmpty()) {
            int which = swaps.incrementAndGet() % 2;
            volumes.get(which).get().unmount(false);
            volumes.get(which).set(VolumeOpener.open(context(disk, diskThreads), names.get(which)).orElseThrow());
        }
        for (Thread reader : readers) reader.join();
        assertThat(failures).isEmpty();
        assertThat(reads.get()).isPositive();
        for (AtomicReference<Volume> volume : volumes) volume.get().unmount(true);
    }

    @Test
    void manyWritersInlineAndQueuedLoseNothing() throws Exception {
        Volume volume = VolumeOpener.create(
                context(RealDisk.create(), diskThreads), files("3"), ReplicaPlacement.SINGLE, Ttl.NONE, 0);
        AtomicInteger inline = new AtomicInteger();
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < 6; w++) {
            int first = w * 1_000 + 1;
            writers.add(start(() -> {
                for (int key = first; key < first + 500; key++) {
                    byte[] data = ("data of " + key).getBytes(StandardCharsets.UTF_8);
                    AppendResult result = volume.tryAppend(Volumes.draft(key, 1, data));
                    if (result instanceof AppendResult.Busy) {
                        result = Volumes.put(volume, key, 1, data);
                    } else {
                        inline.incrementAndGet();
                    }
                    assertThat(result).isInstanceOf(AppendResult.Stored.class);
                }
            }));
        }
        for (Thread writer : writers) writer.join();
        assertThat(failures).isEmpty();
        volume.unmount(true);
        Volume again = VolumeOpener.open(context(RealDisk.create(), diskThreads), files("3")).orElseThrow();
        assertThat(again.readOnly().isWritable()).isTrue();
        assertThat(again.numbers().files()).isEqualTo(3_000);
        for (int w = 0; w < 6; w++) {
            for (int key = w * 1_000 + 1; key < w * 1_000 + 501; key++) {
                assertThat(new String(Volumes.get(again, key).orElseThrow())).isEqualTo("data of " + key);
            }
        }
        again.unmount(true);
    }

    private VolumeFiles files(String base) {
        return new VolumeFiles(VolumeName.parse(base).orElseThrow(), directory, directory);
    }

    private static byte[] content(VolumeFiles name, int key) {
        return ("volume " + name.name() + " key " + key + " ").repeat(key)
                .getBytes(StandardCharsets.UTF_8);
    }

    private interface Work {
        void run() throws Exception;
    }

    private Thread start(Work work) {
        return Thread.ofPlatform().start(() -> {
            try {
                work.run();
            } catch (Throwable failed) {
                failures.add(failed);
            }
        });
    }
}
