package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpDelete;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpHead;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.entity.mime.HttpMultipartMode;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.FileEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.util.VersionInfo;

/** Apache HttpClient 5, which most programs on the JVM use that do not use the JDK's. */
final class ApacheHttpClient implements RealClient {
    private static final int LARGE = 5_000_000;

    /** What came back, read to its end. */
    private record Answered(int status, byte[] body) {
        static Answered of(ClassicHttpResponse response) throws IOException {
            byte[] body = response.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(response.getEntity());
            return new Answered(response.getCode(), body);
        }
    }

    @Override
    public String name() {
        return "Apache HttpClient";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public String version() {
        VersionInfo version = VersionInfo.loadVersionInfo("org.apache.hc.client5", getClass().getClassLoader());
        return "Apache HttpClient " + (version == null ? "5" : version.getRelease());
    }

    @Override
    public List<Trial> trials() {
        return List.of(
                new Trial("forms: strict, extended and legacy", ApacheHttpClient::forms),
                new Trial("a form of unknown length", ApacheHttpClient::chunkedForm),
                new Trial("PUT of a file, GET, HEAD, DELETE", ApacheHttpClient::lifeOfAFile),
                new Trial("expect-continue, accepted and refused", ApacheHttpClient::waitsForContinue),
                new Trial("takes gzip without being asked", ApacheHttpClient::takesGzip),
                new Trial("ranges", ApacheHttpClient::ranges));
    }

    private static Answered execute(CloseableHttpClient client, ClassicHttpRequest request) throws IOException {
        return client.execute(request, Answered::of);
    }

    private static void forms(ClientSite site) throws Exception {
        Path file = site.file(200_000);
        try (CloseableHttpClient client = HttpClients.createDefault()) {
            for (HttpMultipartMode mode : HttpMultipartMode.values()) {
                String url = site.place();
                HttpPost post = new HttpPost(url);
                post.setEntity(MultipartEntityBuilder.create().setMode(mode).setCharset(StandardCharsets.UTF_8)
                        .addTextBody("title", "A day").addBinaryBody("file", file.toFile()).build());
                Answered answer = execute(client, post);
                assertThat(answer.status()).as(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(201);
                site.stored(url, file);
                // The others send a name that is no ASCII as question marks, or percent-encoded.
                boolean keepsNames = mode == HttpMultipartMode.LEGACY;
                if (keepsNames) assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(ClientSite.NAME);
            }
        }
    }

    private static void chunkedForm(ClientSite site) throws Exception {
        byte[] content = Files.readAllBytes(site.file(LARGE));
        String url = site.place();
        HttpPost post = new HttpPost(url);
        post.setEntity(MultipartEntityBuilder.create()
                .addBinaryBody("file", new ByteArrayInputStream(content), ContentType.IMAGE_PNG, "a.png").build());
        try (CloseableHttpClient client = HttpClients.createDefault()) {
            assertThat(execute(client, post).status()).isEqualTo(201);
        }
        assertThat(site.stored(url, content).header("Content-Type")).isEqualTo("image/png");
    }

    private static void lifeOfAFile(ClientSite site) throws Exception {
        Path file = site.file(LARGE);
        String url = site.place();
        try (CloseableHttpClient client = HttpClients.createDefault()) {
            HttpPut put = new HttpPut(url);
            put.setEntity(new FileEntity(file.toFile(), ContentType.APPLICATION_OCTET_STREAM));
            assertThat(execute(client, put).status()).isEqualTo(201);
            assertThat(execute(client, new HttpGet(url)).body()).isEqualTo(Files.readAllBytes(file));
            assertThat(execute(client, new HttpHead(url)).status()).isEqualTo(200);
            assertThat(execute(client, new HttpDelete(url)).status()).isEqualTo(202);
            assertThat(execute(client, new HttpGet(url)).status()).isEqualTo(404);
        }
    }

    private static void waitsForContinue(ClientSite site) throws Exception {
        byte[] content = Files.readAllBytes(site.file(LARGE));
        RequestConfig waits = RequestConfig.custom().setExpectContinueEnabled(true).build();
        String url = site.place();
        try (CloseableHttpClient client = HttpClients.custom().setDefaultRequestConfig(waits).build()) {
            for (boolean good : List.of(true, false, true)) {
                HttpPut put = new HttpPut(good ? url : url + "zz");
                put.setEntity(new InputStreamEntity(new ByteArrayInputStream(content), ContentType.APPLICATION_OCTET_STREAM));
                assertThat(execute(client, put).status()).isIn(good ? List.of(201, 204) : List.of(400));
            }
        }
        site.stored(url, content);
    }

    private static void takesGzip(ClientSite site) throws Exception {
        String text = "the same words again and again ".repeat(1000);
        String url = site.place();
        site.form(url, "words.txt", text.getBytes(StandardCharsets.US_ASCII), "text/plain");
        assertThat(site.get(url, "Accept-Encoding", "gzip").header("Content-Encoding")).as("it is stored so").isEqualTo("gzip");
        try (CloseableHttpClient client = HttpClients.createDefault()) {
            assertThat(execute(client, new HttpGet(url)).body()).asString(StandardCharsets.US_ASCII).isEqualTo(text);
        }
    }

    private static void ranges(ClientSite site) throws Exception {
        byte[] content = Files.readAllBytes(site.file(100_000));
        String url = site.place();
        site.put(url, content);
        try (CloseableHttpClient client = HttpClients.createDefault()) {
            HttpGet get = new HttpGet(url);
            get.setHeader("Range", "bytes=5000-5999");
            Answered answer = execute(client, get);
            assertThat(answer.status()).isEqualTo(206);
            assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(content, 5000, 6000));
        }
    }
}
