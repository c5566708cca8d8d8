package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are sent before the answers to earlier ones have come. */
class PipeliningTest {
    private static final int REQUESTS = 3000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @ParameterizedTest(name = "nio {0}")
    @ValueSource(booleans = {false, true})
    void answersComeInOrder(boolean nio) throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger mostAtOnce = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(4);
                TestServer server = start(nio, Routes.builder()
                        .any("/loop", x -> x.reply(Reply.text(200, x.request().rawQuery())))
                        .any("/collect", x -> x.collect(10_000, body -> x.reply(Reply.text(200, x.request().rawQuery()))))
                        .any("/thread", LoopHandler.blocking(r -> {
                            mostAtOnce.accumulateAndGet(running.incrementAndGet(), Math::max);
                            running.decrementAndGet();
                            byte[] text = r.rawQuery().getBytes(StandardCharsets.US_ASCII);
                            return Reply.of(200).stream(sink -> sink.write(ByteBuffer.wrap(text)));
                        }))
                        .any("/pool", x -> x.offload(pool, () -> Reply.text(200, x.request().rawQuery()))));
                RawClient client = server.connect()) {
            RandomGenerator random = Seed.announced("PipeliningTest").random();
            String[] paths = {"/loop", "/collect", "/thread", "/pool"};
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < REQUESTS; i++) {
                String target = paths[random.nextInt(paths.length)] + "?" + i;
                String body = "b".repeat(random.nextInt(3) == 0 ? random.nextInt(9000) : 0);
                all.append(body.isEmpty() ? ExchangeTest.get(target) : ExchangeTest.post(target, body));
            }
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    client.send(all.toString());
                    // The answers to what was sent must still come.
                    client.finishSending();
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
            for (int i = 0; i < REQUESTS; i++) assertThat(client.answer().text()).isEqualTo(Integer.toString(i));
            assertThat(client.isClosedByServer()).isTrue();
            sender.join();
            assertThat(mostAtOnce).hasValue(1);
        }
    }

    @ParameterizedTest(name = "nio {0}")
    @ValueSource(booleans = {false, true})
    void nothingIsDecodedAheadOfABusyHandler(boolean nio) throws Exception {
        AtomicInteger begun = new AtomicInteger();
        CompletableFuture<Exchange> first = new CompletableFuture<>();
        try (TestServer server = start(nio, Routes.builder().fallback(x -> {
                    if (begun.incrementAndGet() == 1) first.complete(x);
                    else x.reply(Reply.of(204));
                }));
                RawClient client = server.connect()) {
            client.send(ExchangeTest.get("/").repeat(100));
            Exchange waiting = first.get(30, TimeUnit.SECONDS);
            // A second connection proves that the loops have had time to go on.
            assertThat(server.ask(ExchangeTest.get("/")).status()).isEqualTo(204);
            assertThat(begun).hasValue(2);
            waiting.reply(Reply.of(204));
            for (int i = 0; i < 100; i++) assertThat(client.answer().status()).isEqualTo(204);
            Await.until("all requests have run", LIMIT, () -> begun.get() == 101);
        }
    }

    private static TestServer start(boolean nio, Routes.Builder routes) throws Exception {
        return nio ? TestServer.onNio(routes) : TestServer.start(routes);
    }
}
