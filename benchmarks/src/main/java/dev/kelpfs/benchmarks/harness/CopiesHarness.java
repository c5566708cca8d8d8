package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.benchmarks.load.LoadGenerator;
import dev.kelpfs.benchmarks.load.LoadResult;
import dev.kelpfs.benchmarks.load.OwnLoad;
import dev.kelpfs.benchmarks.load.Workload;
import dev.kelpfs.benchmarks.load.WrkLoad;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Writes with one copy against writes with two, on one machine: the same two volume servers, the load at one of them, in
 * turns. The second server does nothing while one copy is written.
 */
public final class CopiesHarness {
    private static final int FILE_BYTES = 1024;
    private static final int FRESH_IDS_PER_SECOND = 60_000;
    private static final int LEAST_PERCENT = 45;
    private static final Duration WARM_UP = Duration.ofSeconds(3);

    /** What is compared. */
    private enum Copies {
        ONE("000"),
        TWO("001");

        final String replication;

        Copies(String replication) {
            this.replication = replication;
        }
    }

    private final HarnessOptions options;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final byte[] content;
    private final Map<Copies, List<Sample>> samples = new EnumMap<>(Copies.class);

    private CopiesHarness(HarnessOptions options, Ticker ticker, Seed seed) {
        this.options = options;
        this.ticker = ticker;
        this.random = seed.random();
        this.content = seed.bytes(FILE_BYTES);
        for (Copies copies : Copies.values()) samples.put(copies, new ArrayList<>());
    }

    /** @param args see {@code benchmarks/README.md} */
    public static void main(String[] args) throws Exception {
        CopiesHarness harness;
        try {
            harness = new CopiesHarness(HarnessOptions.parse(args), Ticker.system(), Seed.announced("bench copies"));
        } catch (IllegalArgumentException wrongUse) {
            System.err.println(wrongUse.getMessage());
            System.exit(2);
            return;
        }
        harness.measure();
        System.out.println("\n" + harness.render());
        System.exit(harness.failures() == 0 ? 0 : 1);
    }

    private void measure() throws IOException, InterruptedException {
        try (HttpFiles http = new HttpFiles(); TestDirectory directory = TestDirectory.create("bench-copies");
                CopyServers servers = CopyServers.start(http, options.weed(), directory)) {
            LoadGenerator load = options.ownLoad() ? new OwnLoad(ticker)
                    : WrkLoad.find(directory.path()).<LoadGenerator>map(wrk -> wrk).orElseGet(() -> new OwnLoad(ticker));
            for (int round = 0; round <= options.rounds(); round++) {
                boolean warmUp = round == 0;
                System.out.println(warmUp ? "warming up" : "round " + round + " of " + options.rounds());
                for (Copies copies : Copies.values()) {
                    Duration duration = warmUp ? WARM_UP : Duration.ofSeconds(options.seconds());
                    Path fresh = directory.resolve("fresh");
                    // Ids whose volumes have a copy on the server that gets the load.
                    String query = "&replication=" + copies.replication
                            + "&dataNode=" + HttpFiles.hostPort(servers.first().address());
                    new TargetFiles(http, servers.master().address(), query, random)
                            .writeFresh(fresh, (int) (FRESH_IDS_PER_SECOND * duration.toSeconds()));
                    Sample sample = measure(load, servers, fresh, duration);
                    if (!warmUp) samples.get(copies).add(sample);
                }
            }
        }
    }

    private Sample measure(LoadGenerator load, CopyServers servers, Path fresh, Duration duration)
            throws IOException, InterruptedException {
        Workload workload = new Workload(servers.first().address(), "POST", fresh, Workload.Order.SEQUENTIAL,
                List.of("Content-Type: application/octet-stream"), content);
        Duration before = servers.volumeProcessorTime();
        LoadResult result = load.run(workload, options.connections(), duration);
        Duration used = servers.volumeProcessorTime().minus(before);
        return new Sample(result, used.toNanos() / 1e3 / Math.max(1, result.requests()));
    }

    private long failures() {
        return samples.values().stream().flatMap(List::stream).mapToLong(sample -> sample.load().failures()).sum();
    }

    private String render() {
        Table table = new Table("POST 1 KiB, raw", "median", "of 000", "at least", "CPU µs/request", "p50 ms", "p99 ms", "");
        double one = Medians.of(samples.get(Copies.ONE), Sample::perSecond);
        for (Copies copies : Copies.values()) {
            List<Sample> all = samples.get(copies);
            double perSecond = Medians.of(all, Sample::perSecond);
            double percent = 100 * perSecond / one;
            long failed = all.stream().mapToLong(sample -> sample.load().failures()).sum();
            boolean missed = copies == Copies.TWO && percent < LEAST_PERCENT;
            table.row(
                    "replication " + copies.replication,
                    text("%,.0f/s", perSecond),
                    text("%.0f %%", percent),
                    copies == Copies.TWO ? LEAST_PERCENT + " %" : "",
                    text("%.1f", Medians.of(all, Sample::processorMicros)),
                    text("%.2f", Medians.of(all, Sample::p50Millis)),
                    text("%.2f", Medians.of(all, Sample::p99Millis)),
                    failed > 0 ? failed + " FAILED" : missed ? "MISSED" : "");
        }
        return table.render();
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
