package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uploads through the master; a bare HTTP server stands where the volume server's would. */
class SubmitTest {
    private record Stored(String target, String pair, String body) {}

    private final BlockingQueue<Stored> stored = new LinkedBlockingQueue<>();
    private HttpServer files;
    private MasterHarness harness;
    private volatile int status = 201;
    private volatile String answer = "{\"name\":\"n\",\"size\":5,\"eTag\":\"12ab34cd\"}";

    @BeforeEach
    void start() throws Exception {
        files = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        files.createContext("/", this::store);
        files.start();
        harness = new MasterHarness();
        FakeVolumeServer server = harness.server("a", "dc1", "r1", 20);
        server.listensForHttpOn(files.getAddress().getPort());
        server.join(harness.address());
    }

    @AfterEach
    void stop() {
        harness.close();
        files.stop(0);
    }

    @Test
    void theFileOfAFormGoesToAVolumeServerAndItsAnswerComesBack() throws Exception {
        HttpResponse<String> submitted = submit("/submit?ts=1700000000", "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nignored\r\n"
                        + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"dir/h\u00e9llo \\\"1\\\".txt\"\r\n"
                        + "Content-Type: text/x-poem\r\n\r\nh\u00e4llo\r\n--x--\r\n");
        assertThat(submitted.statusCode()).as(submitted.body()).isEqualTo(201);
        Stored file = stored.take();
        String fid = file.target.substring(1, file.target.indexOf('?'));
        assertThat(file.target).endsWith("?ts=1700000000");
        assertThat(submitted.body()).isEqualTo("{\"fileName\":\"h\u00e9llo \\\"1\\\".txt\",\"fid\":\"" + fid + "\",\"fileUrl\":\"127.0.0.1:"
                + files.getAddress().getPort() + "/" + fid + "\",\"size\":5,\"eTag\":\"12ab34cd\"}");
        assertThat(file.body).contains("filename=\"h\u00e9llo \\\"1\\\".txt\"").contains("Content-Type: text/x-poem")
                .contains("\r\n\r\nh\u00e4llo\r\n--").doesNotContain("ignored");
    }

    @Test
    void aBodyThatIsNoFormIsTheFileItself() throws Exception {
        HttpResponse<String> submitted = harness.send(HttpRequest.newBuilder(harness.uri("/submit"))
                .header("Content-Type", "image/png").header("Content-MD5", "abc").header("Seaweed-Mood", "calm")
                .POST(BodyPublishers.ofString("hello")));
        assertThat(submitted.body()).startsWith("{\"fileName\":\"submit\",");
        Stored file = stored.take();
        assertThat(file.body).contains("filename=\"submit\"").contains("Content-Type: image/png").contains("Content-MD5: abc");
        assertThat(file.pair).isEqualTo("calm");
    }

    @Test
    void aFormWithoutAFileNameSubmitsItsFirstPart() throws Exception {
        submit("/submit", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n"
                + "--x\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\ntwo\r\n--x--\r\n");
        assertThat(stored.take().body).contains("\r\n\r\none\r\n").doesNotContain("two").doesNotContain("filename");
    }

    @Test
    void whatHoldsNoFileIsRefusedAndNothingIsStored() throws Exception {
        assertThat(submit("/submit", "application/x-www-form-urlencoded", "a=b").body()).contains("holds no file");
        assertThat(submit("/submit", "multipart/form-data", "x").statusCode()).isEqualTo(400);
        assertThat(submit("/submit", "multipart/form-data; boundary=x", "--x--\r\n").body()).contains("has no part");
        HttpResponse<String> untyped = harness.send(HttpRequest.newBuilder(harness.uri("/submit")).POST(BodyPublishers.ofString("x")));
        assertThat(untyped.statusCode()).isEqualTo(400);
        assertThat(untyped.body()).isEqualTo("{\"error\":\"request Content-Type isn't multipart/form-data\"}");
        HttpResponse<String> unreadable = submit("/submit?replication=abc", "text/plain", "x");
        assertThat(unreadable.statusCode()).isEqualTo(500);
        assertThat(unreadable.body()).contains("rpc error: code = Unknown desc = unexpected replication type: abc");
        assertThat(stored).isEmpty();
    }

    @Test
    void aFileThatEndsTooEarlyIsNotStoredAsIfItWereWhole() throws Exception {
        HttpResponse<String> torn = submit("/submit", "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf of it");
        assertThat(torn.statusCode()).as(torn.body()).isEqualTo(400);
        Stored attempt = stored.poll();
        if (attempt != null) assertThat(attempt.body).doesNotEndWith("--\r\n");
    }

    @Test
    void aVolumeServersRefusalIsPassedOn() throws Exception {
        status = 500;
        answer = "{\"error\":\"volume is full\"}";
        HttpResponse<String> refused = submit("/submit", "text/plain", "hello");
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(refused.body()).contains("500 volume is full");
        answer = "<html>";
        assertThat(submit("/submit", "text/plain", "hello").body()).contains("is not JSON");
        files.stop(0);
        assertThat(submit("/submit", "text/plain", "hello").body()).contains("upload to 127.0.0.1:");
    }

    private HttpResponse<String> submit(String target, String type, String body) throws Exception {
        return harness.send(HttpRequest.newBuilder(harness.uri(target)).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    private void store(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            stored.add(new Stored(exchange.getRequestURI().toString(), exchange.getRequestHeaders().getFirst("Seaweed-Mood"), body));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
