package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ordinary requests and their answers. */
class ExchangeTest {
    private static final List<String> SEEN = new CopyOnWriteArrayList<>();
    private static TestServer server;
    private static ExecutorService pool;

    @BeforeAll
    static void start() throws Exception {
        pool = Executors.newSingleThreadExecutor();
        Routes.Builder routes = Routes.builder()
                .get("/hello", x -> x.reply(Reply.text(200, "hello")))
                .any("/echo", x -> x.collect(100_000, body -> x.reply(Reply.of(200).body(body.retain()))))
                .any("/late", x -> x.collect(100, body -> x.offload(pool, () -> Reply.of(200).body(body.retainedSlice()))))
                .any("/later", x -> x.collect(100, body -> {
                    Thread first = Thread.currentThread();
                    x.later(() -> x.reply(Reply.of(200).body(Thread.currentThread() == first ? body.retain() : Unpooled.EMPTY_BUFFER)));
                }))
                .any("/later-bug", x -> x.later(() -> {
                    throw new HttpException(418, "short and stout");
                }))
                .any("/thread", LoopHandler.blocking(r -> Reply.text(200, Thread.currentThread().isVirtual() + " " + readAll(r))))
                .any("/head", x -> x.reply(Reply.of(200).headLength(1234)))
                .any("/empty", x -> x.reply(Reply.of(204)))
                .any("/big-header", x -> x.reply(Reply.of(200).header("Big", "b".repeat(70_000)).body("after")))
                .any("/no-stream", LoopHandler.blocking(r -> Reply.of(204).stream(sink -> sink.write(bytes("never")))))
                .any("/same", x -> x.reply(Reply.of(304).header("ETag", "\"1\"")))
                .any("/chunks", LoopHandler.blocking(r -> Reply.of(200).stream(sink -> {
                    sink.write(bytes("one "));
                    sink.write(bytes("two"));
                })))
                .any("/known", x -> x.reply(Reply.of(200).stream(6, sink -> sink.write(bytes("sixsix")))))
                .any("/nothing", LoopHandler.blocking(r -> Reply.of(200).stream(sink -> { })))
                .any("/short", LoopHandler.blocking(r -> Reply.of(200).stream(6, sink -> sink.write(bytes("six")))))
                .any("/long", LoopHandler.blocking(r -> Reply.of(200).stream(2, sink -> sink.write(bytes("six")))))
                .any("/late-failure", LoopHandler.blocking(r -> Reply.of(200).stream(sink -> {
                    sink.write(bytes("one "));
                    throw new IOException("the disk broke");
                })))
                .any("/early-failure", x -> x.reply(Reply.of(200).stream(sink -> {
                    throw new IOException("the disk broke");
                })))
                .any("/teapot", x -> {
                    throw new HttpException(418, "short and stout");
                })
                .any("/bug", LoopHandler.blocking(r -> {
                    throw new IllegalStateException("secret");
                }))
                .any("/busy", x -> x.offload(work -> {
                    throw new RejectedExecutionException("full");
                }, () -> Reply.of(200)))
                .any("/twice", x -> {
                    x.reply(Reply.text(200, "once"));
                    try {
                        x.reply(Reply.text(200, "twice"));
                    } catch (IllegalStateException refused) {
                        SEEN.add("refused");
                    }
                })
                .any("/unread", x -> x.reply(Reply.text(200, "did not look")))
                .any("/inject", x -> x.reply(Reply.of(200).header("A", "b\r\nInjected: yes\u0000").header("B", "ä\u0141")))
                .get("/target", x -> x.reply(Reply.text(200, x.request().path() + " " + x.request().rawQuery())))
                .fallback(x -> x.reply(Reply.text(200, x.request().path() + " " + x.request().parameter("q").orElse("-"))));
        server = TestServer.start(routes, options -> options.withErrors(ErrorReplies.json()).withObserver(new ExchangeObserver() {
            @Override
            public void replying(Request request, Reply reply) {
                reply.header("Server", "test");
            }

            @Override
            public void completed(Request request, int status, long nanos) {
                SEEN.add(request.method() + " " + request.rawPath() + " " + status);
            }
        }));
    }

    @AfterAll
    static void stop() {
        server.close();
        pool.shutdownNow();
    }

    @AfterEach
    void forget() {
        SEEN.clear();
    }

    @Test
    void smallAnswerHasItsHeaders() throws Exception {
        RawClient.Answer answer = server.ask(get("/hello"));
        assertThat(answer.text()).isEqualTo("hello");
        assertThat(answer.headers()).contains("Content-Type: text/plain; charset=utf-8", "Content-Length: 5", "Server: test");
        assertThat(HttpDates.parse(answer.header("Date"))).isPresent();
        assertThat(answer.header("Connection")).isEmpty();
        assertThat(SEEN).containsExactly("GET /hello 200");
    }

    @Test
    void bodyIsCollected() throws Exception {
        assertThat(server.ask(post("/echo", "abc")).text()).isEqualTo("abc");
        assertThat(server.ask(post("/echo", "a".repeat(99_000))).text()).isEqualTo("a".repeat(99_000));
        assertThat(server.ask(post("/echo", "")).text()).isEmpty();
        assertThat(server.ask(get("/echo")).text()).isEmpty();
        assertThat(server.ask(chunked("/echo", "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n")).text()).isEqualTo("abcde");
    }

    @Test
    void collectedBodyLivesOnInAPool() throws Exception {
        assertThat(server.ask(post("/late", "later")).text()).isEqualTo("later");
    }

    @Test
    void workThatIsPutOffGoesOnOnTheSameLoopAndItsFailureIsAnswered() throws Exception {
        String body = "z".repeat(100);
        assertThat(server.ask(post("/later", body)).text()).isEqualTo(body);
        assertThat(server.ask(get("/later-bug")).status()).isEqualTo(418);
    }

    @Test
    void announcedTooMuchIsRefusedAtOnce() throws Exception {
        RawClient.Answer answer = server.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text()).startsWith("{\"error\":\"the body has 100001 bytes");
    }

    @Test
    void blockingHandlersReadTheBodyOnVirtualThreads() throws Exception {
        assertThat(server.ask(post("/thread", "abc")).text()).isEqualTo("true abc");
        assertThat(server.ask(get("/thread")).text()).isEqualTo("true ");
    }

    @Test
    void headGetsHeadersOnly() throws Exception {
        try (RawClient client = server.connect()) {
            for (String path : List.of("/hello", "/known", "/chunks", "/head", "/hello")) {
                client.send("HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            assertThat(client.head().header("Content-Length")).isEqualTo("5");
            assertThat(client.head().header("Content-Length")).isEqualTo("6");
            assertThat(client.head().header("Content-Length")).isEmpty();
            assertThat(client.head().header("Content-Length")).isEqualTo("1234");
            assertThat(client.head().header("Content-Length")).isEqualTo("5");
        }
    }

    @Test
    void statusesWithoutBodyHaveNoLength() throws Exception {
        try (RawClient client = server.connect()) {
            client.send(get("/empty") + get("/no-stream") + get("/same") + get("/hello"));
            assertThat(client.answer().header("Content-Length")).isEmpty();
            assertThat(client.answer().status()).isEqualTo(204);
            RawClient.Answer same = client.answer();
            assertThat(same.status()).isEqualTo(304);
            assertThat(same.header("Content-Length")).isEmpty();
            assertThat(same.header("ETag")).isEqualTo("\"1\"");
            assertThat(client.answer().text()).isEqualTo("hello");
        }
    }

    @Test
    void streamsOfUnknownLengthAreChunked() throws Exception {
        RawClient.Answer answer = server.ask(get("/chunks"));
        assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(answer.text()).isEqualTo("one two");
        assertThat(server.ask(get("/nothing")).text()).isEmpty();
    }

    @Test
    void streamsOfKnownLengthAreNot() throws Exception {
        RawClient.Answer answer = server.ask(get("/known"));
        assertThat(answer.header("Content-Length")).isEqualTo("6");
        assertThat(answer.text()).isEqualTo("sixsix");
    }

    @Test
    void oldClientsGetNoChunks() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("GET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertThat(answer.header("Transfer-Encoding")).isEmpty();
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(answer.text()).isEqualTo("one two");
        }
    }

    @Test
    void oldClientsAreKeptIfTheyAskForIt() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            assertThat(client.answer().header("Connection")).isEqualTo("keep-alive");
            client.send("GET /hello HTTP/1.0\r\n\r\n");
            assertThat(client.answer().header("Connection")).isEqualTo("close");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void wrongLengthsCutTheConnection() throws Exception {
        for (String path : List.of("/short", "/late-failure")) {
            try (RawClient client = server.connect()) {
                client.send(get(path));
                assertThatThrownBy(client::answer).as(path).isInstanceOf(IOException.class);
            }
        }
        assertThat(server.ask(get("/long")).status()).isEqualTo(500);
    }

    @Test
    void failuresBeforeTheFirstByteAreAnswered() throws Exception {
        assertThat(server.ask(get("/early-failure")).status()).isEqualTo(500);
        RawClient.Answer teapot = server.ask(get("/teapot"));
        assertThat(teapot.status()).isEqualTo(418);
        assertThat(teapot.text()).isEqualTo("{\"error\":\"short and stout\"}");
        assertThat(teapot.header("Server")).isEqualTo("test");
        RawClient.Answer bug = server.ask(get("/bug"));
        assertThat(bug.status()).isEqualTo(500);
        assertThat(bug.text()).doesNotContain("secret");
    }

    @Test
    void refusedPoolIsOverload() throws Exception {
        RawClient.Answer answer = server.ask(get("/busy"));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void secondAnswerIsRefused() throws Exception {
        try (RawClient client = server.connect()) {
            client.send(get("/twice") + get("/hello"));
            assertThat(client.answer().text()).isEqualTo("once");
            assertThat(client.answer().text()).isEqualTo("hello");
        }
        assertThat(SEEN).contains("refused");
    }

    @Test
    void unreadBodiesAreDrainedOrTheConnectionIsClosed() throws Exception {
        try (RawClient client = server.connect()) {
            client.send(post("/unread", "a".repeat(50_000)) + chunked("/unread", "3\r\nabc\r\n0\r\n\r\n") + get("/hello"));
            assertThat(client.answer().text()).isEqualTo("did not look");
            assertThat(client.answer().text()).isEqualTo("did not look");
            assertThat(client.answer().text()).isEqualTo("hello");
        }
        try (RawClient client = server.connect()) {
            client.send("POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n" + "a".repeat(1000));
            RawClient.Answer answer = client.answer();
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void clientsThatWaitAreToldToGoOn() throws Exception {
        String head = " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
        for (String path : List.of("/echo", "/thread")) {
            try (RawClient client = server.connect()) {
                client.send("POST " + path + head);
                assertThat(client.head().status()).isEqualTo(100);
                client.send("abc");
                assertThat(client.answer().text()).endsWith("abc");
            }
        }
        try (RawClient client = server.connect()) {
            client.send("POST /unread" + head);
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Connection")).isEqualTo("close");
        }
    }

    @Test
    void headersCannotBeInjected() throws Exception {
        RawClient.Answer answer = server.ask(get("/inject"));
        assertThat(answer.headers()).contains("A: b  Injected: yes ", "B: ä?");
        assertThat(answer.header("Injected")).isEmpty();
        assertThatThrownBy(() -> Reply.of(200).header("A\r\nB", "c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Reply.of(200).header("", "c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Reply.of(200).header("content-length", "5")).hasMessageContaining("server writes");
    }

    @Test
    void headersMayBeLong() throws Exception {
        for (int i = 0; i < 2; i++) {
            RawClient.Answer answer = server.ask(get("/big-header"));
            assertThat(answer.header("Big")).hasSize(70_000);
            assertThat(answer.text()).isEqualTo("after");
        }
    }

    @Test
    void targetsAreTakenApart() throws Exception {
        assertThat(server.ask(get("/target?a=%20b?c")).text()).isEqualTo("/target a=%20b?c");
        assertThat(server.ask(get("http://host:1/target?a")).text()).isEqualTo("/target a");
        assertThat(server.ask(get("/a%2Fb%C3%A4+c?q=1+2")).text()).isEqualTo("/a/b\u00c3\u00a4+c 1 2");
        assertThat(server.ask(get("http://host?q=x")).text()).isEqualTo("/ x");
        assertThat(server.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").text()).isEqualTo("* -");
    }

    @Test
    void lineEndsBetweenRequestsAreTolerated() throws Exception {
        try (RawClient client = server.connect()) {
            client.send(get("/hello") + "\r\n\r\n" + get("/hello"));
            assertThat(client.answer().text()).isEqualTo("hello");
            assertThat(client.answer().text()).isEqualTo("hello");
        }
    }

    @Test
    void repliesCanBePreparedAndThrownAway() {
        ByteBuf bytes = Unpooled.buffer(8);
        Reply reply = Reply.of(200).header("a", "1").header("A", "2").addHeader("a", "3").body(bytes);
        assertThat(reply.header("a")).contains("2");
        reply.header("a", "4").removeHeader("b").release();
        assertThat(bytes.refCnt()).isZero();
    }

    static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String chunked(String path, String chunks) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readAll(Request request) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        while (request.body().read(buffer) != BodyReader.END) { }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
    }
}
