package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.header;
import static dev.kelpfs.volume.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.volume.VolumeMarkReadonlyRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TestDirectories.class)
class WriteTest {
    private static final String FILE = "/3,01637037d6";
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final String PLAIN_PART = "Content-Disposition: form-data; name=\"file\"; filename=\"a.bin\"";

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

    @Test
    void storesAFormAndSaysWhatItStored() throws Exception {
        String part = "Content-Disposition: form-data; name=\"f\"; filename=\"C:\\\\x\\\\a.png\"\r\nContent-Type: image/png";
        HttpResponse<byte[]> stored = server.postForm(FILE, part, HELLO);

        assertThat(stored.statusCode()).isEqualTo(201);
        assertThat(text(stored)).isEqualTo("{\"name\":\"a.png\",\"size\":5,\"eTag\":\"9a71bb4c\",\"mime\":\"image/png\"}");
        assertThat(header(stored, "ETag")).isEqualTo("\"9a71bb4c\"");
        assertThat(stored.headers().firstValue("Content-MD5")).hasValue("");
        HttpResponse<byte[]> read = server.get(FILE);
        assertThat(read.body()).isEqualTo(HELLO);
        assertThat(header(read, "Content-Type")).isEqualTo("image/png");
        assertThat(header(read, "Content-Disposition")).isEqualTo("inline; filename=a.png");
    }

    @Test
    void indentsWhenAsked() throws Exception {
        assertThat(text(server.put(FILE + "?pretty=y", HELLO)))
                .isEqualTo("{\n  \"name\": \"3,01637037d6\",\n  \"size\": 5,\n  \"eTag\": \"9a71bb4c\"\n}");
        assertThat(text(server.put("/3,bad?pretty=y", HELLO))).startsWith("{\n  \"error\": \"");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1024, 65_000, 66_000, 80_000, 300_000, 2_000_000})
    void storesEverySizeInEveryForm(int bytes) throws Exception {
        byte[] data = Seed.announced("sizes").bytes(bytes);

        assertThat(server.put("/3,01637037d6", data).statusCode()).isEqualTo(201);
        assertThat(server.postForm("/3,02637037d6", PLAIN_PART, data).statusCode()).isEqualTo(201);
        assertThat(server.putChunked("/3,03637037d6", new ByteArrayInputStream(data)).statusCode()).isEqualTo(201);
        assertThat(server.send("POST", "/3,04637037d6?fsync=true", data, "Content-Type", "a/b").statusCode()).isEqualTo(201);
        for (int key = 1; key <= 4; key++) assertThat(server.get("/3,0" + key + "637037d6").body()).isEqualTo(data);

        server.close();
        server = RunningServer.start(directory);
        for (int key = 1; key <= 4; key++) assertThat(server.get("/3,0" + key + "637037d6").body()).isEqualTo(data);
    }

    @Test
    void takesTheFirstPartWithAFileName() throws Exception {
        String body = "--xyz\r\nContent-Disposition: form-data; name=\"field\"\r\n\r\nvalue\r\n"
                + "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-8''h%C3%B6hle.bin\r\n\r\n"
                + "hello\r\n--xyz--\r\n";
        HttpResponse<byte[]> stored = server.send("POST", FILE, body.getBytes(StandardCharsets.US_ASCII),
                "Content-Type", "multipart/form-data; boundary=xyz");

        assertThat(text(stored)).contains("\"name\":\"h\u00f6hle.bin\"").contains("\"size\":5");
        assertThat(server.get(FILE).body()).isEqualTo(HELLO);
    }

    @Test
    void theSameContentAgainChangesNothing() throws Exception {
        server.put(FILE, HELLO);

        HttpResponse<byte[]> again = server.put(FILE, HELLO);
        assertThat(again.statusCode()).isEqualTo(204);
        assertThat(header(again, "ETag")).isEqualTo("\"9a71bb4c\"");
        assertThat(again.body()).isEmpty();
        assertThat(server.put(FILE, "other".getBytes(StandardCharsets.US_ASCII)).statusCode()).isEqualTo(201);
        assertThat(text(server.get(FILE))).isEqualTo("other");
    }

    @Test
    void anotherCookieDoesNotOverwrite() throws Exception {
        server.put(FILE, HELLO);

        HttpResponse<byte[]> refused = server.put("/3,01637037d7", "other".getBytes(StandardCharsets.US_ASCII));
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(text(refused)).contains("mismatching cookie 637037d7: another file has this key; ask a master");
        assertThat(server.get(FILE).body()).isEqualTo(HELLO);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "POST | /3,01637037d6 | ''                                        | Content-Type",
        "POST | /3,01637037d6 | multipart/form-data                       | boundary",
        "POST | /3,01637037d6 | multipart/form-data; boundary=            | Content-Type",
        "POST | /3,01637037d6 | form-data                                 | multipart/form-data",
        "PUT  | /3,01637037d6 | text/plain; charset                       | Content-Type",
        "PUT  | /3,01637037d6 | text/                                     | Content-Type",
        "PUT  | /3,01637037d6?a=%zz | ''                                  | %",
        "PUT  | /3,01637037d6?a;b | ''                                    | semicolon",
        "PUT  | /invalid,12345678 | ''                                    | volume id",
        "PUT  | /1,bad        | ''                                        | bad key",
        "PUT  | /3/01637037d6 | ''                                        | bad key",
        "POST | /3,01637037d6 | multipart/form-data; boundary=other       | ''",
    })
    void badUploadsAreTheClientsFault(String method, String path, String type, String reason) throws Exception {
        String head = type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";
        String answer = server.raw(method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + head
                + "Content-Length: 5\r\nConnection: close\r\n\r\nhello");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/json").contains("{\"error\":\"").contains(reason);
        assertThat(server.get(FILE).statusCode()).isEqualTo(404);
    }

    @Test
    void aTruncatedBodyStoresNothing() throws Exception {
        server.rawCut("PUT " + FILE + " HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhello");
        server.rawCut("PUT " + FILE + " HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\nhello");
        server.rawCut("PUT " + FILE + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        byte[] form = RunningServer.form(PLAIN_PART, HELLO);
        byte[] cut = Arrays.copyOf(form, form.length - 8);
        HttpResponse<byte[]> answer = server.send("POST", FILE, cut, "Content-Type", "multipart/form-data; boundary=xyz");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(server.get(FILE).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 200_000})
    void checksTheSumThatTheClientNames(int bytes) throws Exception {
        byte[] data = Seed.announced("md5").bytes(bytes);
        String md5 = Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(data));

        HttpResponse<byte[]> wrong = server.put(FILE, data, "Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(text(wrong)).contains("Content-MD5");
        HttpResponse<byte[]> right = server.put(FILE, data, "Content-MD5", md5);
        assertThat(right.statusCode()).isEqualTo(201);
        assertThat(header(right, "Content-MD5")).isEqualTo(md5);
        assertThat(text(right)).contains("\"contentMd5\":\"" + md5 + "\"");
        assertThat(server.postForm("/3,02637037d6", PLAIN_PART + "\r\nContent-MD5: " + md5, data).statusCode()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 300_000})
    void refusesFilesOverTheLimit(int limit) throws Exception {
        server.close();
        server = RunningServer.start(directory, config -> config.withLimits(config.limits().withFileBytes(limit)));
        byte[] data = Seed.announced("limit").bytes(limit + 1);

        assertThat(text(server.put(FILE, data))).contains("file over the limited " + limit + " bytes");
        assertThat(server.putChunked(FILE, new ByteArrayInputStream(data)).statusCode()).isEqualTo(400);
        assertThat(server.postForm(FILE, PLAIN_PART, data).statusCode()).isEqualTo(400);
        assertThat(server.get(FILE).statusCode()).isEqualTo(404);
        assertThat(server.put(FILE, Arrays.copyOf(data, limit)).statusCode()).isEqualTo(201);
    }

    @Test
    void compressesTextAndKeepsPairs() throws Exception {
        byte[] lines = "a line of text\n".repeat(500).getBytes(StandardCharsets.US_ASCII);
        HttpResponse<byte[]> stored = server.put(
                FILE, lines, "Content-Type", "text/plain", "seaweed-owner", "me", "Seaweed-b-C", "<1>");
        assertThat(text(stored)).contains("\"size\":" + lines.length);

        HttpResponse<byte[]> packed = server.get(FILE, "Accept-Encoding", "br, gzip");
        assertThat(header(packed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(packed.body().length).isLessThan(lines.length / 5);
        assertThat(header(packed, "Owner")).isEqualTo("me");
        assertThat(header(packed, "B-C")).isEqualTo("<1>");
        assertThat(server.get(FILE).body()).isEqualTo(lines);
        server.put("/3,02637037d6?type=replicate", lines, "Content-Type", "text/plain");
        assertThat(header(server.get("/3,02637037d6", "Accept-Encoding", "gzip"), "Content-Encoding")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT"})
    void aFileThatIsSentAsCurlAndWgetDoByDefaultIsStoredAsItIs(String method) throws Exception {
        for (String type : List.of("application/x-www-form-urlencoded", "Application/X-WWW-Form-URLEncoded")) {
            for (byte[] data : List.of("a=b".getBytes(StandardCharsets.US_ASCII), "100%; no form".getBytes(StandardCharsets.US_ASCII),
                    new byte[3_000_000])) {
                String file = "/3,0" + type.charAt(0) % 10 + data.length % 10 + "637037d6.png";
                assertThat(server.send(method, file, data, "Content-Type", type).statusCode()).isEqualTo(201);
                HttpResponse<byte[]> stored = server.get(file);
                assertThat(stored.body()).isEqualTo(data);
                assertThat(header(stored, "Content-Type")).as("that of its name").isEqualTo("image/png");
            }
        }
    }

    @Test
    void aReadOnlyVolumeTakesNothing() throws Exception {
        server.put(FILE, HELLO);
        server.admin().volumeMarkReadonly(VolumeMarkReadonlyRequest.newBuilder().setVolumeId(3).build());

        HttpResponse<byte[]> refused = server.put("/3,02637037d6", HELLO);
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(text(refused)).contains("failed to write to local disk: volume 3 is read only");
        HttpResponse<byte[]> kept = server.delete(FILE);
        assertThat(kept.statusCode()).isEqualTo(500);
        assertThat(text(kept)).contains("Deletion Failed: volume 3 is read only");
        assertThat(server.get(FILE).body()).isEqualTo(HELLO);
    }

    @Test
    void aVolumeWithCopiesIsNotWrittenAlone() throws Exception {
        server.allocate(4, "001", "");

        HttpResponse<byte[]> refused = server.put("/4,01637037d6", HELLO);
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(text(refused)).contains("replication");
        assertThat(server.get("/4,01637037d6").statusCode()).isEqualTo(404);
        assertThat(server.put("/4,01637037d6?type=replicate", HELLO).statusCode()).isEqualTo(201);
        assertThat(server.delete("/4,01637037d6").statusCode()).isEqualTo(500);
        assertThat(server.delete("/4,01637037d6?type=replicate").statusCode()).isEqualTo(202);
        assertThat(server.put("/9,01637037d6", HELLO).statusCode()).as("a volume nobody has").isEqualTo(500);
    }

    @Test
    void deletes() throws Exception {
        server.put(FILE, HELLO);

        HttpResponse<byte[]> wrong = server.delete("/3,01637037d7");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(text(wrong)).isEqualTo("{\"error\":\"File Random Cookie does not match.\"}");
        HttpResponse<byte[]> gone = server.delete(FILE + "?pretty=1");
        assertThat(gone.statusCode()).isEqualTo(202);
        assertThat(text(gone)).matches("\\{\n  \"size\": [0-9]+\n}");
        for (String path : List.of(FILE, "/3,05637037d6", "/9,01637037d6", "/x,01637037d6")) {
            HttpResponse<byte[]> missing = server.delete(path);
            assertThat(missing.statusCode()).as(path).isEqualTo(404);
            assertThat(text(missing)).isEqualTo("{\"size\":0}");
        }
        assertThat(text(server.delete("/3,zz"))).contains("Invalid fid: ");
        server.put("/3,06637037d6", new byte[0]);
        assertThat(text(server.delete("/3,06deadbeef"))).as("nobody's cookie guards an empty file").isEqualTo("{\"size\":0}");
        assertThat(server.get("/3,06637037d6").statusCode()).isEqualTo(404);
    }

    @Test
    void deletesLargeFiles() throws Exception {
        server.put(FILE, Seed.announced("delete").bytes(2_000_000));

        assertThat(server.delete(FILE).statusCode()).isEqualTo(202);
        assertThat(server.get(FILE).statusCode()).isEqualTo(404);
    }

    @Test
    void expiredFilesAreGone() throws Exception {
        server.allocate(5, "000", "3m");
        server.put("/5,01637037d6", HELLO);
        server.put(FILE + "?ttl=2m", HELLO);
        server.put("/3,02637037d6", HELLO);

        server.advanceClock(Duration.ofSeconds(150));
        assertThat(server.get(FILE).statusCode()).as("its own ttl").isEqualTo(404);
        assertThat(server.get("/5,01637037d6").body()).isEqualTo(HELLO);
        server.advanceClock(Duration.ofSeconds(60));
        assertThat(server.get("/5,01637037d6").statusCode()).as("the volume's ttl").isEqualTo(404);
        assertThat(server.get("/3,02637037d6").body()).isEqualTo(HELLO);
        assertThat(server.delete(FILE).statusCode()).isEqualTo(404);
    }
}
