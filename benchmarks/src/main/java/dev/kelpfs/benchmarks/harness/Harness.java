package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.benchmarks.load.LoadGenerator;
import dev.kelpfs.benchmarks.load.LoadResult;
import dev.kelpfs.benchmarks.load.OwnLoad;
import dev.kelpfs.benchmarks.load.WrkLoad;
import dev.kelpfs.benchmarks.load.Workload;
import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Measures everything in rounds and prints the table. Ends with 1 if a request failed, so that a script notices. */
public final class Harness {
    private static final int FILE_BYTES = 1024;
    private static final int FILES_TO_READ = 20_000;
    /** More than any server here can store in a second, so that no id is written twice. */
    private static final int FRESH_IDS_PER_SECOND = 120_000;
    private static final Duration SETTLE = Duration.ofSeconds(4);
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final String BOUNDARY = "kelp-bench-7f1c";

    private final HarnessOptions options;
    private final Ticker ticker;
    private final Map<Kind, List<Sample>> samples = new EnumMap<>(Kind.class);
    private final byte[] content;

    private Harness(HarnessOptions options, Ticker ticker, Seed seed) {
        this.options = options;
        this.ticker = ticker;
        this.content = seed.bytes(FILE_BYTES);
        for (Kind kind : Kind.values()) samples.put(kind, new ArrayList<>());
    }

    /** @param args see {@code benchmarks/README.md} */
    public static void main(String[] args) throws Exception {
        Seed seed = Seed.announced("bench");
        Report report;
        try {
            report = new Harness(HarnessOptions.parse(args), Ticker.system(), seed).measure();
        } catch (IllegalArgumentException wrongUse) {
            System.err.println(wrongUse.getMessage());
            System.exit(2);
            return;
        }
        System.out.println("\n" + report.render());
        System.exit(report.failures() == 0 ? 0 : 1);
    }

    private Report measure() throws IOException, InterruptedException {
        List<Duration> starts = new ArrayList<>();
        try (HttpFiles http = new HttpFiles(); TestDirectory directory = TestDirectory.create("bench")) {
            SmallFigures small = new SmallFigures(http, ticker, options.weed());
            // Not counted: the first start builds what is missing and reads everything from disk.
            small.startToFirstFile(content);
            for (int i = 0; i < options.rounds(); i++) starts.add(small.startToFirstFile(content));
            long version = small.versionPeakBytes();
            LoadGenerator load = generator(directory.path());
            try (Servers servers = Servers.start(http, options.weed(), directory)) {
                Thread.sleep(SETTLE);
                long volumeIdle = servers.volume().process().status().residentBytes();
                long masterIdle = servers.master().process().status().residentBytes();
                loadInRounds(http, servers, load, directory.path());
                Report.Memory memory = new Report.Memory(
                        volumeIdle, servers.volume().process().status().peakResidentBytes(),
                        masterIdle, servers.master().process().status().peakResidentBytes(), version);
                return new Report(title(load), samples, starts, memory);
            }
        }
    }

    private void loadInRounds(HttpFiles http, Servers servers, LoadGenerator load, Path directory)
            throws IOException, InterruptedException {
        TargetFiles files = new TargetFiles(http, servers.master().address(), new Seed(1).random());
        Path stored = directory.resolve("stored");
        files.store(stored, FILES_TO_READ, content);
        Path assign = Files.writeString(directory.resolve("assign"), "/dir/assign\n");
        for (int round = 0; round <= options.rounds(); round++) {
            boolean warmUp = round == 0;
            Duration duration = warmUp ? WARM_UP : Duration.ofSeconds(options.seconds());
            System.out.println(warmUp ? "warming up" : "round " + round + " of " + options.rounds());
            for (Kind kind : Kind.values()) {
                Servers.Process server = switch (kind) {
                    case CEILING -> servers.ceiling();
                    case GET, RAW_POST, MULTIPART_POST -> servers.volume();
                    case ASSIGN -> servers.master();
                };
                Workload workload = switch (kind) {
                    case CEILING, GET -> Workload.get(server.address(), stored);
                    case ASSIGN -> Workload.get(server.address(), assign);
                    case RAW_POST -> post(server, fresh(files, directory, duration), "application/octet-stream", content);
                    case MULTIPART_POST -> post(server, fresh(files, directory, duration),
                            "multipart/form-data; boundary=" + BOUNDARY, multipart());
                };
                Sample sample = measure(load, workload, server, duration);
                if (!warmUp) samples.get(kind).add(sample);
            }
        }
    }

    private Sample measure(LoadGenerator load, Workload workload, Servers.Process server, Duration duration)
            throws IOException, InterruptedException {
        Duration before = server.process().status().processorTime();
        LoadResult result = load.run(workload, options.connections(), duration);
        Duration used = server.process().status().processorTime().minus(before);
        return new Sample(result, used.toNanos() / 1e3 / Math.max(1, result.requests()));
    }

    private static Path fresh(TargetFiles files, Path directory, Duration duration) throws IOException, InterruptedException {
        Path file = directory.resolve("fresh");
        long ids = FRESH_IDS_PER_SECOND * duration.toSeconds();
        files.writeFresh(file, (int) ids);
        BackedMemory.claim(ids * 2 * FILE_BYTES);
        return file;
    }

    private static Workload post(Servers.Process server, Path targets, String type, byte[] body) {
        return new Workload(
                server.address(), "POST", targets, Workload.Order.SEQUENTIAL, List.of("Content-Type: " + type), body);
    }

    private byte[] multipart() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.bin\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(content);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    private LoadGenerator generator(Path directory) throws InterruptedException {
        if (options.ownLoad()) return new OwnLoad(ticker);
        return WrkLoad.find(directory).<LoadGenerator>map(wrk -> wrk).orElseGet(() -> new OwnLoad(ticker));
    }

    private String title(LoadGenerator load) {
        return "Kelp " + KelpVersion.RELEASE + ", JDK " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors()
                + " cores shared by server and load; " + load.describe() + ", " + options.connections()
                + " keep-alive connections; medians of " + options.rounds() + " rounds of " + options.seconds() + " s";
    }
}
