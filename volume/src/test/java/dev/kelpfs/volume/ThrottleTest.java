package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.header;
import static dev.kelpfs.volume.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.volume.heartbeat.FakeMaster;
import dev.kelpfs.volume.location.ReadMode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
            try (Socket slow = readSlowly(server)) {
                assertThat(slow.getInputStream().readAllBytes()).hasSizeGreaterThan(large.length);
            }
            HttpResponse<byte[]> after = Await.value("reads go on", LIMIT, () -> {
                HttpResponse<byte[]> response = server.get("/3,02637037d6");
                return response.statusCode() == 200 ? Optional.of(response) : Optional.empty();
            });
            assertThat(after.body()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aReadThatWouldWaitIsDoneByAnotherCopy(TestDirectory directory) throws Exception {
        ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
        RpcRuntime runtime = RpcRuntime.start(1, handlers);
        byte[] large = Seed.announced("copies").bytes(30_000_000);
        try (FakeMaster master = FakeMaster.start(runtime, 0, FakeMaster.accepting(1L << 30));
                RunningServer fetching = start(directory, "fetching", master, ReadMode.PROXY);
                RunningServer sending = start(directory, "sending", master, ReadMode.REDIRECT)) {
            fill(fetching, large);
            fill(sending, large);
            try (Socket one = readSlowly(fetching); Socket two = readSlowly(sending)) {
                try (RunningServer other = start(directory, "other", master, ReadMode.LOCAL)) {
                    fill(other, large);
                    master.everythingIsOn(other.address().http());
                    assertThat(fetching.get("/3,02637037d6").body()).containsExactly(1, 2, 3);
                    assertThat(fetching.get("/3,02637037d6", "Range", "bytes=1-1").body()).containsExactly(2);
                    HttpResponse<byte[]> sent = sending.get("/3,02637037d6?collection=c");
                    assertThat(sent.statusCode()).isEqualTo(301);
                    assertThat(header(sent, "Location"))
                            .isEqualTo("http://" + other.address().http() + "/3,02637037d6?collection=c&proxied=true");
                    assertThat(fetching.get("/3,02637037d7").statusCode()).as("no such cookie, says the other").isEqualTo(404);
                    assertThat(fetching.get("/3,09637037d6").statusCode()).as("what nobody has waits for nobody").isEqualTo(404);
                    assertThat(fetching.get("/x,01637037d6").statusCode()).isEqualTo(400);
                }
                assertThat(fetching.get("/3,02637037d6").statusCode()).as("no other copy to be had").isEqualTo(429);
                assertThat(one.getInputStream().readAllBytes()).hasSizeGreaterThan(large.length);
                assertThat(two.getInputStream().readAllBytes()).hasSizeGreaterThan(large.length);
            }
        } finally {
            runtime.close();
            handlers.shutdownNow();
        }
    }

    private static void fill(RunningServer server, byte[] large) throws Exception {
        server.allocate(3, "002", "");
        assertThat(server.put(FILE + "?type=replicate", large).statusCode()).isEqualTo(201);
        assertThat(server.put("/3,02637037d6?type=replicate", new byte[] {1, 2, 3}).statusCode()).isEqualTo(201);
    }

    private static RunningServer start(TestDirectory directory, String name, FakeMaster master, ReadMode mode) throws IOException {
        return RunningServer.start(Files.createDirectories(directory.resolve(name)), config -> config
                .withMasters(List.of(master.address())).withReadMode(mode).withLimits(limits(0, 1000)));
    }

    /** Reads the large file, but takes nothing before another read finds that it has to wait. */
    private static Socket readSlowly(RunningServer server) throws Exception {
        Socket slow = connect(server);
        slow.getOutputStream().write(("GET " + FILE + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        Await.until("another read is refused", LIMIT, () -> server.get("/3,02637037d6?proxied=true").statusCode() == 429);
        return slow;
    }

    private static Socket connect(RunningServer server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 << 10);
        socket.setSoTimeout((int) LIMIT.toMillis());
        socket.connect(new InetSocketAddress("127.0.0.1", server.address().httpPort()));
        return socket;
    }

    private static RunningServer start(TestDirectory directory, long uploads, long downloads) throws IOException {
        return RunningServer.start(directory.path(), config -> config.withLimits(limits(uploads, downloads)));
    }

    private static Limits limits(long uploads, long downloads) {
        Duration patience = Duration.ofMillis(200);
        return new Limits(Limits.DEFAULT.fileBytes(), uploads, downloads, patience, patience, LIMIT, Limits.DEFAULT.bodyMemoryBytes(), 0);
    }
}
