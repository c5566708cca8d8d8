package dev.kelpfs.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.InputStream;
import java.net.URL;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Volumes written by the reference, read through Kelp: status, length, content and headers are what it answered itself. */
@ExtendWith(TestDirectories.class)
class FixturesTest {
    private static final String ROOT = "/fixtures/storage/";
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({"plain, plain, plain_12", "legacy, plain, legacy_12", "ttl, ttl, ttl_18", "vacuumed, vacuumed, vacuumed_23"})
    void answersAsTheReferenceDid(String folder, String expectedSet, String base, TestDirectory directory) throws Exception {
        for (String suffix : new String[] {".dat", ".idx", ".vif"}) copy(folder + "/" + base + suffix, directory.path());
        int checked = 0;
        try (RunningServer server = RunningServer.start(directory.path())) {
            SoftAssertions softly = new SoftAssertions();
            for (JsonNode file : expected().path(expectedSet).path("files")) {
                check(server, file, softly);
                checked++;
            }
            softly.assertAll();
        }
        assertThat(checked).isPositive();
    }

    private static void check(RunningServer server, JsonNode file, SoftAssertions softly) throws Exception {
        String path = "/" + file.path("path").asString(file.path("fid").asString());
        String what = file.path("what").asString() + " " + path;
        HttpResponse<byte[]> plain = server.get(path);
        softly.assertThat(plain.statusCode()).as(what).isEqualTo(file.path("status").asInt());
        softly.assertThat(plain.body().length).as(what).isEqualTo(file.path("size").asInt());
        if (plain.statusCode() != 200) return;
        softly.assertThat(md5(plain.body())).as(what).isEqualTo(file.path("md5").asString());
        for (Map.Entry<String, JsonNode> header : file.path("headers").properties()) {
            softly.assertThat(RunningServer.header(plain, header.getKey())).as(what + ": " + header.getKey())
                    .isEqualTo(header.getValue().asString());
        }
        HttpResponse<byte[]> packed = server.get(path, "Accept-Encoding", "gzip");
        softly.assertThat(RunningServer.header(packed, "Content-Encoding")).as(what)
                .isEqualTo(file.path("gzip").asBoolean() ? "gzip" : "");
        HttpResponse<byte[]> head = server.send("HEAD", path, new byte[0]);
        softly.assertThat(RunningServer.header(head, "Content-Length")).as(what).isEqualTo("" + file.path("size").asInt());
    }

    private static JsonNode expected() throws Exception {
        try (InputStream in = FixturesTest.class.getResourceAsStream(ROOT + "expected.json")) {
            return JSON.readTree(in);
        }
    }

    private static void copy(String resource, Path directory) throws Exception {
        URL source = FixturesTest.class.getResource(ROOT + resource);
        if (source == null) return;
        try (InputStream in = source.openStream()) {
            Files.copy(in, directory.resolve(Path.of(resource).getFileName()));
        }
    }

    private static String md5(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    }
}
