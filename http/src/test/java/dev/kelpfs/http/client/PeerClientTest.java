package dev.kelpfs.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.BodyReader;
import dev.kelpfs.http.HttpRuntime;
import dev.kelpfs.http.HttpServer;
import dev.kelpfs.http.HttpServerOptions;
import dev.kelpfs.http.HttpTimeouts;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.Routes;
import dev.kelpfs.testkit.Seed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Exchanges with peers that behave, and with peers that do not. */
class PeerClientTest {
    private static final int LIMIT_SECONDS = 60;
    private static final int MIB = 1 << 20;

    private final HttpRuntime runtime = HttpRuntime.start(2, InstantSource.system(), Ticker.system());
    private final PeerClient client = new PeerClient(runtime, Ticker.system());
    private final Set<Integer> connections = ConcurrentHashMap.newKeySet();

    @AfterEach
    void stop() {
        client.close();
        runtime.close();
    }

    private HttpServer server(Routes.Builder routes, Duration idle) throws IOException {
        return HttpServer.start(runtime, HttpServerOptions.on(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .withTimeouts(HttpTimeouts.defaults().withIdle(idle).withDrain(Duration.ofMillis(200))), routes.build());
    }

    /** Answers with what it was sent, and remembers the connections that it saw. */
    private HttpServer echo() throws IOException {
        return server(Routes.builder().fallback(LoopHandler.blocking(request -> {
            connections.add(request.remoteAddress().getPort());
            byte[] body = readAll(request.body());
            return Reply.of(201).header("X-Sent", request.header("X-Sent").orElse("")).body(body);
        })), Duration.ofSeconds(30));
    }

    private static byte[] readAll(BodyReader body) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(100_000);
        while (body.read(piece) >= 0) {
            all.write(piece.array(), 0, piece.position());
            piece.clear();
        }
        return all.toByteArray();
    }

    private static PeerRequest to(int port, HttpMethod method, String target) {
        return PeerRequest.of(method, "127.0.0.1:" + port, target);
    }

    private static PeerRequest with(PeerRequest request, List<ByteBuf> body) {
        return new PeerRequest(request.method(), request.peer(), request.target(), request.headers(), body, request.patience());
    }

    private PeerOutcome send(PeerRequest request) throws Exception {
        CompletableFuture<PeerOutcome> outcome = new CompletableFuture<>();
        client.send(request, outcome::complete);
        return outcome.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void manyExchangesShareFewConnections() throws Exception {
        try (HttpServer server = echo()) {
            for (int i = 0; i < 50; i++) {
                ByteBuf body = Unpooled.copiedBuffer("number " + i, StandardCharsets.US_ASCII);
                PeerOutcome outcome = send(with(to(server.port(), HttpMethod.POST, "/a?b=c").header("X-Sent", "v" + i), List.of(body)));
                assertThat(outcome).isInstanceOfSatisfying(PeerOutcome.Answered.class, answer -> {
                    assertThat(answer.status()).isEqualTo(201);
                    assertThat(answer.headers().get("x-sent")).startsWith("v");
                    assertThat(answer.text()).startsWith("number ");
                });
                assertThat(body.refCnt()).as("the caller's buffer").isEqualTo(1);
                assertThat(body.readableBytes()).isEqualTo(("number " + i).length());
                body.release();
            }
            assertThat(connections).as("one for each event loop at most").hasSizeBetween(1, 2);
        }
    }

    @Test
    void aLargeBodyInManyPiecesArrivesWhole() throws Exception {
        byte[] content = new Seed(1).bytes(20 * MIB);
        List<ByteBuf> pieces = new ArrayList<>();
        for (int at = 0; at < content.length; at += MIB) pieces.add(Unpooled.wrappedBuffer(content, at, MIB));
        try (HttpServer server = echo();
                PeerAnswer answer = client.open(with(to(server.port(), HttpMethod.POST, "/x"), pieces))) {
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.contentLength()).isEqualTo(content.length);
            assertThat(readAll(answer.body())).isEqualTo(content);
        }
    }

    @Test
    void aReaderThatIsBehindHoldsTheSenderBack() throws Exception {
        byte[] content = new Seed(2).bytes(MIB);
        List<Integer> written = Collections.synchronizedList(new ArrayList<>());
        HttpServer server = server(Routes.builder().fallback(LoopHandler.blocking(_ -> Reply.of(200).stream(sink -> {
            for (int i = 0; i < 64; i++) {
                sink.write(ByteBuffer.wrap(content));
                written.add(i);
            }
        }))), Duration.ofSeconds(30));
        try (server; PeerAnswer answer = client.open(to(server.port(), HttpMethod.GET, "/x"))) {
            assertThat(answer.contentLength()).isEqualTo(PeerAnswer.UNKNOWN_LENGTH);
            ByteBuffer first = ByteBuffer.allocate(100);
            answer.body().read(first);
            assertThat(written).as("mebibytes sent while nobody reads").hasSizeLessThan(32);
            byte[] rest = readAll(answer.body());
            assertThat((long) first.position() + rest.length).isEqualTo(64L * MIB);
        }
    }

    @Test
    void aKeptConnectionThatThePeerClosedIsReplaced() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                // Says that it keeps the connection, and closes it when the next request comes.
                for (int i = 0; i < 2; i++) {
                    try (Socket socket = listener.accept()) {
                        readHead(socket);
                        socket.getOutputStream().write(
                                ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + i).getBytes(StandardCharsets.US_ASCII));
                        if (i == 0) readHead(socket);
                    } catch (IOException gone) {
                        return;
                    }
                }
            });
            PeerRequest request = to(listener.getLocalPort(), HttpMethod.GET, "/x");
            CompletableFuture<String> texts = new CompletableFuture<>();
            // From one event loop, so that the connection is the same.
            client.send(request, first -> client.send(request, second -> texts.complete(text(first) + text(second))));
            assertThat(texts.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("01");
        }
    }

    private static String text(PeerOutcome outcome) {
        return outcome instanceof PeerOutcome.Answered answer ? answer.text() : outcome.toString();
    }

    private static void readHead(Socket socket) throws IOException {
        int ends = 0;
        while (ends < 2) {
            int b = socket.getInputStream().read();
            if (b < 0) throw new IOException("closed");
            if (b == '\n') ends++;
            else if (b != '\r') ends = 0;
        }
    }

    @Test
    void aSilentPeerIsGivenUpAndNamed() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            PeerRequest request = to(silent.getLocalPort(), HttpMethod.GET, "/x").withPatience(Duration.ofMillis(300));
            assertThat(send(request)).isInstanceOfSatisfying(PeerOutcome.Failed.class, failed -> {
                assertThat(failed.kind()).isEqualTo(PeerFailure.TIMEOUT);
                assertThat(failed.reason()).contains("127.0.0.1:" + silent.getLocalPort()).contains("did not answer");
            });
            ByteBuf large = Unpooled.wrappedBuffer(new byte[32 * MIB]);
            assertThat(send(with(request, List.of(large)))).isInstanceOfSatisfying(
                    PeerOutcome.Failed.class, failed -> assertThat(failed.reason()).contains("took no data"));
            assertThat(large.refCnt()).isEqualTo(1);
        }
    }

    @Test
    void nobodyListensOrTheNameIsUnknown() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        for (String peer : List.of("127.0.0.1:" + port, "no.such.name.invalid:80", "nonsense", "127.0.0.1:99999")) {
            assertThat(send(PeerRequest.of(HttpMethod.GET, peer, "/"))).isInstanceOfSatisfying(PeerOutcome.Failed.class, failed -> {
                assertThat(failed.kind()).isEqualTo(PeerFailure.REFUSED);
                assertThat(failed.reason()).contains(peer);
            });
        }
    }

    @Test
    void aNameIsLookedUp() throws Exception {
        try (HttpServer server = echo()) {
            assertThat(send(PeerRequest.of(HttpMethod.GET, "localhost:" + server.port(), "/x")))
                    .isInstanceOf(PeerOutcome.Answered.class);
        }
    }

    @Test
    void anAnswerThatBreaksOffIsNeverJustShort() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = listener.accept()) {
                    readHead(socket);
                    socket.getOutputStream().write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException gone) {
                    assertThat(gone).hasMessage("closed");
                }
            });
            try (PeerAnswer answer = client.open(to(listener.getLocalPort(), HttpMethod.GET, "/x"))) {
                assertThatThrownBy(() -> readAll(answer.body())).isInstanceOf(PeerException.class).hasMessageContaining("closed");
            }
        }
    }

    @Test
    void whatIsNoHttpIsRefused() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = listener.accept()) {
                    readHead(socket);
                    socket.getOutputStream().write("hello there, stranger\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException gone) {
                    assertThat(gone).hasMessage("closed");
                }
            });
            assertThat(send(to(listener.getLocalPort(), HttpMethod.GET, "/x"))).isInstanceOfSatisfying(
                    PeerOutcome.Failed.class, failed -> assertThat(failed.reason()).contains("no proper HTTP answer"));
        }
    }

    @Test
    void aCollectedAnswerHasABound() throws Exception {
        try (HttpServer server = server(Routes.builder()
                .fallback(LoopHandler.blocking(_ -> Reply.of(200).body(new byte[MIB]))), Duration.ofSeconds(30))) {
            assertThat(send(to(server.port(), HttpMethod.GET, "/x"))).isInstanceOfSatisfying(
                    PeerOutcome.Failed.class, failed -> assertThat(failed.reason()).contains("longer than"));
        }
    }

    @Test
    void nobodyCanInjectAHeaderOrARequest() throws Exception {
        CompletableFuture<Request> seen = new CompletableFuture<>();
        try (HttpServer server = server(Routes.builder().fallback(exchange -> {
            seen.complete(exchange.request());
            exchange.reply(Reply.of(200));
        }), Duration.ofSeconds(30))) {
            send(to(server.port(), HttpMethod.GET, "/x").header("X-A", "b\r\nX-C: d"));
            assertThat(seen.get().headers().get("X-A")).isEqualTo("b  X-C: d");
            assertThat(seen.get().headers().contains("X-C")).isFalse();
        }
        assertThatThrownBy(() -> PeerRequest.of(HttpMethod.GET, "a:1", "/x HTTP/1.1\r\n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PeerRequest.of(HttpMethod.GET, "a:1", "/x").header("A: b", "c"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void moreThanThePoolHoldsWaitAndAreServed() throws Exception {
        try (HttpServer server = echo()) {
            List<CompletableFuture<PeerOutcome>> all = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                CompletableFuture<PeerOutcome> outcome = new CompletableFuture<>();
                client.send(to(server.port(), HttpMethod.GET, "/x"), outcome::complete);
                all.add(outcome);
            }
            for (CompletableFuture<PeerOutcome> one : all) {
                assertThat(one.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(PeerOutcome.Answered.class);
            }
            assertThat(connections).as("connections of two event loops").hasSizeLessThanOrEqualTo(128);
        }
    }
}
