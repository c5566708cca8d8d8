package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.benchmarks.load.LoadGenerator;
import dev.kelpfs.benchmarks.load.OwnLoad;
import dev.kelpfs.benchmarks.load.Workload;
import dev.kelpfs.benchmarks.load.WrkLoad;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectory;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * What a user would otherwise pick for small files: nginx with plain files, 256 in a directory. The same load of 1 KiB files at a
 * volume server and at nginx, in turns.
 */
public final class NginxHarness {
    private static final int FILES = 20_000;
    private static final int FILE_BYTES = 1024;
    private static final int FRESH_PER_SECOND = 60_000;
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    private final HarnessOptions options;
    private final Ticker ticker = Ticker.system();
    private final Seed seed = Seed.announced("bench nginx");
    private final byte[] content = seed.bytes(FILE_BYTES);
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
    private int written;

    private NginxHarness(HarnessOptions options) {
        this.options = options;
    }

    /** @param args see {@code benchmarks/README.md} */
    public static void main(String[] args) throws Exception {
        NginxHarness harness;
        try {
            harness = new NginxHarness(HarnessOptions.parse(args));
        } catch (IllegalArgumentException wrongUse) {
            System.err.println(wrongUse.getMessage());
            System.exit(2);
            return;
        }
        Path program = Nginx.find().orElse(null);
        if (program == null) {
            System.err.println("nginx is not installed (Debian, Ubuntu: apt-get install nginx-light)");
            System.exit(2);
            return;
        }
        harness.measure(program);
        System.out.println("\n" + harness.render());
        System.exit(harness.samples.values().stream().flatMap(List::stream).anyMatch(each -> each.load().failures() > 0) ? 1 : 0);
    }

    private void measure(Path program) throws Exception {
        try (HttpFiles http = new HttpFiles(); TestDirectory directory = TestDirectory.create("bench-nginx");
                Servers servers = Servers.start(http, options.weed(), directory); Nginx nginx = new Nginx(program, directory)) {
            LoadGenerator load = options.ownLoad() ? new OwnLoad(ticker)
                    : WrkLoad.find(directory.path()).<LoadGenerator>map(wrk -> wrk).orElseGet(() -> new OwnLoad(ticker));
            TargetFiles targets = new TargetFiles(http, servers.master().address(), seed.random());
            Path stored = directory.resolve("stored");
            targets.store(stored, FILES, content);
            Path plain = directory.resolve("plain");
            writeNames(plain, FILES);
            for (String name : Files.readAllLines(plain, StandardCharsets.US_ASCII)) {
                Path file = nginx.files().resolve(name.substring(1));
                Files.createDirectories(file.getParent());
                Files.write(file, content);
            }
            Path fresh = directory.resolve("fresh");
            for (int round = 0; round <= options.rounds(); round++) {
                System.out.println(round == 0 ? "warming up" : "round " + round + " of " + options.rounds());
                Duration time = round == 0 ? WARM_UP : Duration.ofSeconds(options.seconds());
                int count = (int) (FRESH_PER_SECOND * time.toSeconds());
                run(round, "GET", Workload.get(servers.volume().address(), stored), load, time);
                run(round, "GET, nginx", Workload.get(nginx.address(), plain), load, time);
                targets.writeFresh(fresh, count);
                run(round, "PUT", put(servers.volume().address(), fresh), load, time);
                writeNames(fresh, count);
                run(round, "PUT, nginx", put(nginx.address(), fresh), load, time);
            }
        }
    }

    private Workload put(InetSocketAddress server, Path targets) {
        return new Workload(server, "PUT", targets, Workload.Order.SEQUENTIAL, List.of("Content-Type: application/octet-stream"), content);
    }

    private void run(int round, String name, Workload workload, LoadGenerator load, Duration time)
            throws IOException, InterruptedException {
        Sample sample = new Sample(load.run(workload, options.connections(), time), 0);
        if (round > 0) samples.computeIfAbsent(name, unused -> new ArrayList<>()).add(sample);
    }

    /** Names that were never used, 256 in a directory, in an order that changes the directory from one to the next. */
    private void writeNames(Path file, int count) throws IOException {
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int number = written++;
            names.add(String.format(Locale.ROOT, "/%03x/%02x/%08x", number >> 16, number >> 8 & 0xff, number));
        }
        Collections.shuffle(names, new Random(seed.value()));
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            for (String name : names) out.append(name).append('\n');
        }
    }

    private String render() {
        Table table = new Table("1 KiB", "median", "of nginx", "p50 ms", "p99 ms", "");
        samples.forEach((name, all) -> {
            double perSecond = Medians.of(all, Sample::perSecond);
            List<Sample> peer = samples.get(name + ", nginx");
            long failed = all.stream().mapToLong(sample -> sample.load().failures()).sum();
            table.row(
                    name,
                    text("%,.0f/s", perSecond),
                    peer == null ? "" : text("%.0f %%", 100 * perSecond / Medians.of(peer, Sample::perSecond)),
                    text("%.2f", Medians.of(all, Sample::p50Millis)),
                    text("%.2f", Medians.of(all, Sample::p99Millis)),
                    failed > 0 ? failed + " FAILED" : "");
        });
        return table.render();
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
