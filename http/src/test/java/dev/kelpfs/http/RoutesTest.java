package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.HttpMethod;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who answers what. */
class RoutesTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        PrometheusRegistry registry = new PrometheusRegistry();
        Counter.builder().name("kelp_test_total").help("A test.").register(registry).inc(3);
        server = TestServer.start(Routes.builder()
                .cleanPaths()
                .get("/status", says("status"))
                .on(HttpMethod.POST, "/status", says("post status"))
                .get("/only-get", says("get"))
                .get("/metrics", LoopHandler.blocking(new PrometheusHandler(registry)))
                .anyPrefix("/static/", says("static"))
                .onPrefix(HttpMethod.GET, "/static/deep/", says("deep"))
                .fallback(HttpMethod.GET, says("file"))
                .fallback(HttpMethod.DELETE, says("delete")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void exactThenLongestPrefixThenFallback() throws Exception {
        assertThat(ask("GET", "/status")).isEqualTo("200 status");
        assertThat(ask("POST", "/status")).isEqualTo("200 post status");
        assertThat(ask("GET", "/status?x=y")).isEqualTo("200 status");
        assertThat(ask("GET", "/st%61tus")).isEqualTo("200 status");
        assertThat(ask("GET", "/static/a")).isEqualTo("200 static");
        assertThat(ask("PUT", "/static/deep/a")).isEqualTo("200 static");
        assertThat(ask("GET", "/static/deep/a")).isEqualTo("200 deep");
        assertThat(ask("GET", "/3,01")).isEqualTo("200 file");
        assertThat(ask("DELETE", "/status")).isEqualTo("200 delete");
    }

    @Test
    void nobodyIsLeft() throws Exception {
        assertThat(ask("POST", "/only-get")).startsWith("405 ");
        assertThat(ask("POST", "/3,01")).startsWith("404 ");
        assertThat(ask("BREW", "/status")).startsWith("405 ");
    }

    @Test
    void uncleanPathsAreRedirected() throws Exception {
        RawClient.Answer answer = server.ask("GET /a/..//b%20c/./d?x=/../y HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.header("Location")).isEqualTo("/b%20c/d?x=/../y");
        assertThat(answer.text()).isEqualTo("<a href=\"/b%20c/d?x=/../y\">Temporary Redirect</a>.\n\n");
        RawClient.Answer post = server.ask("POST //status HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
        assertThat(post.status()).isEqualTo(307);
        assertThat(post.body()).isEmpty();
        assertThat(server.ask("GET //evil.example HTTP/1.1\r\nHost: x\r\n\r\n").header("Location")).isEqualTo("/evil.example");
    }

    @Test
    void metricsAreText() throws Exception {
        RawClient.Answer answer = server.ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(answer.header("Content-Type")).startsWith("text/plain");
        assertThat(answer.text()).contains("kelp_test_total 3.0");
    }

    @Test
    void twoHandlersForOneRouteAreRefused() {
        Routes.Builder builder = Routes.builder().get("/a", says("a"));
        assertThatThrownBy(() -> builder.get("/a", says("b"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.get("a", says("b"))).hasMessageContaining("starts with /");
    }

    private static String ask(String method, String target) throws Exception {
        RawClient.Answer answer = server.ask(method + " " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
        return answer.status() + " " + answer.text();
    }

    private static LoopHandler says(String text) {
        return exchange -> exchange.reply(Reply.text(200, text));
    }
}
