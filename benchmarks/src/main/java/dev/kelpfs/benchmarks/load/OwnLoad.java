package dev.kelpfs.benchmarks.load;

import dev.kelpfs.core.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Our own generator: no installation needed, somewhat dearer in processor time than {@link WrkLoad}. */
public final class OwnLoad implements LoadGenerator {
    private static final int THREADS = 2;

    private final Ticker ticker;

    public OwnLoad(Ticker ticker) {
        this.ticker = ticker;
    }

    @Override
    public String describe() {
        return "own generator, " + THREADS + " threads";
    }

    @Override
    public LoadResult run(Workload workload, int connections, Duration duration) throws IOException, InterruptedException {
        Targets targets = Targets.read(workload);
        int threads = Math.min(THREADS, connections);
        List<LoadThread> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int share = connections * (i + 1) / threads - connections * i / threads;
            parts.add(new LoadThread(workload, targets.of(i, threads), share, duration.toNanos(), ticker));
        }
        LatencyHistogram latencies = new LatencyHistogram();
        long failures = 0;
        long start = ticker.nanos();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (Future<LoadThread.Count> part : executor.invokeAll(parts)) {
                LoadThread.Count count = part.get();
                latencies.add(count.latencies());
                failures += count.failures();
            }
        } catch (ExecutionException failed) {
            throw new IOException("no load on " + workload.address() + ": " + failed.getCause().getMessage(), failed.getCause());
        }
        return new LoadResult(
                latencies.count(), failures, ticker.since(start), latencies.percentile(0.5), latencies.percentile(0.99));
    }
}
