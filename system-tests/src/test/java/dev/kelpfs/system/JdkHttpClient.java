package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The client of the JDK with its own defaults: it offers to upgrade to HTTP/2 with every new connection. */
final class JdkHttpClient implements RealClient {
    private static final int LARGE = 5_000_000;

    @Override
    public String name() {
        return "JDK HttpClient";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public String version() {
        return "JDK HttpClient " + Runtime.version().feature();
    }

    @Override
    public List<Trial> trials() {
        return List.of(
                new Trial("PUT of a file, GET, HEAD, DELETE", site -> with(site, JdkHttpClient::lifeOfAFile)),
                new Trial("expectContinue", site -> with(site, JdkHttpClient::waitsForContinue)),
                new Trial("a stream of unknown length", site -> with(site, JdkHttpClient::streams)),
                new Trial("a range, as a stream that is left early", site -> with(site, JdkHttpClient::leavesEarly)),
                new Trial("100 files at once", site -> with(site, JdkHttpClient::many)),
                new Trial("follows the master", site -> with(site, JdkHttpClient::follows)));
    }

    private interface Use {
        void of(HttpClient client, ClientSite site) throws Exception;
    }

    private static void with(ClientSite site, Use use) throws Exception {
        HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
        try {
            use.of(client, site);
        } finally {
            client.shutdownNow();
        }
    }

    private static void lifeOfAFile(HttpClient client, ClientSite site) throws Exception {
        Path file = site.file(LARGE);
        URI url = URI.create(site.place());
        HttpRequest put = HttpRequest.newBuilder(url).PUT(BodyPublishers.ofFile(file)).build();
        HttpResponse<String> stored = client.send(put, BodyHandlers.ofString());
        assertThat(stored.statusCode()).as(stored.body()).isEqualTo(201);
        assertThat(stored.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        Path got = site.target();
        assertThat(client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofFile(got)).statusCode()).isEqualTo(200);
        assertThat(got).hasSameBinaryContentAs(file);
        HttpResponse<Void> head = client.send(HttpRequest.newBuilder(url).HEAD().build(), BodyHandlers.discarding());
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(LARGE);
        assertThat(client.send(HttpRequest.newBuilder(url).DELETE().build(), BodyHandlers.ofString()).statusCode()).isEqualTo(202);
        assertThat(client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding()).statusCode()).isEqualTo(404);
    }

    private static void waitsForContinue(HttpClient client, ClientSite site) throws Exception {
        Path file = site.file(LARGE);
        String url = site.place();
        HttpRequest put = HttpRequest.newBuilder(URI.create(url)).expectContinue(true).PUT(BodyPublishers.ofFile(file)).build();
        assertThat(client.send(put, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
        site.stored(url, file);
        HttpRequest bad = HttpRequest.newBuilder(URI.create(url + "zz")).expectContinue(true).PUT(BodyPublishers.ofFile(file)).build();
        assertThat(client.send(bad, BodyHandlers.ofString()).statusCode()).as("refused before the body is sent").isEqualTo(400);
    }

    private static void streams(HttpClient client, ClientSite site) throws Exception {
        byte[] content = Files.readAllBytes(site.file(LARGE));
        String url = site.place();
        HttpRequest put = HttpRequest.newBuilder(URI.create(url))
                .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content))).build();
        assertThat(client.send(put, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
        site.stored(url, content);
    }

    private static void leavesEarly(HttpClient client, ClientSite site) throws Exception {
        byte[] content = Files.readAllBytes(site.file(LARGE));
        String url = site.place();
        site.put(url, content);
        for (int i = 0; i < 10; i++) {
            HttpRequest get = HttpRequest.newBuilder(URI.create(url)).header("Range", "bytes=1000000-").build();
            HttpResponse<InputStream> part = client.send(get, BodyHandlers.ofInputStream());
            assertThat(part.statusCode()).isEqualTo(206);
            try (InputStream body = part.body()) {
                assertThat(body.readNBytes(1000)).isEqualTo(Arrays.copyOfRange(content, 1_000_000, 1_001_000));
            }
        }
        site.stored(url, content);
    }

    private static void many(HttpClient client, ClientSite site) throws Exception {
        byte[] content = Files.readAllBytes(site.file(10_000));
        String url = site.places(101);
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            HttpRequest put = HttpRequest.newBuilder(URI.create(url + "_" + i)).PUT(BodyPublishers.ofByteArray(content)).build();
            all.add(client.sendAsync(put, BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> one : all) {
            HttpResponse<String> answer = one.get(60, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
        for (int i = 1; i <= 100; i++) site.stored(url + "_" + i, content);
    }

    private static void follows(HttpClient client, ClientSite site) throws Exception {
        byte[] content = Files.readAllBytes(site.file(1000));
        String url = site.place();
        site.put(url, content);
        URI atMaster = URI.create(site.master() + url.substring(url.lastIndexOf('/')));
        assertThat(client.send(HttpRequest.newBuilder(atMaster).build(), BodyHandlers.ofByteArray()).body()).isEqualTo(content);
    }
}
