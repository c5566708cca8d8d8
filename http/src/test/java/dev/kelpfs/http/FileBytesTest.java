package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import io.netty.channel.epoll.Epoll;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Bytes of files on their way out; here of files that the kernel does not know, so that they are copied in the end. */
class FileBytesTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final byte[] CONTENT = Seed.announced("file bytes").bytes(3_000_000);
    private static final int PART = 700_000;

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();

    private final class Part implements FileBytes {
        private final int start;
        private final int count;

        Part(int start, int count) {
            this.start = start;
            this.count = count;
            made.incrementAndGet();
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public long sendTo(int socket, long from) {
            assertThat(socket).isPositive();
            return -1;
        }

        @Override
        public int read(ByteBuffer target, long from) {
            int bytes = Math.min(target.remaining(), count - (int) from);
            target.put(CONTENT, start + (int) from, bytes);
            return bytes;
        }

        @Override
        public void release() {
            released.incrementAndGet();
        }
    }

    private Routes.Builder routes() {
        return Routes.builder()
                .get("/chunked", LoopHandler.blocking(r -> Reply.of(200).stream(sink ->
                        sink.write(ByteBuffer.wrap(sink.takesFiles() ? "yes".getBytes() : "no".getBytes())))))
                .fallback(LoopHandler.blocking(r -> Reply.of(200).stream(CONTENT.length, sink -> {
                    assertThat(sink.takesFiles()).isTrue();
                    for (int at = 0; at < CONTENT.length; at += PART) {
                        sink.write(new Part(at, Math.min(PART, CONTENT.length - at)));
                    }
                })));
    }

    @Test
    void comeWholeAndAreReleased() throws Exception {
        assumeTrue(Epoll.isAvailable(), "sendfile needs Netty's epoll");
        try (TestServer server = TestServer.start(routes()); RawClient client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(ExchangeTest.get("/"));
                assertThat(Arrays.equals(client.answer().body(), CONTENT)).isTrue();
            }
            client.send(ExchangeTest.get("/chunked"));
            assertThat(client.answer().text()).as("not in chunks").isEqualTo("no");
        }
        Await.until("all are released", LIMIT, () -> made.get() == 15 && released.get() == 15);
    }

    @Test
    void areReleasedWhenTheClientLeaves() throws Exception {
        assumeTrue(Epoll.isAvailable(), "sendfile needs Netty's epoll");
        try (TestServer server = TestServer.start(routes())) {
            try (RawClient client = RawClient.connect(server.port(), 16 << 10)) {
                client.send(ExchangeTest.get("/"));
                assertThat(client.head().status()).isEqualTo(200);
                client.reset();
            }
            Await.until("all are released", LIMIT, () -> made.get() > 0 && released.get() == made.get());
        }
    }

    @Test
    void socketsOfThePortableKindTakeNone() throws Exception {
        Routes.Builder routes = Routes.builder().fallback(LoopHandler.blocking(r -> Reply.of(200).stream(1, sink ->
                sink.write(ByteBuffer.wrap(new byte[] {(byte) (sink.takesFiles() ? 'y' : 'n')})))));
        try (TestServer server = TestServer.onNio(routes)) {
            assertThat(server.ask(ExchangeTest.get("/")).text()).isEqualTo("n");
        }
    }
}
