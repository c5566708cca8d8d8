package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.header;
import static dev.kelpfs.volume.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.volume.heartbeat.FakeMaster;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that consist of chunks, on one server and on two. */
@ExtendWith(TestDirectories.class)
class ManifestTest {
    private static final String WHOLE = "/3,10637037d6";
    private static final byte[] CONTENT = Seed.announced("chunks").bytes(700_000);
    private static final int FIRST = 300_000;
    private static final int SECOND = 399_000;

    private RunningServer server;
    private TestDirectory directory;

    @BeforeEach
    void start(TestDirectory fresh) throws IOException {
        directory = fresh;
        server = RunningServer.start(directory.path());
        server.allocate(3);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** The content in three chunks, the last of them compressed by the server as it is text. */
    private static byte[] uploadChunks(RunningServer target) throws Exception {
        byte[] content = CONTENT.clone();
        Arrays.fill(content, FIRST + SECOND, content.length, (byte) 'x');
        target.put("/3,01637037d6", Arrays.copyOfRange(content, 0, FIRST));
        target.put("/3,02637037d6", Arrays.copyOfRange(content, FIRST, FIRST + SECOND));
        target.put("/3,03637037d6", Arrays.copyOfRange(content, FIRST + SECOND, content.length), "Content-Type", "text/plain");
        return content;
    }

    private static String threeChunks(int volume) {
        return "{\"name\":\"big.bin\",\"mime\":\"video/x-test\",\"size\":700000,\"chunks\":["
                + chunk(volume + ",02637037d6", FIRST, SECOND) + "," + chunk(volume + ",01637037d6", 0, FIRST) + ","
                + chunk(volume + ",03637037d6", FIRST + SECOND, 1000) + "]}";
    }

    private static String chunk(String id, long offset, long size) {
        return "{\"fid\":\"" + id + "\",\"offset\":" + offset + ",\"size\":" + size + "}";
    }

    private static String manifest(String... chunks) {
        return "{\"name\":\"n.bin\",\"chunks\":[" + String.join(",", chunks) + "]}";
    }

    private HttpResponse<byte[]> putManifest(String path, String json) throws Exception {
        return server.put(path + "?cm=true", json.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    @Test
    void isPutTogether() throws Exception {
        byte[] content = uploadChunks(server);
        assertThat(putManifest(WHOLE, threeChunks(3)).statusCode()).isEqualTo(201);

        HttpResponse<byte[]> whole = server.get(WHOLE);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(content);
        assertThat(header(whole, "X-File-Store")).isEqualTo("chunked");
        assertThat(header(whole, "Content-Type")).isEqualTo("video/x-test");
        assertThat(header(whole, "Content-Disposition")).isEqualTo("inline; filename=big.bin");
        assertThat(header(whole, "Content-Length")).isEqualTo("700000");
        String tag = header(whole, "ETag");
        assertThat(server.get(WHOLE, "If-None-Match", tag).statusCode()).isEqualTo(304);
        HttpResponse<byte[]> head = server.send("HEAD", WHOLE, new byte[0]);
        assertThat(header(head, "Content-Length")).isEqualTo("700000");
        HttpResponse<byte[]> itself = server.get(WHOLE + "?cm=false");
        assertThat(text(itself)).isEqualTo(threeChunks(3));
        assertThat(header(itself, "Content-Type")).isEqualTo("application/json");
        assertThat(server.get("/3,10637037d7").statusCode()).as("another cookie").isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"0-9", "299990-300009", "300000-300000", "299999-699500", "699000-", "-10", "0-699999"})
    void rangesCrossChunks(String range) throws Exception {
        byte[] content = uploadChunks(server);
        putManifest(WHOLE, threeChunks(3));
        int dash = range.indexOf('-');
        int end = range.endsWith("-") || dash == 0 ? content.length : Integer.parseInt(range.substring(dash + 1)) + 1;
        int start = dash == 0 ? content.length - Integer.parseInt(range.substring(1)) : Integer.parseInt(range.substring(0, dash));

        HttpResponse<byte[]> part = server.get(WHOLE, "Range", "bytes=" + range);
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, start, end));
        HttpResponse<byte[]> parts = server.get(WHOLE, "Range", "bytes=1-2," + range.replace("0-699999", "5-5"));
        assertThat(header(parts, "Content-Type")).startsWith("multipart/byteranges");
    }

    @Test
    void manifestsMayListManifests() throws Exception {
        byte[] content = uploadChunks(server);
        putManifest(WHOLE, threeChunks(3));
        putManifest("/3,11637037d6", manifest(chunk("3,10637037d6", 0, 700_000), chunk("3,01637037d6", 700_000, FIRST)));

        byte[] twice = server.get("/3,11637037d6").body();
        assertThat(Arrays.copyOf(twice, content.length)).isEqualTo(content);
        assertThat(Arrays.copyOfRange(twice, content.length, twice.length)).isEqualTo(Arrays.copyOf(content, FIRST));
    }

    @Test
    void circlesAreRefused() throws Exception {
        HttpResponse<byte[]> itself = putManifest(WHOLE, manifest(chunk("3,10637037d6", 0, 5)));
        assertThat(itself.statusCode()).isEqualTo(400);
        assertThat(text(itself)).contains("lists itself");
        assertThat(server.get(WHOLE).statusCode()).isEqualTo(404);

        putManifest(WHOLE, manifest(chunk("3,11637037d6", 0, 5)));
        putManifest("/3,11637037d6", manifest(chunk("3,10637037d6", 0, 5)));
        HttpResponse<byte[]> circle = server.get(WHOLE);
        assertThat(circle.statusCode()).isEqualTo(500);
        assertThat(text(circle)).contains("contains itself").contains("3,10637037d6 > 3,11637037d6 > 3,10637037d6");
        HttpResponse<byte[]> kept = server.delete(WHOLE);
        assertThat(kept.statusCode()).isEqualTo(500);
        assertThat(text(kept)).contains("contains itself");
        assertThat(server.get(WHOLE + "?cm=false").statusCode()).isEqualTo(200);
    }

    @Test
    void nestingEnds() throws Exception {
        server.put("/3,01637037d6", new byte[] {7});
        String inner = "3,01637037d6";
        for (int level = 0; level < 9; level++) {
            putManifest("/3,2" + level + "637037d6", manifest(chunk(inner, 0, 1)));
            inner = "3,2" + level + "637037d6";
        }
        assertThat(server.get("/3,27637037d6").body()).containsExactly(7);
        assertThat(text(server.get("/3,28637037d6"))).contains("nested more than 8 deep");
    }

    @Test
    void whatIsMissingIsSaid() throws Exception {
        uploadChunks(server);
        putManifest(WHOLE, manifest(chunk("3,05637037d6", 0, 10)));
        assertThat(server.get(WHOLE).statusCode()).isEqualTo(500);
        assertThat(text(server.get(WHOLE))).contains("Read chunk needle error: [404] 3,05637037d6");
        assertThat(server.send("HEAD", WHOLE, new byte[0]).statusCode()).as("HEAD asks for no chunk").isEqualTo(200);
        putManifest("/3,11637037d6", manifest(chunk("3,01637037d6", 0, 10)));
        assertThat(text(server.get("/3,11637037d6"))).contains("has 300000 bytes").contains("says 10");
        putManifest("/3,12637037d6", manifest(chunk("3,01637037d6", 5, FIRST)));
        assertThat(text(server.get("/3,12637037d6"))).startsWith("Invalid range");
        putManifest("/3,13637037d6", manifest(chunk("9,01637037d6", 0, 5)));
        assertThat(text(server.get("/3,13637037d6"))).contains("File Not Found");
        putManifest("/3,14637037d6", manifest(chunk("nonsense", 0, 5)));
        assertThat(text(server.get("/3,14637037d6"))).contains("nonsense");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "no json", "[]", "{\"chunks\":5}", "{\"chunks\":[5]}", "{\"chunks\":[{\"size\":-1}]}", "{\"name\":5}", "{} x"
    })
    void whatIsNoManifestIsAnOrdinaryFile(String content) throws Exception {
        assertThat(putManifest(WHOLE, content).statusCode()).isEqualTo(201);
        assertThat(text(server.get(WHOLE))).isEqualTo(content);
        HttpResponse<byte[]> deleted = server.delete(WHOLE);
        assertThat(deleted.statusCode()).isEqualTo(500);
        assertThat(text(deleted)).contains("Load chunks manifest error: ");
    }

    @Test
    void anEmptyManifestIsAnEmptyFile() throws Exception {
        putManifest(WHOLE, "{\"chunks\":[]}");

        HttpResponse<byte[]> empty = server.get(WHOLE);
        assertThat(empty.statusCode()).isEqualTo(200);
        assertThat(empty.body()).isEmpty();
        assertThat(header(empty, "X-File-Store")).isEqualTo("chunked");
    }

    @Test
    void aManifestThatCouldNotBeReadIsNotStored() throws Exception {
        StringBuilder chunks = new StringBuilder(chunk("3,01637037d6", 0, 1));
        for (int i = 0; i < 200_000; i++) chunks.append(",{}");
        HttpResponse<byte[]> refused = putManifest(WHOLE, manifest(chunks.toString()));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(text(refused)).contains("more than 200000 chunks");
    }

    @Test
    void itsChunksAreDeletedWithIt() throws Exception {
        uploadChunks(server);
        putManifest(WHOLE, threeChunks(3));
        putManifest("/3,11637037d6", "{\"size\":700007,\"chunks\":[" + chunk("3,10637037d6", 0, 700_000) + "]}");

        assertThat(server.delete("/3,11637037d7").statusCode()).as("another cookie").isEqualTo(400);
        HttpResponse<byte[]> deleted = server.delete("/3,11637037d6");
        assertThat(deleted.statusCode()).isEqualTo(202);
        assertThat(text(deleted)).isEqualTo("{\"size\":700007}");
        for (String gone : List.of("/3,11637037d6", WHOLE, "/3,01637037d6", "/3,02637037d6", "/3,03637037d6")) {
            assertThat(server.get(gone).statusCode()).as(gone).isEqualTo(404);
        }
    }

    @Test
    void aChunkThatCannotBeDeletedKeepsTheManifest() throws Exception {
        uploadChunks(server);
        putManifest(WHOLE, manifest(chunk("3,01637037d6", 0, FIRST), chunk("nonsense", FIRST, 5)));

        HttpResponse<byte[]> refused = server.delete(WHOLE);
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(server.get(WHOLE + "?cm=false").statusCode()).isEqualTo(200);
        assertThat(server.get("/3,01637037d6").statusCode()).as("nothing was begun").isEqualTo(200);

        putManifest("/3,11637037d6", manifest(chunk("9,01637037d6", 0, 5)));
        HttpResponse<byte[]> unknown = server.delete("/3,11637037d6");
        assertThat(unknown.statusCode()).isEqualTo(500);
        assertThat(text(unknown)).contains("Delete chunks error: ");
        putManifest("/3,12637037d6", manifest(chunk("3,05637037d6", 0, 5)));
        assertThat(server.delete("/3,12637037d6").statusCode()).as("a chunk that is gone is fine").isEqualTo(202);
    }

    @Test
    void chunksOnAnotherServerAreFetchedAndDeleted() throws Exception {
        byte[] content = uploadChunks(server);
        server.close();
        Security keys = new Security("write-key", "read-key", List.of(), false);
        server = RunningServer.start(directory.path(), config -> config.withSecurity(keys));
        ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
        try (RpcRuntime runtime = RpcRuntime.start(1, handlers);
                FakeMaster master = FakeMaster.start(runtime, 0, FakeMaster.accepting(1L << 30));
                RunningServer near = RunningServer.start(Files.createDirectory(directory.resolve("near")), config ->
                        config.withMasters(List.of(master.address())).withSecurity(keys))) {
            master.everythingIsOn(server.address().http());
            near.allocate(4);
            String write = Tokens.bearer("write-key", "4,10637037d6");
            String read = Tokens.bearer("read-key", "4,10637037d6");
            near.put("/4,10637037d6?cm=true", threeChunks(3).getBytes(StandardCharsets.UTF_8), "Authorization", write);

            assertThat(near.get("/4,10637037d6", "Authorization", read).body()).isEqualTo(content);
            assertThat(near.get("/4,10637037d6", "Authorization", read, "Range", "bytes=299990-300009").body())
                    .isEqualTo(Arrays.copyOfRange(content, 299_990, 300_010));
            assertThat(near.delete("/4,10637037d6", "Authorization", write).statusCode()).isEqualTo(202);
            for (String gone : List.of("3,01637037d6", "3,02637037d6", "3,03637037d6")) {
                assertThat(server.get("/" + gone, "Authorization", Tokens.bearer("read-key", gone)).statusCode())
                        .as(gone).isEqualTo(404);
            }
        } finally {
            handlers.shutdownNow();
        }
    }

    @Test
    void aCircleOverTwoServersEnds() throws Exception {
        ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
        try (RpcRuntime runtime = RpcRuntime.start(1, handlers);
                FakeMaster ofNear = FakeMaster.start(runtime, 0, FakeMaster.accepting(1L << 30));
                FakeMaster ofFar = FakeMaster.start(runtime, 0, FakeMaster.accepting(1L << 30));
                RunningServer near = RunningServer.start(Files.createDirectory(directory.resolve("near")), config ->
                        config.withMasters(List.of(ofNear.address())));
                RunningServer far = RunningServer.start(Files.createDirectory(directory.resolve("far")), config ->
                        config.withMasters(List.of(ofFar.address())))) {
            ofNear.everythingIsOn(far.address().http());
            ofFar.everythingIsOn(near.address().http());
            near.allocate(4);
            far.allocate(5);
            near.put("/4,01637037d6?cm=true", manifest(chunk("5,01637037d6", 0, 5)).getBytes(StandardCharsets.UTF_8));
            far.put("/5,01637037d6?cm=true", manifest(chunk("4,01637037d6", 0, 5)).getBytes(StandardCharsets.UTF_8));

            assertThat(near.get("/4,01637037d6").statusCode()).isEqualTo(500);
            assertThat(near.delete("/4,01637037d6").statusCode()).isEqualTo(500);
            assertThat(near.get("/4,01637037d6?cm=false").statusCode()).as("kept").isEqualTo(200);
        } finally {
            handlers.shutdownNow();
        }
    }
}
