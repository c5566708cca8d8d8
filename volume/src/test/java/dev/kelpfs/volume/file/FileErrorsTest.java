package dev.kelpfs.volume.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.HttpRuntime;
import dev.kelpfs.http.HttpServer;
import dev.kelpfs.http.HttpServerOptions;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.Routes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers of a server whose only route fails with the status in the path. */
class FileErrorsTest {
    private final HttpRuntime runtime = HttpRuntime.start(1, InstantSource.system(), Ticker.system());
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        Routes routes = Routes.builder().fallback(LoopHandler.blocking(request -> {
            throw new HttpException(Integer.parseInt(request.path().substring(1)), "why");
        })).build();
        server = HttpServer.start(runtime, HttpServerOptions.on(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))).withErrors(new FileErrors()), routes);
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
        runtime.close();
    }

    @Test
    void whoMeetsAnOverloadIsToldWhenToComeAgain() throws Exception {
        for (String method : List.of("GET", "DELETE", "PUT")) {
            HttpResponse<String> busy = answer(method, 503);
            assertThat(busy.body()).isEqualTo("{\"error\":\"why\"}");
            assertThat(busy.headers().firstValue("Retry-After")).as(method).hasValue("1");
        }
        assertThat(answer("GET", 400).headers().firstValue("Retry-After")).isEmpty();
    }

    @Test
    void aReadThatFailedSaysSoInPlainText() throws Exception {
        assertThat(answer("GET", 500).body()).isEqualTo("why\n");
        assertThat(answer("PUT", 500).body()).isEqualTo("{\"error\":\"why\"}");
    }

    private HttpResponse<String> answer(String method, int status) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/" + status);
        return client.send(HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
                BodyHandlers.ofString());
    }
}
