package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that let the server wait. */
class TimeoutsTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(50);

    @Test
    void idleConnectionIsClosedWithoutAWord() throws Exception {
        try (TestServer server = start(HttpTimeouts.defaults().withIdle(SHORT)); RawClient client = server.connect()) {
            client.send(ExchangeTest.get("/"));
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void slowHeadIsAnsweredAndClosed() throws Exception {
        try (TestServer server = start(HttpTimeouts.defaults().withHead(SHORT)); RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHo");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void headThatDripsIsNoExcuse() throws Exception {
        try (TestServer server = start(HttpTimeouts.defaults().withHead(SHORT)); RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n");
            Await.until("the server has had enough", Duration.ofSeconds(30), () -> {
                client.send("A: b\r\n");
                return client.isAnswerThere();
            });
            assertThat(client.answer().status()).isEqualTo(408);
        }
    }

    @Test
    void silentBodyIsAnsweredAndClosed() throws Exception {
        try (TestServer server = start(HttpTimeouts.defaults().withBody(SHORT, 0))) {
            for (String path : new String[] {"/collect", "/stream"}) {
                try (RawClient client = server.connect()) {
                    client.send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
                    assertThat(client.answer().status()).isEqualTo(408);
                    assertThat(client.readToEnd()).isEmpty();
                }
            }
        }
    }

    @Test
    void drippingBodyIsTooSlow() throws Exception {
        try (TestServer server = start(HttpTimeouts.defaults().withBody(SHORT, 1_000_000)); RawClient client = server.connect()) {
            client.send("POST /collect HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc");
            Await.until("the server has had enough", Duration.ofSeconds(30), () -> {
                client.send("a");
                return client.isAnswerThere();
            });
            assertThat(client.answer().status()).isEqualTo(408);
        }
    }

    @Test
    void slowHandlersAreNobodysFault() throws Exception {
        CompletableFuture<Exchange> waiting = new CompletableFuture<>();
        HttpTimeouts impatient = HttpTimeouts.defaults().withIdle(SHORT).withHead(SHORT).withBody(SHORT, 1_000_000);
        try (TestServer server = TestServer.start(
                        Routes.builder().get("/slow", waiting::complete).fallback(x -> x.reply(Reply.of(204))),
                        options -> options.withTimeouts(impatient.withDrain(Duration.ZERO)));
                RawClient client = server.connect();
                RawClient idle = server.connect()) {
            client.send(ExchangeTest.get("/slow"));
            Exchange exchange = waiting.get(30, TimeUnit.SECONDS);
            idle.send(ExchangeTest.get("/"));
            assertThat(idle.answer().status()).isEqualTo(204);
            // When an idle connection that came later is gone, the busy one had its chance to be closed too.
            assertThat(idle.readToEnd()).isEmpty();
            exchange.reply(Reply.text(200, "at last"));
            assertThat(client.answer().text()).isEqualTo("at last");
        }
    }

    @Test
    void clientThatTakesNothingIsCutOff() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        HttpTimeouts impatient = HttpTimeouts.defaults().withIdle(SHORT);
        try (TestServer server = TestServer.start(
                        Routes.builder().fallback(LoopHandler.blocking(r -> Reply.of(200).stream(sink -> {
                            try {
                                while (true) sink.write(ByteBuffer.allocate(100_000));
                            } catch (IOException gone) {
                                cut.countDown();
                                throw gone;
                            }
                        }))),
                        options -> options.withTimeouts(impatient));
                RawClient client = server.connect()) {
            client.send(ExchangeTest.get("/"));
            assertThat(cut.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void answerIsSeenByAClientThatKeepsSending() throws Exception {
        try (TestServer server = start(HttpTimeouts.defaults().withLinger(SHORT)); RawClient client = server.connect()) {
            client.send("POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
            for (int i = 0; i < 100; i++) client.send(new byte[10_000]);
            assertThat(client.answer().status()).isEqualTo(403);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    private static TestServer start(HttpTimeouts timeouts) throws IOException {
        return TestServer.start(
                Routes.builder()
                        .any("/collect", x -> x.collect(1_000_000, body -> x.reply(Reply.of(200))))
                        .any("/stream", LoopHandler.blocking(r -> {
                            r.body().read(ByteBuffer.allocate(10));
                            r.body().read(ByteBuffer.allocate(10));
                            return Reply.of(200);
                        }))
                        .any("/refuse", x -> x.reply(Reply.error(403, "no")))
                        .fallback(x -> x.reply(Reply.text(200, "hello"))),
                options -> options.withTimeouts(timeouts.withDrain(Duration.ZERO)));
    }
}
