package dev.kelpfs.benchmarks.storage;

import dev.kelpfs.benchmarks.disks.PassingDisk;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Writes that wait for their sync: by one writer a volume, which gets a sync for each, and by many, which share them. */
final class DurableWrites {
    private static final int DATA_BYTES = 1024;

    private final Path parent;
    private final Ticker ticker;
    private final AtomicLong keys = new AtomicLong();

    DurableWrites(Path parent, Ticker ticker) {
        this.parent = parent;
        this.ticker = ticker;
    }

    /**
     * What was seen in one run.
     *
     * @param perSecond durable writes
     * @param writesPerSync how many shared a sync, on average
     * @param syncMillis what a sync took, on average
     */
    record Rate(double perSecond, double writesPerSync, double syncMillis) {}

    /** Lets the writers write to the volumes in turn for a while. */
    Rate measure(int writers, int volumes, Duration delay, Duration duration) throws IOException, InterruptedException {
        SyncTimer timer = new SyncTimer(ticker, delay);
        Path directory = Files.createTempDirectory(parent, "writes-");
        PassingDisk disk = new PassingDisk(RealDisk.create(), file -> new SlowSyncFile(file, timer));
        try (OpenedStore store = OpenedStore.open(disk, directory, ticker);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Volume> all = new ArrayList<>();
            for (int i = 1; i <= volumes; i++) all.add(store.create(i));
            run(threads, writers, all, duration.dividedBy(4));
            timer.forget();
            long start = ticker.nanos();
            long writes = run(threads, writers, all, duration);
            double seconds = ticker.since(start).toNanos() / 1e9;
            return new Rate(writes / seconds, (double) writes / Math.max(1, timer.syncs()), timer.meanMillis());
        }
    }

    private long run(ExecutorService threads, int writers, List<Volume> volumes, Duration duration)
            throws IOException, InterruptedException {
        long start = ticker.nanos();
        List<Future<Long>> running = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            Volume volume = volumes.get(i % volumes.size());
            running.add(threads.submit(() -> {
                ByteBuffer data = ByteBuffer.allocateDirect(DATA_BYTES);
                long done = 0;
                for (; ticker.since(start).compareTo(duration) < 0; done++) {
                    long key = keys.incrementAndGet();
                    AppendResult result =
                            volume.append(OpenedStore.draft(key, data.putLong(0, key)), Durability.POWER_LOSS);
                    if (!(result instanceof AppendResult.Stored)) throw new IOException("a write ended in " + result);
                }
                return done;
            }));
        }
        long writes = 0;
        for (Future<Long> writer : running) {
            try {
                writes += writer.get();
            } catch (ExecutionException failed) {
                throw new IOException("a writer failed", failed.getCause());
            }
        }
        return writes;
    }
}
