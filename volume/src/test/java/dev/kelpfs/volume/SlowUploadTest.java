package dev.kelpfs.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that announce much and send little. */
@ExtendWith(TestDirectories.class)
class SlowUploadTest {
    private static final int MIB = 1 << 20;
    private static final int COLLECTED_TOGETHER = 64 * MIB;

    private RunningServer server;

    @BeforeEach
    void start(TestDirectory directory) throws IOException {
        Limits normal = Limits.DEFAULT;
        Limits small = new Limits(
                normal.fileBytes(), 0, 0, normal.uploadWait(), normal.downloadWait(), normal.idle(), 8 * MIB, 0);
        server = RunningServer.start(directory.path(), config -> config.withLimits(small));
        server.allocate(3);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aDrippingUploadGivesItsMemoryToThoseWhoWait() throws Exception {
        byte[] file = new byte[3 * MIB];
        try (Socket slow = new Socket("127.0.0.1", server.address().httpPort())) {
            slow.getOutputStream().write(("PUT /3,0100000001 HTTP/1.1\r\nHost: x\r\nContent-Length: " + 5 * MIB + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            // Enough not to be too slow for a connection of its own for some minutes.
            slow.getOutputStream().write(new byte[MIB / 8]);
            Await.until("the memory is taken", Await.LONGEST, () -> put(file) == 503);
            server.advanceTicker(Duration.ofSeconds(15));
            CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> put(file));
            Await.until("the slow one is refused", Await.LONGEST, () -> {
                slow.getOutputStream().write('!');
                return slow.getInputStream().available() > 0;
            });
            String refusal = new String(slow.getInputStream().readNBytes(1000), StandardCharsets.US_ASCII);
            assertThat(refusal).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1").contains("in smaller pieces");
            assertThat(other.get()).isEqualTo(201);
        }
        assertThat(server.get("/3,0100000001").statusCode()).isEqualTo(404);
    }

    @Test
    void manySmallOnesThatComeSlowlyAreHeldBackAtLast() throws Exception {
        int bytes = 64 << 10;
        List<Socket> slow = new ArrayList<>();
        try {
            // What may be collected at the same time, and what the memory for larger uploads takes, and some more.
            for (int i = 0; i < COLLECTED_TOGETHER / bytes + 8 * MIB / bytes + 50; i++) {
                Socket socket = new Socket("127.0.0.1", server.address().httpPort());
                slow.add(socket);
                socket.getOutputStream().write(("PUT /3," + Integer.toHexString(i + 1) + "00000001 HTTP/1.1\r\nHost: x\r\n"
                        + "Content-Length: " + bytes + "\r\n\r\n!").getBytes(StandardCharsets.US_ASCII));
            }
            Socket last = slow.getLast();
            last.setSoTimeout((int) Await.LONGEST.toMillis());
            assertThat(new String(last.getInputStream().readNBytes(13), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 503 ");
            assertThat(server.put("/3,ffff00000001", new byte[1024]).statusCode()).as("a small one in between").isEqualTo(201);
        } finally {
            for (Socket socket : slow) socket.close();
        }
    }

    private int put(byte[] file) {
        try {
            return server.put("/3,0200000001", file).statusCode();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
