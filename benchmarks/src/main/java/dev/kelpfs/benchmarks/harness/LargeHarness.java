package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.benchmarks.ceiling.PlainFileServer;
import dev.kelpfs.core.FileId;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.ProcessPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One file of 64 MiB: given out by a server, against plain Netty servers that copy the same bytes or have the kernel send them; taken
 * by it, against a copy of the file and one MD5 of it. In turns; everything lies in the page cache.
 */
public final class LargeHarness {
    private static final int FILE_BYTES = 64 << 20;
    private static final String HOST = "127.0.0.1";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int ROUNDS_TO_WARM_UP = 3;
    private static final double LEAST_OF_COPYING = 0.9;
    private static final double MOST_OF_COPY = 1.5;
    private static final double MIB = 1 << 20;

    private final Ticker ticker = Ticker.system();
    private final RoundsOptions options;
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> sendfile = new ArrayList<>();
    private final List<Double> copying = new ArrayList<>();
    private final List<Double> upload = new ArrayList<>();
    private final List<Double> copy = new ArrayList<>();

    private interface Work {
        void run() throws Exception;
    }

    private LargeHarness(RoundsOptions options) {
        this.options = options;
    }

    /** @param args see {@code benchmarks/README.md} */
    public static void main(String[] args) throws Exception {
        LargeHarness harness;
        try {
            harness = new LargeHarness(RoundsOptions.parse("large", args));
        } catch (IllegalArgumentException wrongUse) {
            System.err.println(wrongUse.getMessage());
            System.exit(2);
            return;
        }
        harness.measure();
        System.out.println("\n" + harness.render());
        System.exit(0);
    }

    private void measure() throws Exception {
        byte[] content = Seed.announced("bench large").bytes(FILE_BYTES);
        try (TestDirectory directory = TestDirectory.create("bench-large"); HttpFiles files = new HttpFiles();
                PortPair master = PortPair.reserve(); PortPair volume = PortPair.reserve(); PortPair plain = PortPair.reserve();
                PortPair plainCopy = PortPair.reserve()) {
            Path file = Files.write(directory.resolve("file"), content);
            try (ManagedProcess server = ManagedProcess.start(ProcessPlan.of("server", directory.path(), List.of(
                            options.weed().toString(), "server", "-ip=" + HOST, "-dir=" + directory.resolve("data"),
                            "-master.port=" + master.http(), "-volume.port=" + volume.http())));
                    ManagedProcess sender = plain(directory, plain, file, "sendfile");
                    ManagedProcess copier = plain(directory, plainCopy, file, "copy")) {
                for (ManagedProcess peer : List.of(sender, copier)) peer.awaitLine(Pattern.compile("^plain server ready on"), START_LIMIT);
                InetSocketAddress at = new InetSocketAddress(HOST, master.http());
                server.awaitUntil("a file id can be had", START_LIMIT, () -> {
                    files.assign(at, 1);
                    return true;
                });
                ByteBuffer body = ByteBuffer.allocateDirect(FILE_BYTES).put(content).flip();
                try (LargeTransfer own = new LargeTransfer(new InetSocketAddress(HOST, volume.http()));
                        LargeTransfer sent = new LargeTransfer(new InetSocketAddress(HOST, plain.http()));
                        LargeTransfer copied = new LargeTransfer(new InetSocketAddress(HOST, plainCopy.http()))) {
                    int rounds = 4 * options.rounds();
                    for (int round = -ROUNDS_TO_WARM_UP; round < rounds; round++) {
                        FileId id = files.assign(at, 1).first();
                        boolean counts = round >= 0;
                        time(counts, upload, () -> own.put("/" + id, body));
                        Path target = directory.resolve("copy");
                        time(counts, copy, () -> copy(file, target));
                        time(counts, ours, () -> expect(own.get("/" + id)));
                        time(counts, sendfile, () -> expect(sent.get("/")));
                        time(counts, copying, () -> expect(copied.get("/")));
                    }
                }
            }
        }
    }

    private static ManagedProcess plain(TestDirectory directory, PortPair port, Path file, String how) {
        return ManagedProcess.start(ProcessPlan.of(how, directory.path(), List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
                PlainFileServer.class.getName(), HOST, Integer.toString(port.http()), file.toString(), how)));
    }

    private static void copy(Path file, Path target) throws Exception {
        // As an upload does, a copy writes a file that was not there.
        Files.deleteIfExists(target);
        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        MessageDigest.getInstance("MD5").digest(Files.readAllBytes(target));
    }

    private static void expect(long bytes) throws IOException {
        if (bytes != FILE_BYTES) throw new IOException("expected " + FILE_BYTES + " bytes, got " + bytes);
    }

    private void time(boolean counts, List<Double> seconds, Work work) throws Exception {
        long begun = ticker.nanos();
        work.run();
        if (counts) seconds.add(ticker.since(begun).toNanos() / 1e9);
    }

    private String render() {
        Table table = new Table("64 MiB", "median", "least", "most", "of the peer", "asked for", "");
        double share = median(copying) / median(ours);
        double ofSendfile = median(sendfile) / median(ours);
        double times = median(upload) / median(copy);
        rate(table, "GET, Netty that copies", copying, "", "", false);
        rate(table, "GET, Netty's sendfile", sendfile, "", "", false);
        rate(table, "GET", ours, String.format(Locale.ROOT, "%.0f %%", 100 * share), "at least 90 %", share < LEAST_OF_COPYING);
        rate(table, "GET, beside sendfile", ours, String.format(Locale.ROOT, "%.0f %%", 100 * ofSendfile), "", false);
        rate(table, "copy of the file and MD5", copy, "", "", false);
        rate(table, "PUT", upload, String.format(Locale.ROOT, "%.2f times as long", times), "at most 1.5", times > MOST_OF_COPY);
        return table.render();
    }

    private static void rate(Table table, String name, List<Double> seconds, String share, String asked, boolean missed) {
        double most = seconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        double least = seconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        table.row(name, mib(median(seconds)), mib(most), mib(least), share, asked, missed ? "MISSED" : "");
    }

    private static double median(List<Double> seconds) {
        return Medians.of(seconds, Double::doubleValue);
    }

    private static String mib(double seconds) {
        return String.format(Locale.ROOT, "%,.0f MiB/s", FILE_BYTES / MIB / seconds);
    }
}
