package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What no decent client sends: an answer that says so, a closed connection, and never a second request made of the rest. */
class MalformedRequestTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                Routes.builder().fallback(x -> x.collect(1000, body -> x.reply(Reply.text(200, "took " + body.readableBytes())))),
                options -> options.withLimits(HttpLimits.defaults()
                        .withMaxUriBytes(2000).withMaxHeaders(4000, 40).withMaxBodyBytes(5000)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                bad(400, "no version", "GET /\r\nHost: x\r\n\r\n"),
                bad(400, "nonsense", "\u0001\u0002\u0003 \r\n\r\n"),
                bad(400, "no host", "GET / HTTP/1.1\r\n\r\n"),
                bad(400, "two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"),
                bad(400, "blank before colon", "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n"),
                bad(400, "header without name", "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n"),
                bad(400, "NUL in a header", "GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"),
                bad(400, "bare CR in a header", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc: d\r\n\r\n"),
                bad(400, "negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
                bad(400, "signed length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nabcde"),
                bad(400, "length no number", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5x\r\n\r\nabcde"),
                bad(400, "length list", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\nabcdef"),
                bad(400, "length beyond 63 bits",
                        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"),
                bad(400, "two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
                bad(400, "length and chunks",
                        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad(400, "chunks and length",
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
                bad(400, "unknown coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"),
                bad(400, "coding after chunked", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"),
                bad(400, "chunked twice",
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad(400, "chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad(400, "chunk size no number",
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n"),
                bad(400, "negative chunk size",
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n"),
                bad(400, "bare LF", "GET / HTTP/1.1\nHost: x\n\n"),
                bad(400, "bare LF behind a header", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n"),
                bad(400, "tab before colon", "GET / HTTP/1.1\r\nHost: x\r\nA\t: b\r\n\r\n"),
                bad(400, "absolute form without host", "GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n"),
                bad(400, "absolute form of another protocol", "GET ftp://x/a HTTP/1.1\r\nHost: x\r\n\r\n"),
                bad(400, "method no token", "G\u00e4T / HTTP/1.1\r\nHost: x\r\n\r\n"),
                bad(400, "chunk size in another notation", chunked("0x3\r\nabc\r\n0\r\n\r\n")),
                bad(400, "chunk size beyond 31 bits", chunked("ffffffffffffffff\r\nabc\r\n0\r\n\r\n")),
                bad(400, "bare LF behind a chunk size", chunked("3\nabc\r\n0\r\n\r\n")),
                bad(400, "bare LF behind a chunk extension", chunked("3;a=b\nabc\r\n0\r\n\r\n")),
                bad(400, "no line end behind a chunk", chunked("3\r\nabcdef\r\n0\r\n\r\n")),
                bad(400, "endless chunk extension", chunked("3;" + "a".repeat(100_000) + "\r\nabc\r\n0\r\n\r\n")),
                bad(400, "endless trailers", chunked("3\r\nabc\r\n0\r\n" + "A: b\r\n".repeat(5000) + "\r\n")),
                bad(505, "version 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                bad(505, "version 1.7", "GET / HTTP/1.7\r\nHost: x\r\n\r\n"),
                bad(417, "unknown expectation", "POST / HTTP/1.1\r\nHost: x\r\nExpect: more\r\nContent-Length: 1\r\n\r\na"),
                bad(400, "bad escape in the path", "GET /a%2 HTTP/1.1\r\nHost: x\r\n\r\n"),
                bad(400, "path without slash", "GET a HTTP/1.1\r\nHost: x\r\n\r\n"),
                bad(400, "CONNECT", "CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
                bad(414, "long URI", "GET /" + "a".repeat(3000) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
                bad(431, "long header", "GET / HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(5000) + "\r\n\r\n"),
                bad(431, "many headers", "GET / HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(50) + "\r\n"),
                bad(413, "large body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n"),
                bad(413, "body too large for the handler",
                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n"
                                + "a".repeat(1024) + "\r\n0\r\n\r\n"));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("requests")
    void isRefused(int status, String what, String request) throws Exception {
        try (RawClient client = server.connect()) {
            // What follows must not be taken for a request.
            client.send(request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(answer.text()).isNotBlank();
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void endlessHeadersAreCutOff() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n");
            for (int i = 0; i < 500; i++) client.send("Header-" + i + ": value\r\n");
            assertThat(client.answer().status()).isEqualTo(431);
        }
    }

    @Test
    void endlessChunksAreCutOff() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 101; i++) client.send("a\r\n0123456789\r\n");
            assertThat(client.answer().status()).isEqualTo(413);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void truncatedBodyIsNoShortBody() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
            client.finishSending();
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).contains("3 bytes of 10");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void truncatedChunksAreNoShortBody() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            client.finishSending();
            assertThat(client.answer().status()).isEqualTo(400);
        }
    }

    private static String chunked(String body) {
        return "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
    }

    private static Arguments bad(int status, String what, String request) {
        return Arguments.of(status, what, request);
    }
}
