package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.net.SlowClients;
import dev.kelpfs.testkit.net.SlowWay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Five thousand clients that are as slow as can be: the others are served, and memory stays within what the server may have. */
@ExtendWith(TestDirectories.class)
class SlowClientsTest {
    private static final int CLIENTS = 5000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long MIB = 1 << 20;
    /** What the launcher allows: 512 MiB each for heap and direct memory, and the JVM itself. */
    private static final long MOST_RESIDENT_BYTES = 1400 * MIB;
    private static final long MOST_BUFFER_BYTES = 480 * MIB;
    private static final long MOST_HEAP_BYTES = 400 * MIB;
    private static final int ROUNDS = 2;
    private static final byte[] SMALL = new Seed(4).bytes(4_000);
    private static final byte[] MEDIUM = new Seed(5).bytes(100_000);

    @ParameterizedTest
    @EnumSource(SlowWay.class)
    void othersAreServedWithinBounds(SlowWay way, TestDirectory directory) throws Exception {
        assumeThat(openFiles()).as("open files that this machine allows a process (ulimit -Hn)").isGreaterThan(2 * CLIENTS);
        try (PortPair metrics = PortPair.reserve(); HttpFiles http = new HttpFiles(PATIENCE);
                WeedServer server = new WeedServer(directory, http, "-metricsPort=" + metrics.http()).start()) {
            String volume = server.volume();
            String stored = http.assign(server.master()).id().toString();
            String large = http.assign(server.master()).id().toString();
            String packed = http.assign(server.master()).id().toString();
            String free = Await.value("places", PATIENCE, () -> http.tryAssign(server.master(), "?count=" + (CLIENTS + 1)))
                    .id().toString();
            assertThat(http.post(volume + "/" + stored, "image/png", MEDIUM).status()).isEqualTo(201);
            assertThat(http.post(volume + "/" + large, "image/png", new Seed(6).bytes(5_000_000)).status()).isEqualTo(201);
            byte[] words = "the same words again and again ".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
            assertThat(http.post(volume + "/" + packed, "text/plain", words).status()).isEqualTo(201);

            String[] address = volume.split(":");
            InetSocketAddress at = new InetSocketAddress(address[0], Integer.parseInt(address[1]));
            try (SlowClients slow = SlowClients.open(at, CLIENTS, way.opening(stored, large, packed, free), 'x')) {
                Await.until("all are there", PATIENCE, () -> slow.begun() + slow.ended() >= CLIENTS);
                for (int i = 0; i < ROUNDS; i++) {
                    Answer read = http.get(volume + "/" + stored);
                    assertThat(read.status()).isEqualTo(200);
                    assertThat(read.body()).isEqualTo(MEDIUM);
                    String place = http.assign(server.master()).id().toString();
                    assertThat(http.post(volume + "/" + place, "image/png", SMALL).status()).isEqualTo(201);
                    assertThat(http.get(volume + "/" + place).body()).isEqualTo(SMALL);
                    // Others share a bounded memory with the slow ones, and are told to come again when it is taken.
                    assertThat(http.post(volume + "/" + place, "image/png", Arrays.copyOf(MEDIUM, 50_000)).status()).isIn(201, 503);
                    assertThat(http.post(volume + "/" + place, "image/png", MEDIUM).status()).isIn(201, 503);
                    bounds(way, http, server, metrics);
                }
            }
            assertThat(http.get(volume + "/" + stored).body()).isEqualTo(MEDIUM);
        }
    }

    private static long openFiles() throws IOException {
        Process process = new ProcessBuilder("sh", "-c", "ulimit -Hn").start();
        String limit = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit);
    }

    private static void bounds(SlowWay way, HttpFiles http, WeedServer server, PortPair metrics) throws IOException, InterruptedException {
        String figures = http.get("127.0.0.1:" + metrics.http() + "/metrics").text();
        long buffers = value(figures, "kelp_http_buffer_bytes ");
        long heap = value(figures, "jvm_memory_used_bytes{area=\"heap\"} ");
        long resident = server.process().status().residentBytes();
        String now = way + ": buffers " + buffers / MIB + " MiB, heap " + heap / MIB + " MiB, resident " + resident / MIB + " MiB";
        assertThat(buffers).as(now).isLessThan(MOST_BUFFER_BYTES);
        assertThat(heap).as(now).isLessThan(MOST_HEAP_BYTES);
        assertThat(resident).as(now).isLessThan(MOST_RESIDENT_BYTES);
    }

    private static long value(String figures, String name) {
        Matcher found = Pattern.compile("^" + Pattern.quote(name) + "(\\S+)$", Pattern.MULTILINE).matcher(figures);
        assertThat(found.find()).as(name).isTrue();
        return (long) Double.parseDouble(found.group(1));
    }
}
