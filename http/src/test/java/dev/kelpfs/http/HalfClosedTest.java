package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that close their side when they have asked, and still wait for what they asked for. */
class HalfClosedTest {
    private static final int PIECE_BYTES = 100_000;
    private static final int PIECES = 50;

    private static TestServer start(boolean nio, Routes.Builder routes) throws Exception {
        return nio ? TestServer.onNio(routes) : TestServer.start(routes);
    }

    @ParameterizedTest(name = "nio {0}")
    @ValueSource(booleans = {false, true})
    void getTheirAnswerHoweverLongItTakes(boolean nio) throws Exception {
        CompletableFuture<Exchange> slow = new CompletableFuture<>();
        try (TestServer server = start(nio, Routes.builder().fallback(slow::complete)); RawClient client = server.connect()) {
            client.send(ExchangeTest.get("/"));
            client.finishSending();
            Exchange exchange = slow.get(30, TimeUnit.SECONDS);
            // A second connection proves that the loops have seen the end of the first one's input.
            try (RawClient other = server.connect()) {
                other.send("GET / HTTP/1.1\r\n\r\n");
                assertThat(other.answer().status()).isEqualTo(400);
            }
            exchange.reply(Reply.text(200, "at last"));
            assertThat(client.answer().text()).isEqualTo("at last");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest(name = "nio {0}")
    @ValueSource(booleans = {false, true})
    void getLargeAnswersWhole(boolean nio) throws Exception {
        LoopHandler large = LoopHandler.blocking(request -> Reply.of(200).stream((long) PIECE_BYTES * PIECES, sink -> {
            for (int i = 0; i < PIECES; i++) sink.write(ByteBuffer.allocate(PIECE_BYTES));
        }));
        try (TestServer server = start(nio, Routes.builder().fallback(large)); RawClient client = server.connect()) {
            client.send(ExchangeTest.get("/"));
            client.finishSending();
            assertThat(client.answer().body()).hasSize(PIECE_BYTES * PIECES);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest(name = "nio {0}")
    @ValueSource(booleans = {false, true})
    void areToldApartFromThoseThatLeft(boolean nio) throws Exception {
        BlockingQueue<Exchange> slow = new LinkedBlockingQueue<>();
        try (TestServer server = start(nio, Routes.builder().fallback(slow::add));
                RawClient waiting = server.connect(); RawClient leaving = server.connect()) {
            waiting.send(ExchangeTest.get("/"));
            waiting.finishSending();
            Exchange asked = slow.take();
            leaving.send(ExchangeTest.get("/"));
            Exchange left = slow.take();
            assertThat(left.request().isAbandoned()).isFalse();
            leaving.reset();
            Await.until("it is noticed", Duration.ofSeconds(60), () -> left.request().isAbandoned());
            assertThat(asked.request().isAbandoned()).isFalse();
            left.reply(Reply.of(204));
            asked.reply(Reply.of(204));
            assertThat(waiting.answer().status()).isEqualTo(204);
        }
    }

    @ParameterizedTest(name = "nio {0}")
    @ValueSource(booleans = {false, true})
    void getNothingForHalfARequest(boolean nio) throws Exception {
        try (TestServer server = start(nio, Routes.builder().fallback(x -> x.reply(Reply.of(204))));
                RawClient client = server.connect()) {
            client.send(ExchangeTest.get("/") + "GET / HTTP/1.1\r\nHost:");
            client.finishSending();
            assertThat(client.answer().status()).isEqualTo(204);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }
}
