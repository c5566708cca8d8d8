package dev.kelpfs.benchmarks.cold;

import dev.kelpfs.benchmarks.harness.Medians;
import dev.kelpfs.benchmarks.harness.RoundsOptions;
import dev.kelpfs.benchmarks.harness.Table;
import dev.kelpfs.benchmarks.load.LoadGenerator;
import dev.kelpfs.benchmarks.load.LoadResult;
import dev.kelpfs.benchmarks.load.OwnLoad;
import dev.kelpfs.benchmarks.load.Workload;
import dev.kelpfs.benchmarks.load.WrkLoad;
import dev.kelpfs.benchmarks.storage.FilledVolumes;
import dev.kelpfs.core.FileId;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.ProcessPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files of 4 KiB in several volumes, each read once in a random order after the kernel was told to drop them, by a volume server as
 * it is and by one whose loops wait for the disk, in turns.
 */
public final class ColdHarness {
    private static final int FILES = 400_000;
    private static final int VOLUMES = 7;
    private static final int FILE_BYTES = 4096;
    private static final int CONNECTIONS = 64;
    private static final int SECONDS = 4;
    private static final double LEAST = 1.8;
    private static final String HOST = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("^cold server ready on");

    private final Ticker ticker = Ticker.system();
    private final Seed seed = Seed.announced("bench cold");
    private final Map<ColdServer.Reads, List<LoadResult>> results = new EnumMap<>(ColdServer.Reads.class);
    private final int rounds;

    private ColdHarness(int rounds) {
        this.rounds = rounds;
        for (ColdServer.Reads reads : ColdServer.Reads.values()) results.put(reads, new ArrayList<>());
    }

    /** @param args see {@code benchmarks/README.md} */
    public static void main(String[] args) throws Exception {
        ColdHarness harness;
        try {
            harness = new ColdHarness(RoundsOptions.parse("cold", args).rounds());
        } catch (IllegalArgumentException wrongUse) {
            System.err.println(wrongUse.getMessage());
            System.exit(2);
            return;
        }
        harness.measure();
        System.out.println("\n" + harness.render());
        System.exit(harness.results.values().stream().flatMap(List::stream).anyMatch(result -> result.failures() > 0) ? 1 : 0);
    }

    private void measure() throws Exception {
        try (TestDirectory directory = TestDirectory.create("bench-cold")) {
            Path data = Files.createDirectories(directory.resolve("data"));
            List<FileId> stored = FilledVolumes.fill(data, VOLUMES, FILES, seed.bytes(FILE_BYTES), ticker);
            LoadGenerator load = WrkLoad.find(directory.path()).<LoadGenerator>map(wrk -> wrk).orElseGet(() -> new OwnLoad(ticker));
            for (int round = 0; round <= rounds; round++) {
                System.out.println(round == 0 ? "warming up" : "round " + round + " of " + rounds);
                Path targets = directory.resolve("targets");
                Collections.shuffle(stored, new Random(seed.derive(round).value()));
                Files.write(targets, stored.stream().map(id -> "/" + id).toList());
                for (ColdServer.Reads reads : ColdServer.Reads.values()) {
                    LoadResult result = run(directory, data, reads, targets, load);
                    if (round > 0) results.get(reads).add(result);
                }
            }
        }
    }

    private LoadResult run(TestDirectory directory, Path data, ColdServer.Reads reads, Path targets, LoadGenerator load)
            throws Exception {
        try (PortPair ports = PortPair.reserve();
                ManagedProcess server = ManagedProcess.start(ProcessPlan.of("cold", directory.path(), List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow", "-XX:+UseParallelGC", "-Xmx512m", "-cp",
                        System.getProperty("java.class.path"), ColdServer.class.getName(), reads.name(),
                        Integer.toString(ports.http()), Integer.toString(ports.grpc()), data.toString())))) {
            server.awaitLine(READY, LIMIT);
            drop(data);
            return load.run(
                    new Workload(
                            new InetSocketAddress(HOST, ports.http()), "GET", targets, Workload.Order.SEQUENTIAL, List.of(), new byte[0]),
                    CONNECTIONS, Duration.ofSeconds(SECONDS));
        }
    }

    /** Has the kernel drop what it holds of the data files: {@code dd} says so by {@code posix_fadvise}. */
    private static void drop(Path data) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".dat")).toList()) {
                Process process = new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0", "status=none").inheritIO().start();
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                    throw new IOException("dd could not drop " + file + " from memory");
                }
            }
        }
    }

    private String render() {
        Table table = new Table("GET 4 KiB, not in memory", "median", "of inline", "at least", "p50 ms", "p99 ms", "");
        double inline = perSecond(ColdServer.Reads.INLINE);
        results.forEach((reads, all) -> {
            boolean own = reads == ColdServer.Reads.AS_IT_IS;
            double times = perSecond(reads) / inline;
            long failed = all.stream().mapToLong(LoadResult::failures).sum();
            table.row(own ? "as it is" : "inline", text("%,.0f/s", perSecond(reads)), own ? text("%.2f", times) : "", own ? "1.8" : "",
                    text("%.2f", Medians.of(all, result -> result.p50Nanos() / 1e6)),
                    text("%.2f", Medians.of(all, result -> result.p99Nanos() / 1e6)),
                    failed > 0 ? failed + " FAILED" : own && times < LEAST ? "MISSED" : "");
        });
        return table.render();
    }

    private double perSecond(ColdServer.Reads reads) {
        return Medians.of(results.get(reads), LoadResult::perSecond);
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
