package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.net.SlowClients;
import dev.kelpfs.testkit.net.SlowWay;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.ProcessPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What five thousand slow clients cost a server: heap, memory for buffers and resident memory at their most, and how long
 * another client waits meanwhile for a read of 100 KB. Each way of being slow meets a server of its own.
 */
public final class SlowHarness {
    private static final int CLIENTS = 5000;
    private static final Duration PER_WAY = Duration.ofSeconds(15);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final String HOST = "127.0.0.1";
    private static final double MIB = 1 << 20;

    private final Ticker ticker = Ticker.system();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path weed;
    private final Table table = new Table(CLIENTS + " clients", "heap MiB", "buffers MiB", "resident MiB", "read, most ms", "cut off");

    private SlowHarness(Path weed) {
        this.weed = weed;
    }

    /** @param args the launcher, as {@code -weed=<path>} */
    public static void main(String[] args) throws Exception {
        if (args.length != 1 || !args[0].startsWith("-weed=")) {
            System.err.println("usage: bench slow");
            System.exit(2);
        }
        SlowHarness harness = new SlowHarness(Path.of(args[0].substring("-weed=".length())).toAbsolutePath());
        for (SlowWay way : SlowWay.values()) harness.measure(way);
        System.out.println("\n" + harness.table.render());
        System.exit(0);
    }

    private void measure(SlowWay way) throws Exception {
        System.out.println(way);
        try (TestDirectory directory = TestDirectory.create("bench-slow"); HttpFiles files = new HttpFiles();
                PortPair master = PortPair.reserve(); PortPair volume = PortPair.reserve(); PortPair metrics = PortPair.reserve();
                ManagedProcess server = ManagedProcess.start(ProcessPlan.of("server", directory.path(), List.of(weed.toString(), "server",
                        "-ip=" + HOST, "-dir=" + directory.resolve("data"), "-master.port=" + master.http(),
                        "-volume.port=" + volume.http(), "-metricsPort=" + metrics.http())))) {
            InetSocketAddress at = new InetSocketAddress(HOST, master.http());
            server.awaitUntil("a file id can be had", START_LIMIT, () -> {
                files.assign(at, 1);
                return true;
            });
            Seed seed = Seed.announced("bench slow");
            FileId stored = store(files, at, seed.bytes(100_000));
            FileId large = store(files, at, seed.bytes(5_000_000));
            FileId packed = files.assign(at, 1).first();
            String words = "the same words again and again ".repeat(100_000);
            http.send(HttpRequest.newBuilder(uri(volume, packed.toString())).header("Content-Type", "text/plain")
                    .PUT(HttpRequest.BodyPublishers.ofString(words, StandardCharsets.US_ASCII)).build(),
                    HttpResponse.BodyHandlers.discarding());
            FileId free = files.assign(at, CLIENTS + 1).first();
            try (SlowClients slow = SlowClients.open(new InetSocketAddress(HOST, volume.http()), CLIENTS,
                    way.opening(stored.toString(), large.toString(), packed.toString(), free.toString()), 'x')) {
                watch(way, server, uri(volume, stored.toString()), uri(metrics, "metrics"), slow);
            }
        }
    }

    private void watch(SlowWay way, ManagedProcess server, URI file, URI metrics, SlowClients slow) throws Exception {
        double heap = 0;
        double buffers = 0;
        long resident = 0;
        double waited = 0;
        for (long begun = ticker.nanos(); ticker.since(begun).compareTo(PER_WAY) < 0; ) {
            long asked = ticker.nanos();
            http.send(HttpRequest.newBuilder(file).build(), HttpResponse.BodyHandlers.discarding());
            waited = Math.max(waited, ticker.since(asked).toNanos() / 1e6);
            String figures = http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString()).body();
            heap = Math.max(heap, value(figures, "jvm_memory_used_bytes{area=\"heap\"} "));
            buffers = Math.max(buffers, value(figures, "kelp_http_buffer_bytes "));
            resident = Math.max(resident, server.status().residentBytes());
        }
        table.row(way.toString(), text(heap / MIB), text(buffers / MIB), text(resident / MIB), text(waited),
                Integer.toString(slow.ended()));
    }

    private static FileId store(HttpFiles files, InetSocketAddress master, byte[] content) throws IOException, InterruptedException {
        HttpFiles.Range place = files.assign(master, 1);
        files.store(place.url(), place.first(), content);
        return place.first();
    }

    private static URI uri(PortPair port, String path) {
        return URI.create("http://" + HOST + ":" + port.http() + "/" + path);
    }

    private static double value(String figures, String name) {
        Matcher found = Pattern.compile("^" + Pattern.quote(name) + "(\\S+)$", Pattern.MULTILINE).matcher(figures);
        if (!found.find()) throw new IllegalStateException("the server shows no " + name);
        return Double.parseDouble(found.group(1));
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }
}
