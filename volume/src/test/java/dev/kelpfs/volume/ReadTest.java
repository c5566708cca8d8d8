package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.header;
import static dev.kelpfs.volume.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestDirectories.class)
class ReadTest {
    private static final String FILE = "/3,01637037d6";
    private static final byte[] LETTERS = "abcdefghijklmnop".getBytes(StandardCharsets.US_ASCII);

    private RunningServer server;
    private Path directory;

    @BeforeEach
    void start(TestDirectory fresh) throws IOException {
        directory = fresh.path();
        server = RunningServer.start(directory);
        server.allocate(3);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        FILE, FILE + ".txt", "/3/01637037d6", "/3/01637037d6.txt", "/3/01637037d6/name.txt", "/3%2C01637037d6"
    })
    void everyFormOfTheUrlReadsTheFile(String path) throws Exception {
        server.put(FILE, LETTERS);

        assertThat(server.get(path).body()).isEqualTo(LETTERS);
        assertThat(server.send("HEAD", path, new byte[0]).statusCode()).isEqualTo(200);
    }

    @Test
    void theNameInTheUrlWins() throws Exception {
        server.put(FILE, LETTERS);

        HttpResponse<byte[]> named = server.get("/3/01637037d6/other.css?dl=true");
        assertThat(header(named, "Content-Disposition")).isEqualTo("attachment; filename=other.css");
        assertThat(header(named, "Content-Type")).isEqualTo("text/css; charset=utf-8");
        assertThat(header(server.get(FILE), "Content-Disposition")).isEqualTo("inline; filename=\"3,01637037d6\"");
    }

    @ParameterizedTest
    @CsvSource({
        "'/invalid,needle', 400", "/not-a-vid/not-a-fid, 400", "/, 400", "/3, 400", "/a/b/c/d, 400", "/stats/counter, 400",
        "/metrics, 400", "'/4,01637037d6', 404", "'/3,02637037d6', 404", "'/3,01637037d7', 404"
    })
    void whatNamesNoFileIsToldWhyAndWhatIsNotThereIsAnEmptyError(String path, int status) throws Exception {
        server.put(FILE, LETTERS);

        HttpResponse<byte[]> response = server.get(path);
        assertThat(response.statusCode()).isEqualTo(status);
        String text = new String(response.body(), StandardCharsets.UTF_8);
        if (status == 404) assertThat(text).isEmpty();
        else assertThat(text).startsWith("{\"error\":\"the path names no file: ").contains("such as /3,01637037d6");
        assertThat(header(response, "X-Amz-Request-Id")).hasSizeGreaterThanOrEqualTo(16);
        assertThat(header(response, "Server")).isEqualTo("SeaweedFS Volume 30GB 4.44");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bytes=0-4     | 206 | bytes 0-4/16   | abcde",
        "bytes=10-     | 206 | bytes 10-15/16 | klmnop",
        "bytes=-3      | 206 | bytes 13-15/16 | nop",
        "bytes=-99     | 206 | bytes 0-15/16  | abcdefghijklmnop",
        "bytes=14-99   | 206 | bytes 14-15/16 | op",
        "bytes=17-     | 416 | ''             | 'invalid range\n'",
        "bytes=5-2     | 416 | ''             | 'invalid range\n'",
        "pages=1-2     | 416 | ''             | 'invalid range\n'",
        "bytes=0-10,5-15 | 200 | ''           | ''",
        "bytes=        | 200 | ''             | ''",
    })
    void givesTheRangeAskedFor(String range, int status, String contentRange, String body) throws Exception {
        server.put(FILE, LETTERS);

        HttpResponse<byte[]> response = server.get(FILE, "Range", range);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(header(response, "Content-Range")).isEqualTo(contentRange);
        assertThat(text(response)).isEqualTo(body);
        assertThat(header(response, "Content-Length")).isEqualTo("" + body.length());
        assertThat(header(response, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(response, "ETag")).isNotEmpty();
    }

    @Test
    void aDownloadIsResumedOnlyIfTheFileIsTheSame() throws Exception {
        for (byte[] content : List.of("0123456789".getBytes(StandardCharsets.US_ASCII), new byte[3_000_000])) {
            server.put(FILE + "?ts=1700000000", content);
            HttpResponse<byte[]> begun = server.get(FILE, "Range", "bytes=0-3");
            String tag = header(begun, "ETag");
            for (String same : List.of(tag, " " + tag, header(begun, "Last-Modified"))) {
                assertThat(server.get(FILE, "Range", "bytes=4-5", "If-Range", same).statusCode()).as(same).isEqualTo(206);
            }
            for (String other : List.of("\"12345678\"", "W/" + tag, "Tue, 14 Nov 2023 22:13:21 GMT", "x")) {
                HttpResponse<byte[]> whole = server.get(FILE, "Range", "bytes=4-5", "If-Range", other);
                assertThat(whole.statusCode()).as(other).isEqualTo(200);
                assertThat(whole.body()).isEqualTo(content);
                assertThat(header(whole, "Content-Range")).isEmpty();
            }
            assertThat(server.get(FILE, "If-Range", tag).statusCode()).as("no range at all").isEqualTo(200);
        }
    }

    @Test
    void givesSeveralRangesInOneBody() throws Exception {
        server.put(FILE, LETTERS, "Content-Type", "text/x");

        HttpResponse<byte[]> response = server.get(FILE, "Range", "bytes=0-1,4-5");
        String type = header(response, "Content-Type");
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        String boundary = type.substring(type.indexOf('=') + 1);
        assertThat(text(response)).isEqualTo("--" + boundary + "\r\nContent-Range: bytes 0-1/16\r\nContent-Type: text/x\r\n\r\nab"
                + "\r\n--" + boundary + "\r\nContent-Range: bytes 4-5/16\r\nContent-Type: text/x\r\n\r\nef"
                + "\r\n--" + boundary + "--\r\n");
        assertThat(header(response, "Content-Length")).isEqualTo("" + response.body().length);
    }

    @Test
    void saysWhatTheClientHasAlready() throws Exception {
        server.put(FILE + "?ts=1700000000", LETTERS);
        String modified = "Tue, 14 Nov 2023 22:13:20 GMT";
        HttpResponse<byte[]> first = server.get(FILE);
        assertThat(header(first, "Last-Modified")).isEqualTo(modified);

        for (String method : new String[] {"GET", "HEAD"}) {
            HttpResponse<byte[]> byTag = server.send(method, FILE, new byte[0], "If-None-Match", header(first, "ETag"));
            assertThat(byTag.statusCode()).isEqualTo(304);
            assertThat(header(byTag, "ETag")).isEqualTo(header(first, "ETag"));
            assertThat(header(byTag, "Last-Modified")).isEqualTo(modified);
            HttpResponse<byte[]> byDate =
                    server.send(method, FILE, new byte[0], "If-Modified-Since", modified, "If-None-Match", "\"x\"");
            assertThat(byDate.statusCode()).as("the date counts first").isEqualTo(304);
        }
        assertThat(server.get(FILE, "If-Modified-Since", "yesterday").statusCode()).isEqualTo(200);
        assertThat(server.get(FILE, "If-Modified-Since", "Tue, 14 Nov 2023 22:13:19 GMT").statusCode()).isEqualTo(200);
        assertThat(server.get(FILE, "If-None-Match", "*").statusCode()).isEqualTo(200);
    }

    @Test
    void parametersSetHeaders() throws Exception {
        server.put(FILE, LETTERS);

        HttpResponse<byte[]> response = server.get(FILE + "?response-content-type=a/b&response-cache-control=no-store"
                + "&response-content-language=de&response-expires=soon&Response-Content-Disposition=x");
        assertThat(header(response, "Content-Type")).isEqualTo("a/b");
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(response, "Content-Language")).isEqualTo("de");
        assertThat(header(response, "Expires")).isEqualTo("soon");
        assertThat(header(response, "Content-Disposition")).isEqualTo("x");
    }

    @Test
    void aHeaderCannotBeInjected() throws Exception {
        server.put(FILE, LETTERS);

        HttpResponse<byte[]> response = server.get(FILE + "?response-cache-control=a%0d%0aEvil:%20yes");
        assertThat(header(response, "Evil")).isEmpty();
        assertThat(response.body()).isEqualTo(LETTERS);
    }

    @Test
    void anyPageMayUseAFile() throws Exception {
        server.put(FILE, LETTERS);
        String raw = server.raw("GET " + FILE + " HTTP/1.1\r\nHost: x\r\nOrigin: http://page\r\nConnection: close\r\n\r\n");
        assertThat(raw).contains("Access-Control-Allow-Origin: *").contains("Access-Control-Allow-Credentials: true");
        assertThat(server.raw("GET /status HTTP/1.1\r\nHost: x\r\nOrigin: http://page\r\nConnection: close\r\n\r\n"))
                .doesNotContain("Access-Control");
        HttpResponse<byte[]> options = server.send("OPTIONS", FILE, new byte[0]);
        assertThat(options.statusCode()).isEqualTo(200);
        assertThat(header(options, "Access-Control-Allow-Methods")).isEqualTo("PUT, POST, GET, DELETE, OPTIONS");
        assertThat(header(options, "Access-Control-Allow-Headers")).isEqualTo("*");
    }

    @Test
    void anEmptyFileIsThereForEveryCookie() throws Exception {
        assertThat(server.put(FILE, new byte[0]).statusCode()).isEqualTo(201);

        HttpResponse<byte[]> response = server.get("/3/01deadbeef/name.txt");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "ETag")).isEqualTo("\"00000000\"");
        assertThat(header(response, "Content-Length")).isEqualTo("0");
        assertThat(header(response, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(server.get(FILE, "If-None-Match", "\"00000000\"").statusCode()).isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 70_000, 600_000, 3_000_000})
    void inflatesForClientsThatDoNotReadGzip(int bytes) throws Exception {
        byte[] plain = "a line of text that repeats\n".repeat(bytes / 28 + 1).getBytes(StandardCharsets.US_ASCII);
        // Random bytes in front, so that the packed form is large too.
        System.arraycopy(Seed.announced("inflates").bytes(bytes / 2), 0, plain, 0, bytes / 2);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        HttpResponse<byte[]> stored = server.postForm(FILE,
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Encoding: gzip",
                packed.toByteArray());
        assertThat(text(stored)).contains("\"size\":" + plain.length);

        HttpResponse<byte[]> asGzip = server.get(FILE, "Accept-Encoding", "gzip");
        assertThat(header(asGzip, "Content-Encoding")).isEqualTo("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(asGzip.body())).readAllBytes()).isEqualTo(plain);
        HttpResponse<byte[]> asPlain = server.get(FILE);
        assertThat(header(asPlain, "Content-Encoding")).isEmpty();
        assertThat(asPlain.body()).isEqualTo(plain);
        assertThat(header(asPlain, "ETag")).isEqualTo(header(asGzip, "ETag"));
        assertThat(server.get(FILE, "Accept-Encoding", "br, gzip ; q=0.0, *").body()).as("not wanted").isEqualTo(plain);
        assertThat(server.get(FILE, "Accept-Encoding", "gzip;q=0.5, br;q=0").body()).isEqualTo(asGzip.body());
        assertThat(server.get(FILE, "Range", "bytes=100-299").body()).isEqualTo(Arrays.copyOfRange(plain, 100, 300));
        assertThat(header(server.send("HEAD", FILE, new byte[0]), "Content-Length")).isEqualTo("" + plain.length);
    }

    @Test
    void streamsLargeFilesWholeAndInPart() throws Exception {
        byte[] large = Seed.announced("large").bytes(5_000_000);
        assertThat(server.put(FILE, large).statusCode()).isEqualTo(201);

        assertThat(server.get(FILE).body()).isEqualTo(large);
        HttpResponse<byte[]> part = server.get(FILE, "Range", "bytes=1000000-2999999");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(large, 1_000_000, 3_000_000));
        HttpResponse<byte[]> parts = server.get(FILE, "Range", "bytes=0-0,4999999-");
        assertThat(parts.statusCode()).isEqualTo(206);
        assertThat(parts.body()).contains(large[0]).contains(large[4_999_999]);
        assertThat(header(parts, "Content-Length")).isEqualTo("" + parts.body().length);
        assertThat(header(server.send("HEAD", FILE, new byte[0]), "Content-Length")).isEqualTo("5000000");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 300_000, 3_000_000})
    void neverGivesDamagedDataForAWholeFile(int bytes) throws Exception {
        byte[] data = Seed.announced("damage").bytes(bytes);
        server.put(FILE, data);
        server.put("/3,02637037d6", LETTERS);
        server.close();
        Path dat = directory.resolve("3.dat");
        byte[] volume = Files.readAllBytes(dat);
        volume[8 + 20 + bytes / 2] ^= 1;
        Files.write(dat, volume);
        server = RunningServer.start(directory);

        if (bytes <= 1 << 20) {
            HttpResponse<byte[]> response = server.get(FILE);
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).isEmpty();
        } else {
            String raw = server.raw("GET " + FILE + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(raw).contains("Content-Length: " + bytes);
            assertThat(raw.length() - raw.indexOf("\r\n\r\n") - 4).as("cut before the end").isLessThan(bytes);
        }
        assertThat(server.get("/3,02637037d6").body()).isEqualTo(LETTERS);
    }

    @Test
    void deletedFilesCanBeReadWhenAskedFor() throws Exception {
        server.put(FILE + "?ts=1700000000", LETTERS);
        server.delete(FILE);

        assertThat(server.get(FILE).statusCode()).isEqualTo(404);
        HttpResponse<byte[]> deleted = server.get(FILE + "?readDeleted=true");
        assertThat(deleted.body()).isEqualTo(LETTERS);
        assertThat(header(deleted, "Last-Modified")).isEqualTo("Tue, 14 Nov 2023 22:13:20 GMT");
        assertThat(server.get(FILE + "?readDeleted=1").statusCode()).isEqualTo(404);
    }

    @Test
    void uncleanPathsAreSentToTheCleanOne() throws Exception {
        HttpResponse<byte[]> response = server.get("//3,01637037d6?x=1");
        assertThat(response.statusCode()).isEqualTo(307);
        assertThat(header(response, "Location")).isEqualTo("/3,01637037d6?x=1");
    }

    @Test
    void itsOwnPicturesNeedNoVolume() throws Exception {
        for (String path : new String[] {"/favicon.ico", "/seaweedfsstatic/seaweed50x50.png"}) {
            HttpResponse<byte[]> file = server.get(path, "Origin", "http://x");
            assertThat(file.statusCode()).as(path).isEqualTo(200);
            assertThat(header(file, "Content-Type")).startsWith("image/");
            assertThat(file.headers().firstValue("Server")).as("none of the usual headers").isEmpty();
            assertThat(file.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
            assertThat(server.send("HEAD", path, new byte[0]).statusCode()).isEqualTo(200);
        }
        assertThat(server.get("/seaweedfsstatic/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void thePublicPortReadsOnly() throws Exception {
        server.put(FILE, LETTERS);
        server.close();
        server = RunningServer.start(directory, config -> config.withListeners(new Listeners(
                "127.0.0.1", 0, OptionalInt.of(0), 0, "", OptionalInt.of(0))));
        int port = server.server().publicPort().orElseThrow();

        assertThat(server.send(port, "GET", FILE, new byte[0]).body()).isEqualTo(LETTERS);
        assertThat(server.send(port, "GET", "/favicon.ico", new byte[0]).statusCode()).isEqualTo(200);
        for (String method : new String[] {"POST", "DELETE", "PATCH", "PROPFIND"}) {
            HttpResponse<byte[]> ignored = server.send(port, method, FILE, LETTERS);
            assertThat(ignored.statusCode()).isEqualTo(200);
            assertThat(ignored.body()).isEmpty();
        }
        assertThat(server.get(FILE).body()).isEqualTo(LETTERS);
        assertThat(header(server.send(port, "OPTIONS", FILE, new byte[0]), "Access-Control-Allow-Methods"))
                .isEqualTo("GET, OPTIONS");
        assertThat(server.send("PATCH", FILE, new byte[0]).statusCode()).isEqualTo(400);
        String metrics = text(server.send(server.server().metricsPort().orElseThrow(), "GET", "/metrics", new byte[0]));
        assertThat(metrics).contains("SeaweedFS_volumeServer_request_total{code=\"200\",type=\"GET\"}")
                .contains("SeaweedFS_volumeServer_volumes{collection=\"\",type=\"volume\"} 1");
    }
}
