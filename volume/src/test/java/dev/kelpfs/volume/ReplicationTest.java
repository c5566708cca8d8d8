package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.header;
import static dev.kelpfs.volume.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.volume.heartbeat.FakeMaster;
import dev.kelpfs.volume.location.ReadMode;
import dev.kelpfs.wire.volume.VolumeMarkReadonlyRequest;
import dev.kelpfs.wire.volume.VolumeMarkWritableRequest;
import dev.kelpfs.wire.volume.VolumeStatusRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two volume servers that keep copies of the same volume, and a third that has none. */
@ExtendWith(TestDirectories.class)
class ReplicationTest {
    private static final String FILE = "/3,01637037d6";
    private static final int MIB = 1 << 20;

    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final RpcRuntime runtime = RpcRuntime.start(1, handlers);
    private TestDirectory directory;
    private FakeMaster master;
    private RunningServer first;
    private RunningServer second;
    private RunningServer outside;

    @BeforeEach
    void start(TestDirectory own) throws IOException {
        directory = own;
        master = FakeMaster.start(runtime, 0, FakeMaster.accepting(1L << 30));
        first = start("first", 0);
        second = start("second", 0);
        outside = start("outside", 0);
        for (RunningServer server : List.of(first, second)) server.allocate(3, "001", "");
        bothAreKnown();
    }

    private RunningServer start(String name, int port) throws IOException {
        return RunningServer.start(Files.createDirectories(directory.resolve(name)), config -> config
                .withMasters(List.of(master.address()))
                .withReadMode(ReadMode.PROXY)
                .withListeners(new Listeners("127.0.0.1", port, OptionalInt.empty(), 0, "127.0.0.1", OptionalInt.empty())));
    }

    private void bothAreKnown() {
        master.everythingIsOn(first.address().http(), second.address().http());
    }

    @AfterEach
    void stop() throws IOException {
        for (RunningServer server : List.of(first, second, outside)) server.close();
        master.close();
        runtime.close();
        handlers.shutdownNow();
    }

    @Test
    void aChunkThatIsMissingHereIsReadFromAnotherCopy() throws Exception {
        String chunk = "/3,0c37037d61";
        byte[] data = "chunk".getBytes(StandardCharsets.US_ASCII);
        assertThat(first.put(chunk, data).statusCode()).isEqualTo(201);
        byte[] manifest = ("{\"name\":\"a.bin\",\"size\":5,\"chunks\":[{\"fid\":\"" + chunk.substring(1)
                + "\",\"offset\":0,\"size\":5}]}").getBytes(StandardCharsets.US_ASCII);
        assertThat(first.put("/3,0d37037d61?cm=true", manifest, "Content-Type", "application/json").statusCode()).isEqualTo(201);
        assertThat(first.delete(chunk + "?type=replicate").statusCode()).isEqualTo(202);

        assertThat(first.get("/3,0d37037d61").body()).isEqualTo(data);
        assertThat(first.get("/3,0d37037d61", "Range", "bytes=1-2").body()).isEqualTo("hu".getBytes(StandardCharsets.US_ASCII));
        assertThat(second.delete(chunk + "?type=replicate").statusCode()).isEqualTo(202);
        HttpResponse<byte[]> gone = first.get("/3,0d37037d61");
        assertThat(gone.statusCode()).isEqualTo(500);
        assertThat(text(gone)).contains("[404]").contains(chunk);
    }

    private static Map<String, List<String>> headers(HttpResponse<byte[]> answer) {
        Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
        headers.remove("Date");
        headers.remove("date");
        headers.remove("X-Amz-Request-Id");
        headers.remove("x-amz-request-id");
        return headers;
    }

    private void areEqual(String path) throws Exception {
        HttpResponse<byte[]> one = first.get(path, "Accept-Encoding", "gzip");
        HttpResponse<byte[]> other = second.get(path, "Accept-Encoding", "gzip");
        assertThat(other.statusCode()).isEqualTo(one.statusCode());
        assertThat(other.body()).isEqualTo(one.body());
        assertThat(headers(other)).isEqualTo(headers(one));
        assertThat(datBytes(second)).as("records of the same length").isEqualTo(datBytes(first));
    }

    private static long datBytes(RunningServer server) {
        return server.admin().volumeStatus(VolumeStatusRequest.newBuilder().setVolumeId(3).build()).getVolumeSize();
    }

    @Test
    void everythingAboutAFileIsCopied() throws Exception {
        byte[] text = "many words ".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        HttpResponse<byte[]> form = first.postForm(FILE + "?ts=1700000000&ttl=3d",
                "Content-Disposition: form-data; name=\"file\"; filename=\"caf\u00e9 \\\"x\\\".txt\"\r\nContent-Type: text/x-own",
                text, "Seaweed-Colour", "blue", "Seaweed-Two-Words", "a, b");
        assertThat(form.statusCode()).isEqualTo(201);
        areEqual(FILE);
        HttpResponse<byte[]> copy = second.get(FILE, "Accept-Encoding", "gzip");
        assertThat(header(copy, "Content-Encoding")).as("compressed once, kept as it is").isEqualTo("gzip");
        assertThat(header(copy, "Two-Words")).isEqualTo("a, b");
        assertThat(header(copy, "Last-Modified")).isEqualTo("Tue, 14 Nov 2023 22:13:20 GMT");
        assertThat(header(copy, "Content-Type")).isEqualTo("text/x-own");
        assertThat(header(copy, "ETag")).isEqualTo(header(form, "ETag"));

        assertThat(second.put("/3,0263703700?cm=true", "{\"name\":\"x\"}".getBytes(StandardCharsets.US_ASCII),
                "Content-Type", "application/json").statusCode()).isEqualTo(201);
        areEqual("/3,0263703700?cm=false");
        assertThat(first.put("/3,0363703700", new byte[] {1, 2}, "Content-Type", "application/octet-stream",
                "Content-Disposition", "inline; filename=\"a.png\"").statusCode()).isEqualTo(201);
        areEqual("/3,0363703700");
        assertThat(first.put("/3,0463703700", new byte[0]).statusCode()).as("an empty file").isEqualTo(201);
        areEqual("/3,0463703700");
        assertThat(first.put("/3,01637037d6_5", new byte[] {9}).statusCode()).as("with a delta").isEqualTo(201);
        areEqual("/3,01637037d6_5");
    }

    @Test
    void largeFilesAndManyAtOnceAreCopied() throws Exception {
        byte[] large = new Seed(3).bytes(9 * MIB + 1);
        assertThat(first.put(FILE, large).statusCode()).isEqualTo(201);
        assertThat(second.get(FILE).body()).isEqualTo(large);
        assertThat(second.put("/3,0263703700?fsync=true", large).statusCode()).isEqualTo(201);
        assertThat(first.get("/3,0263703700").body()).isEqualTo(large);

        List<Thread> threads = new ArrayList<>();
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < 8; t++) {
            int from = 100 * (t + 1);
            RunningServer server = t % 2 == 0 ? first : second;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int i = from; i < from + 50; i++) {
                        int status = server.put(path(i), new Seed(i).bytes(10 * i)).statusCode();
                        if (status != 201) wrong.add(path(i) + " " + status);
                    }
                } catch (IOException | InterruptedException failed) {
                    wrong.add(failed.toString());
                }
            }));
        }
        for (Thread thread : threads) thread.join();
        assertThat(wrong).isEmpty();
        for (int t = 0; t < 8; t++) {
            for (int i = 100 * (t + 1); i < 100 * (t + 1) + 50; i++) {
                assertThat(first.get(path(i)).body()).isEqualTo(new Seed(i).bytes(10 * i));
                assertThat(second.get(path(i)).body()).isEqualTo(new Seed(i).bytes(10 * i));
            }
        }
        assertThat(datBytes(second)).isEqualTo(datBytes(first));
    }

    private static String path(int key) {
        return "/3," + Integer.toHexString(key) + "63703700";
    }

    @Test
    void aDeadReplicaFailsTheWriteAndTheNextTryMakesTheCopiesEqual() throws Exception {
        ServerAddress dead = second.address();
        byte[] small = new Seed(4).bytes(1000);
        assertThat(first.put(FILE, small).statusCode()).as("connections are warm").isEqualTo(201);
        second.close();
        HttpResponse<byte[]> refused = first.put("/3,0263703700?ts=1700000000", small);
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(text(refused)).contains(dead.http());
        HttpResponse<byte[]> notDeleted = first.delete(FILE);
        assertThat(notDeleted.statusCode()).isEqualTo(500);
        assertThat(text(notDeleted)).contains("Deletion Failed").contains(dead.http());

        second = start("second", dead.httpPort());
        assertThat(second.get("/3,0263703700").statusCode()).isEqualTo(404);
        HttpResponse<byte[]> again = first.put("/3,0263703700?ts=1800000000", small);
        assertThat(again.statusCode()).as("it was there already").isEqualTo(204);
        assertThat(header(second.get("/3,0263703700"), "Last-Modified")).isEqualTo("Tue, 14 Nov 2023 22:13:20 GMT");
        assertThat(first.delete(FILE).statusCode()).as("deleted here before, there now").isEqualTo(202);
        assertThat(second.get(FILE).statusCode()).isEqualTo(404);
        assertThat(first.delete(FILE).statusCode()).as("gone everywhere").isEqualTo(404);
        areEqual("/3,0263703700");
        areEqual(FILE);
    }

    @Test
    void aTryAtTheOtherServerMakesTheCopiesEqualToo() throws Exception {
        byte[] small = new Seed(5).bytes(1000);
        mark(second, true);
        HttpResponse<byte[]> refused = first.put(FILE + "?ts=1700000000", small, "Content-Type", "a/b");
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(text(refused)).contains(second.address().http()).contains("read only");
        mark(second, false);
        assertThat(second.put(FILE + "?ts=1800000000", small, "Content-Type", "c/d").statusCode()).isEqualTo(201);
        HttpResponse<byte[]> one = first.get(FILE);
        assertThat(headers(second.get(FILE))).isEqualTo(headers(one));
        assertThat(header(one, "Content-Type")).isEqualTo("c/d");
        // The same data once more changes nothing anywhere.
        long before = datBytes(first);
        assertThat(first.put(FILE + "?ts=1900000000", small).statusCode()).isEqualTo(204);
        assertThat(headers(second.get(FILE))).isEqualTo(headers(first.get(FILE)));
        assertThat(datBytes(first)).isEqualTo(before);
    }

    private static void mark(RunningServer server, boolean readOnly) {
        if (readOnly) server.admin().volumeMarkReadonly(VolumeMarkReadonlyRequest.newBuilder().setVolumeId(3).build());
        else server.admin().volumeMarkWritable(VolumeMarkWritableRequest.newBuilder().setVolumeId(3).build());
    }

    @Test
    void nothingIsWrittenWhereCopiesAreMissing() throws Exception {
        master.everythingIsOn(first.address().http());
        HttpResponse<byte[]> refused = first.put(FILE, new byte[] {1});
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(text(refused)).contains("replicating operations [1] is less than volume 3 replication copy count [2]");
        assertThat(first.get(FILE).statusCode()).isEqualTo(404);
        bothAreKnown();
        assertThat(first.put(FILE, new byte[] {1}).statusCode()).as("the master is asked again").isEqualTo(201);
    }

    @Test
    void aDeleteReachesAllCopies() throws Exception {
        first.put(FILE, new byte[] {1, 2, 3});
        assertThat(second.delete("/3,01637037d7").statusCode()).as("wrong cookie").isEqualTo(400);
        assertThat(first.get(FILE).statusCode()).isEqualTo(200);
        assertThat(second.delete(FILE).statusCode()).isEqualTo(202);
        assertThat(first.get(FILE).statusCode()).isEqualTo(404);
    }

    @Test
    void aServerWithoutTheVolumePassesUploadsOnAndFetchesFiles() throws Exception {
        byte[] large = new Seed(6).bytes(3 * MIB);
        assertThat(outside.put(FILE, large, "Content-Type", "a/b").statusCode()).isEqualTo(201);
        areEqual(FILE);
        HttpResponse<byte[]> fetched = outside.get(FILE, "Origin", "http://elsewhere");
        assertThat(fetched.statusCode()).isEqualTo(200);
        assertThat(fetched.body()).isEqualTo(large);
        assertThat(header(fetched, "Content-Type")).isEqualTo("a/b");
        assertThat(fetched.headers().allValues("X-Amz-Request-Id")).hasSize(1);
        assertThat(fetched.headers().allValues("Access-Control-Allow-Origin")).hasSize(1);
        assertThat(outside.get(FILE, "Range", "bytes=10-19").statusCode()).isEqualTo(206);
        assertThat(outside.get(FILE, "If-None-Match", header(fetched, "ETag")).statusCode()).isEqualTo(304);
        assertThat(header(outside.send("HEAD", FILE, new byte[0]), "Content-Length")).isEqualTo(Integer.toString(3 * MIB));
        assertThat(outside.get("/3,05637037d6").statusCode()).isEqualTo(404);
        assertThat(outside.get(FILE + "?proxied=true").statusCode()).as("no further than one server").isEqualTo(404);

        master.everythingIsOn();
        HttpResponse<byte[]> nowhere = outside.put("/4,01637037d6", large);
        assertThat(nowhere.statusCode()).isEqualTo(500);
        assertThat(text(nowhere)).contains("volume 4 is not on this server");
    }

    @Test
    void aHolderThatIsGoneIsPassedOver() throws Exception {
        first.put(FILE, new byte[] {1});
        second.close();
        for (int i = 0; i < 4; i++) assertThat(outside.get(FILE).statusCode()).isEqualTo(200);
    }
}
