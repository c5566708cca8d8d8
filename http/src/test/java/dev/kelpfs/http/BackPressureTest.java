package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is in memory between a fast side and a slow one. */
class BackPressureTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int WINDOW = 64 << 10;
    /** What the sockets of both sides may hold on top of the windows. */
    private static final long SYSTEM_BUFFERS = 16 << 20;
    private static final long BODY = 256L << 20;

    @Test
    void slowReaderStopsTheWriter() throws Exception {
        AtomicLong accepted = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(1);
        ByteBuffer piece = ByteBuffer.allocate(50_000);
        try (TestServer server = start(Routes.builder().fallback(LoopHandler.blocking(r -> Reply.of(200).stream(BODY, sink -> {
                    try {
                        while (accepted.get() < BODY) {
                            sink.write(piece.duplicate().limit((int) Math.min(piece.capacity(), BODY - accepted.get())));
                            accepted.addAndGet(Math.min(piece.capacity(), BODY - accepted.get()));
                        }
                    } finally {
                        ended.countDown();
                    }
                }))))) {
            try (RawClient client = RawClient.connect(server.port(), 64 << 10)) {
                client.send(ExchangeTest.get("/"));
                assertThat(client.head().status()).isEqualTo(200);
                long stopped = awaitStandstill(accepted);
                assertThat(stopped).isLessThan(SYSTEM_BUFFERS);
                // It goes on as far as the reader does.
                client.readFully(8 << 20);
                Await.until("the writer goes on", LIMIT, () -> accepted.get() >= 8 << 20);
                assertThat(awaitStandstill(accepted)).isLessThan((8 << 20) + SYSTEM_BUFFERS);
                client.reset();
            }
            assertThat(ended.await(30, TimeUnit.SECONDS)).as("the writer learns that its client is gone").isTrue();
            assertThat(accepted.get()).isLessThan(BODY);
        }
    }

    @Test
    void pipeliningClientThatReadsNothingIsNotServedOn() throws Exception {
        AtomicLong answered = new AtomicLong();
        byte[] body = new byte[8000];
        try (TestServer server = start(Routes.builder().fallback(x -> {
                    answered.addAndGet(body.length);
                    x.reply(Reply.of(200).body(body));
                }));
                RawClient client = RawClient.connect(server.port(), 64 << 10)) {
            int requests = 20_000;
            Thread sender = Thread.ofVirtual().start(() -> sendQuietly(client, ExchangeTest.get("/").repeat(requests)));
            long stopped = awaitStandstill(answered);
            assertThat(stopped).isPositive().isLessThan(SYSTEM_BUFFERS);
            for (int i = 0; i < requests; i++) assertThat(client.answer().body()).hasSize(body.length);
            sender.join();
        }
    }

    @Test
    void slowHandlerStopsTheSender() throws Exception {
        AtomicLong sent = new AtomicLong();
        byte[] content = new Seed(7).bytes(1 << 20);
        BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
        CountDownLatch go = new CountDownLatch(1);
        try (TestServer server = start(Routes.builder().fallback(LoopHandler.blocking(r -> {
                    requests.add(r);
                    go.await();
                    return Reply.text(200, Long.toString(check(r, content)));
                })));
                RawClient client = server.connect()) {
            Thread sender = Thread.ofVirtual().start(() -> {
                sendQuietly(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + BODY + "\r\n\r\n");
                for (long left = BODY; left > 0; left -= content.length) {
                    sendQuietly(client, content);
                    sent.addAndGet(content.length);
                }
            });
            assertThat(requests.poll(30, TimeUnit.SECONDS)).isNotNull();
            assertThat(awaitStandstill(sent)).isLessThan(SYSTEM_BUFFERS);
            go.countDown();
            RawClient.Answer answer = client.answer();
            assertThat(answer.text()).isEqualTo(Long.toString(BODY));
            sender.join();
        }
    }

    @Test
    void brokenUploadIsAFailureForItsReader() throws Exception {
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        byte[] content = new Seed(8).bytes(1 << 20);
        try (TestServer server = start(Routes.builder().fallback(LoopHandler.blocking(r -> {
                    try {
                        check(r, content);
                        ends.add("complete");
                    } catch (RequestBodyException broken) {
                        ends.add("broken");
                        throw broken;
                    }
                    return Reply.of(200);
                })))) {
            try (RawClient client = server.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
                client.send(content);
                client.finishSending();
                assertThat(client.answer().status()).isEqualTo(400);
            }
            assertThat(ends.poll(30, TimeUnit.SECONDS)).isEqualTo("broken");
            try (RawClient client = server.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n");
                client.send(Arrays.copyOf(content, 5));
                client.reset();
            }
            assertThat(ends.poll(30, TimeUnit.SECONDS)).isEqualTo("broken");
            try (RawClient client = server.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n");
                client.send(Arrays.copyOf(content, 5));
                client.send("\r\nnonsense\r\n");
                assertThat(client.answer().status()).isEqualTo(400);
            }
            assertThat(ends.poll(30, TimeUnit.SECONDS)).isEqualTo("broken");
        }
    }

    @Test
    void waitingUploadsCostNoMoreThanTheirWindows() throws Exception {
        int clients = 20;
        CountDownLatch begun = new CountDownLatch(clients);
        CountDownLatch go = new CountDownLatch(1);
        try (TestServer server = start(Routes.builder().fallback(LoopHandler.blocking(r -> {
                    begun.countDown();
                    go.await();
                    return Reply.of(200);
                })))) {
            AtomicLong sent = new AtomicLong();
            List<RawClient> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                RawClient client = server.connect();
                all.add(client);
                Thread.ofVirtual().start(() -> {
                    sendQuietly(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + BODY + "\r\n\r\n");
                    // Little enough to fit into the system's buffers: the client ends its side while we do not read.
                    for (int piece = 0; piece < 10; piece++) {
                        sendQuietly(client, new byte[100_000]);
                        sent.addAndGet(100_000);
                    }
                    try {
                        client.finishSending();
                    } catch (IOException failed) {
                        throw new UncheckedIOException(failed);
                    }
                });
            }
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            awaitStandstill(sent);
            // Pooled memory comes in chunks of 1 MiB per event loop; a window may be overrun by one receive buffer.
            assertThat(server.usedDirectBytes()).isLessThan(clients * 2L * (WINDOW + (64 << 10)) + (4 << 20));
            go.countDown();
            for (RawClient client : all) client.close();
        }
    }

    @Test
    void collectedBodyOutlivesItsClient() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (ExecutorService pool = Executors.newSingleThreadExecutor();
                TestServer server = start(Routes.builder().fallback(x -> x.collect(100, body -> x.offload(pool, () -> {
                    seen.add("begun");
                    go.await();
                    seen.add(body.toString(StandardCharsets.US_ASCII) + " " + body.refCnt());
                    return Reply.of(200);
                }))), new ExchangeObserver() {
                    @Override
                    public void completed(Request request, int status, long nanos) {
                        seen.add("status " + status);
                        go.countDown();
                    }
                })) {
            try (RawClient client = server.connect()) {
                client.send(ExchangeTest.post("/", "content"));
                assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("begun");
                client.reset();
            }
            assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("status 0");
            assertThat(seen.poll(30, TimeUnit.SECONDS)).startsWith("content ").isNotEqualTo("content 0");
        }
    }

    private static TestServer start(Routes.Builder routes, ExchangeObserver observer) throws IOException {
        return TestServer.start(routes, options -> options.withObserver(observer));
    }

    private static TestServer start(Routes.Builder routes) throws IOException {
        return TestServer.start(routes, options -> options.withLimits(HttpLimits.defaults().withWindows(WINDOW, WINDOW)));
    }

    /** Reads a body that repeats {@code content}. @return its length */
    private static long check(Request request, byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100_003);
        long total = 0;
        while (request.body().read(buffer) != BodyReader.END) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                int at = (int) (total % content.length);
                int count = Math.min(buffer.remaining(), content.length - at);
                byte[] read = new byte[count];
                buffer.get(read);
                if (!Arrays.equals(read, 0, count, content, at, at + count)) throw new AssertionError("wrong bytes at " + total);
                total += count;
            }
            buffer.clear();
        }
        return total;
    }

    /** Waits until a counter has not moved for a while. */
    private static long awaitStandstill(AtomicLong counter) throws InterruptedException {
        long[] last = {-1};
        int[] equal = {0};
        Await.until("the counter stands still", LIMIT, () -> {
            long now = counter.get();
            equal[0] = now == last[0] && now > 0 ? equal[0] + 1 : 0;
            last[0] = now;
            return equal[0] >= 8;
        });
        return last[0];
    }

    private static void sendQuietly(RawClient client, String text) {
        sendQuietly(client, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void sendQuietly(RawClient client, byte[] bytes) {
        try {
            client.send(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
