package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens when more is under way than the limits allow. */
@ExtendWith(TestDirectories.class)
class ThrottleTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String FILE = "/3,01637037d6";

    @Test
    void holdsUploadsBackAndLetsThemGoOn(TestDirectory directory) throws Exception {
        try (RunningServer server = start(directory, 1000, 0)) {
            server.allocate(3);
            byte[] data = Seed.announced("uploads").bytes(2000);
            try (Socket slow = connect(server)) {
                OutputStream out = slow.getOutputStream();
                out.write(("PUT " + FILE + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
                // Under a key of its own: the first of these may come before the slow one is counted, and be stored.
                Await.until("another upload is refused", LIMIT, () -> server.put("/3,04637037d6", data).statusCode() == 429);
                assertThat(text(server.put("/3,02637037d6", data))).startsWith("{\"error\":");
                assertThat(server.put("/3,03637037d6?type=replicate", data).statusCode()).isEqualTo(201);
                out.write(data);
                assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)).contains(" 201 ");
            }
            assertThat(server.put("/3,02637037d6", data).statusCode()).isEqualTo(201);
            assertThat(server.get(FILE).body()).isEqualTo(data);
        }
    }

    @Test
    void holdsReadsBackAndLetsThemGoOn(TestDirectory directory) throws Exception {
        try (RunningServer server = start(directory, 0, 1000)) {
            server.allocate(3);
            byte[] large = Seed.announced("reads").bytes(30_000_000);
            server.put(FILE, large);
            server.put("/3,02637037d6", new byte[] {1, 2, 3});
            try (Socket slow = connect(server)) {
                slow.getOutputStream().write(("GET " + FILE + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
                Await.until("another read is refused", LIMIT, () -> server.get("/3,02637037d6").statusCode() == 429);
                assertThat(slow.getInputStream().readAllBytes()).hasSizeGreaterThan(large.length);
            }
            HttpResponse<byte[]> after = Await.value("reads go on", LIMIT, () -> {
                HttpResponse<byte[]> response = server.get("/3,02637037d6");
                return response.statusCode() == 200 ? Optional.of(response) : Optional.empty();
            });
            assertThat(after.body()).containsExactly(1, 2, 3);
        }
    }

    private static Socket connect(RunningServer server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 << 10);
        socket.setSoTimeout((int) LIMIT.toMillis());
        socket.connect(new InetSocketAddress("127.0.0.1", server.address().httpPort()));
        return socket;
    }

    private static RunningServer start(TestDirectory directory, long uploads, long downloads) throws IOException {
        Duration patience = Duration.ofMillis(200);
        return RunningServer.start(directory.path(), config -> config.withLimits(new Limits(
                Limits.DEFAULT.fileBytes(), uploads, downloads, patience, patience, LIMIT, Limits.DEFAULT.bodyMemoryBytes(), 0)));
    }
}
