package dev.kelpfs.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.client.ChunkManifest.Chunk;
import dev.kelpfs.client.FakeCluster.StoredForm;
import dev.kelpfs.core.FileId;
import dev.kelpfs.testkit.Seed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files are stored in chunks, with the list of them under the file's own id. */
class ChunksTest {
    private static final int CHUNK = 1000;
    private static final Pattern ENTRY = Pattern.compile("\\{\"fid\":\"([^\"]+)\",\"offset\":(\\d+),\"size\":(\\d+)}");

    private final byte[] content = new Seed(3).bytes(4 * CHUNK + 17);
    private FakeCluster cluster;
    private KelpClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster(1);
        client = KelpClient.connect(ClientOptions.of(cluster.masterAddress()).withChunksOf(CHUNK).withParallelChunks(2));
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    @Test
    void theListIsJsonWithQuotedNames() {
        ChunkManifest list = new ChunkManifest("a\"b\\\n.bin", "x/y", List.of(
                new Chunk(FileId.parse("3,01637037d6"), 0, 7), new Chunk(FileId.parse("4,02637037d6"), 7, 3)));
        assertThat(new String(list.json(), UTF_8)).isEqualTo("{\"name\":\"a\\\"b\\\\\\u000a.bin\",\"mime\":\"x/y\",\"size\":10,"
                + "\"chunks\":[{\"fid\":\"3,01637037d6\",\"offset\":0,\"size\":7},"
                + "{\"fid\":\"4,02637037d6\",\"offset\":7,\"size\":3}]}");
    }

    @Test
    void aLargeFileIsStoredInChunks(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("large.bin"), content);

        StoredFile stored = client.put(NewFile.of(file).synced(), Placement.DEFAULT.inCollection("c"));

        assertThat(stored.bytes()).isEqualTo(content.length);
        assertThat(stored.chunks()).isEqualTo(5);
        assertIsWhole(stored.id(), "large.bin");
        assertThat(cluster.files.values().stream().map(StoredForm::query)).allMatch(query -> query.contains("fsync=true"));
        assertThat(cluster.master.assigns).hasSize(6).allMatch(assign -> assign.getCollection().equals("c"));
    }

    @Test
    void oneThatJustFitsIsStoredInOnePiece() throws IOException {
        assertThat(client.put(NewFile.of(new byte[CHUNK]), Placement.DEFAULT).chunks()).isZero();
        assertThat(client.put(NewFile.of(new byte[CHUNK + 1]), Placement.DEFAULT).chunks()).isEqualTo(2);
        try (KelpClient whole = KelpClient.connect(ClientOptions.of(cluster.masterAddress()).withChunksOf(0))) {
            assertThat(whole.put(NewFile.of(content), Placement.DEFAULT).chunks()).isZero();
        }
    }

    @Test
    void aStreamOfUnknownLengthIsStoredAsItComes() throws IOException {
        StoredFile large = client.put(NewFile.of(new ByteArrayInputStream(content)).named("s"), Placement.DEFAULT);
        assertThat(large.chunks()).isEqualTo(5);
        assertIsWhole(large.id(), "s");
        StoredFile small = client.put(NewFile.of(new ByteArrayInputStream(new byte[5])), Placement.DEFAULT);
        assertThat(small.chunks()).isZero();
        assertThat(small.bytes()).isEqualTo(5);
    }

    @Test
    void theListGoesUnderTheIdOfAnAssignment() throws IOException {
        Assignment place = client.assign(Placement.DEFAULT.inCollection("c"), 2).at(1);

        StoredFile stored = client.upload(place, NewFile.of(content).named("x"));

        assertThat(stored.id()).isEqualTo(place.id());
        assertThat(cluster.files.get("/" + place.path()).query()).isEqualTo("cm=true");
        assertThat(cluster.master.assigns).hasSize(6).allMatch(assign -> assign.getCollection().equals("c"));
    }

    @Test
    void aChunkThatAServerFailsIsStoredElsewhere() throws IOException {
        cluster.failures.add(500);
        assertIsWhole(client.put(NewFile.of(content).named("x"), Placement.DEFAULT).id(), "x");
    }

    @Test
    void nothingIsLeftBehindWhenAChunkIsRefused() {
        byte[] large = new Seed(4).bytes(20 * CHUNK);
        InputStream refusedLater = new SequenceInputStream(new ByteArrayInputStream(large), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }
        });

        assertThatThrownBy(() -> client.put(NewFile.of(refusedLater), Placement.DEFAULT)).hasMessageContaining("the disk is gone");

        // Chunks that had not begun when the content failed are not sent at all.
        long sent = cluster.requests.stream().filter(request -> request.startsWith("POST")).count();
        assertThat(cluster.batchDeleted).isNotEmpty().hasSize((int) sent);
        assertThat(cluster.files.values()).noneMatch(file -> file.query().contains("cm="));
    }

    @Test
    void aFileThatShrinksMeanwhileIsRefused(@TempDir Path directory) throws IOException {
        Path path = Files.write(directory.resolve("log"), content);
        NewFile file = NewFile.of(path);
        Files.write(path, new byte[CHUNK]);

        assertThatThrownBy(() -> client.put(file, Placement.DEFAULT)).hasMessageContaining("has ended after 1000 bytes");
        assertThat(cluster.batchDeleted).hasSize(1);

        Files.write(path, new Seed(5).bytes(10 * CHUNK));
        assertThat(client.put(file, Placement.DEFAULT).bytes()).as("what is appended is not read").isEqualTo(content.length);
    }

    private void assertIsWhole(FileId id, String name) throws IOException {
        StoredForm list = cluster.files.get("/" + id);
        assertThat(list.query()).contains("cm=true");
        assertThat(list.partHead()).contains("Content-Type: application/json");
        String json = new String(list.content(), UTF_8);
        assertThat(json).startsWith("{\"name\":\"" + name + "\",\"size\":" + content.length + ",");
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        Matcher entry = ENTRY.matcher(json);
        int number = 1;
        while (entry.find()) {
            StoredForm chunk = cluster.files.get("/" + entry.group(1));
            assertThat(Long.parseLong(entry.group(2))).isEqualTo(whole.size());
            assertThat(chunk.partHead()).contains("filename=\"" + name + "-" + number++ + "\"");
            whole.write(chunk.content());
        }
        assertThat(whole.toByteArray()).isEqualTo(content);
    }
}
