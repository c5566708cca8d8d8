package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes over the wire: a clear answer, and the files that were there before are still there. */
@ExtendWith(TestDirectories.class)
class BadRequestsTest {
    private static final String BINARY = "application/octet-stream";
    private static final int LIMIT_BYTES = 1 << 20;

    private static HttpFiles http;
    private static WeedServer server;

    private final byte[] content = new Seed(3).bytes(3000);
    private HttpFiles.Place place;

    @BeforeAll
    static void start(TestDirectory directory) throws InterruptedException {
        http = new HttpFiles();
        server = new WeedServer(directory, http, "-volume.fileSizeLimitMB=1").start();
    }

    @AfterAll
    static void stop() {
        boolean alive = server.process().isAlive();
        server.close();
        http.close();
        assertThat(alive).as("the server lives on").isTrue();
    }

    @BeforeEach
    void storeAFile() throws Exception {
        place = http.assign(server.master());
        assertThat(http.post(url(place), BINARY, content).status()).isEqualTo(201);
    }

    @AfterEach
    void theFileIsStillThere() throws Exception {
        assertThat(http.get(url(place)).body()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "invalid,needle", "not-a-vid/not-a-fid", "3", "3,", "3,01", "x,0163703712345678", "3,01637037zz000000",
        "3,000000000000000000000000001637037d6", "-1,0163703712345678", "0x3,0163703712345678", "3,0163703712345678_x",
        "3,ffffffffffffffff12345678_1", "3/0163703712345678/name/more"
    })
    void aBadIdIsRefusedInEveryMethod(String id) throws Exception {
        Answer read = http.get(server.volume() + "/" + id);
        assertThat(read.status()).as("GET").isEqualTo(400);
        assertThat(read.text()).contains("the path names no file", "such as /3,01637037d6");
        assertThat(http.head(server.volume() + "/" + id).status()).as("HEAD").isEqualTo(400);
        assertThat(http.post(server.volume() + "/" + id, BINARY, content).status()).as("POST").isEqualTo(400);
        assertThat(http.delete(server.volume() + "/" + id).status()).as("DELETE").isIn(400, 404);
    }

    @Test
    void unknownVolumesAndKeysAreNotFound() throws Exception {
        String otherKey = place.id().volume() + ",7fffffff12345678";
        for (String id : List.of("999999,0163703712345678", otherKey)) {
            assertThat(http.get(server.volume() + "/" + id).status()).isEqualTo(404);
            Answer deleted = http.delete(server.volume() + "/" + id);
            assertThat(deleted.status()).isEqualTo(404);
            assertThat(deleted.json().get("size").asInt()).isZero();
        }
        assertThat(http.post(server.volume() + "/999999,0163703712345678", BINARY, content).status()).isEqualTo(500);
    }

    @Test
    void aWrongCookieOpensNothing() throws Exception {
        String fid = place.id().toString();
        char last = fid.charAt(fid.length() - 1);
        String forged = place.url() + "/" + fid.substring(0, fid.length() - 1) + (last == '0' ? '1' : '0');
        assertThat(http.get(forged).status()).isEqualTo(404);
        assertThat(http.head(forged).status()).isEqualTo(404);
        Answer deleted = http.delete(forged);
        assertThat(deleted.status()).isEqualTo(400);
        assertThat(deleted.text()).contains("File Random Cookie does not match");
        Answer written = http.post(forged, BINARY, new byte[] {1, 2, 3});
        assertThat(written.status()).isEqualTo(500);
        assertThat(written.text()).contains("mismatching cookie");
    }

    @Test
    void aRawUploadThatBreaksOffStoresNothing() throws Exception {
        HttpFiles.Place next = http.assign(server.master());
        for (boolean orderly : List.of(true, false)) {
            RawHttp raw = new RawHttp(server.volume());
            raw.send("POST /" + next.id() + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + BINARY
                    + "\r\nContent-Length: 100000\r\n\r\n");
            raw.send(new byte[50_000]);
            if (orderly) raw.finish();
            else raw.abort();
            if (orderly) assertThat(raw.statusLine()).as("an answer, if any, is no success").doesNotContain(" 20");
            raw.close();
        }
        assertThat(http.get(url(next)).status()).isEqualTo(404);
        assertThat(http.post(url(next), BINARY, content).status()).as("the id is still good").isEqualTo(201);
        assertThat(http.get(url(next)).body()).isEqualTo(content);
    }

    @Test
    void aFormThatBreaksOffStoresNothing() throws Exception {
        HttpFiles.Place next = http.assign(server.master());
        String head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf of";
        Answer answer = http.post(url(next), "multipart/form-data; boundary=b", head.getBytes());
        assertThat(answer.status()).isEqualTo(400);
        Answer noBoundary = http.post(url(next), "multipart/form-data", head.getBytes());
        assertThat(noBoundary.status()).isEqualTo(400);
        assertThat(noBoundary.text()).contains("boundary");
        assertThat(http.get(url(next)).status()).isEqualTo(404);
    }

    @Test
    void aChunkedUploadThatBreaksOffStoresNothing() throws Exception {
        HttpFiles.Place next = http.assign(server.master());
        try (RawHttp raw = new RawHttp(server.volume())) {
            raw.send("POST /" + next.id() + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + BINARY
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n");
            raw.send(new byte[0x400]);
            raw.send("\r\n");
            raw.finish();
            assertThat(raw.statusLine()).doesNotContain(" 20");
        }
        assertThat(http.get(url(next)).status()).isEqualTo(404);
    }

    @Test
    void aBodyOfExactlyTheLimitIsStoredAndOneByteMoreIsRefused() throws Exception {
        HttpFiles.Place next = http.assign(server.master());
        byte[] tooLarge = new Seed(4).bytes(LIMIT_BYTES + 1);
        Answer refused = http.post(url(next), BINARY, tooLarge);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("file over the limited " + LIMIT_BYTES + " bytes");
        Answer form = http.postForm(url(next), "a.bin", BINARY, tooLarge);
        assertThat(form.status()).isEqualTo(400);
        assertThat(http.get(url(next)).status()).isEqualTo(404);
        byte[] exact = new Seed(4).bytes(LIMIT_BYTES);
        assertThat(http.post(url(next), BINARY, exact).status()).isEqualTo(201);
        assertThat(http.get(url(next)).body()).isEqualTo(exact);
    }

    @Test
    void anAnnouncedOrEndlessBodyFarBeyondTheLimitIsRefusedBeforeItIsTaken() throws Exception {
        HttpFiles.Place next = http.assign(server.master());
        try (RawHttp announced = new RawHttp(server.volume())) {
            announced.send("POST /" + next.id() + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + BINARY
                    + "\r\nContent-Length: 1000000000000\r\n\r\n");
            assertThat(announced.statusLine()).containsAnyOf(" 400 ", " 413 ");
        }
        try (RawHttp endless = new RawHttp(server.volume())) {
            endless.send("POST /" + next.id() + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + BINARY
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes();
            Await.until("the server answers although the body has not ended", Duration.ofSeconds(30), () -> {
                for (int i = 0; i < 20 && !endless.isAnswered(); i++) endless.send(chunk);
                return endless.isAnswered();
            });
            assertThat(endless.statusLine()).containsAnyOf(" 400 ", " 413 ");
        }
        assertThat(http.get(url(next)).status()).isEqualTo(404);
        assertThat(server.process().status().residentBytes()).isLessThan(600L << 20);
    }

    @Test
    void nonsenseInsteadOfHttpIsAnsweredOrCut() throws Exception {
        for (String nonsense : List.of(
                "\r\n\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n", "\u0016\u0003\u0001\u0002\u0000\u0001",
                "GET / HTTP/1.1\r\nHost x\r\n\r\n",
                "POST /3,01 HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                "POST /3,01 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /" + "a".repeat(1 << 20) + " HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(100_000))) {
            for (String address : List.of(server.volume(), server.master())) {
                try (RawHttp raw = new RawHttp(address)) {
                    raw.send(nonsense);
                    raw.finish();
                    assertThat(raw.statusLine()).doesNotContain(" 200 ");
                } catch (IOException cut) {
                    // A reset is an answer, too.
                }
            }
        }
    }

    @Test
    void badOptionsOfAssignAreNamed() throws Exception {
        for (String option : List.of("replication=abc", "ttl=abc", "preallocate=x")) {
            Answer answer = http.get(server.master() + "/dir/assign?" + option);
            assertThat(answer.status()).as(option).isEqualTo(406);
            assertThat(answer.json().get("error").asString()).as(option).isNotBlank();
        }
        Answer unknown = http.get(server.master() + "/dir/lookup?volumeId=999999");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json().get("error").asString()).contains("volume id 999999 not found");
    }

    @Test
    void abandonedConnectionsAreGivenBack() throws Exception {
        for (int i = 0; i < 200; i++) {
            RawHttp raw = new RawHttp(server.volume());
            raw.send("POST /" + place.id() + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n");
            raw.abort();
        }
        Await.until("the server answers as before", Duration.ofSeconds(30),
                () -> http.get(server.volume() + "/healthz").status() == 200);
    }

    private static String url(HttpFiles.Place place) {
        return place.url() + "/" + place.id();
    }
}
