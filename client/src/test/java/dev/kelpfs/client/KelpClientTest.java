package dev.kelpfs.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.wire.master.AssignRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KelpClientTest {
    private static final NewFile HELLO = NewFile.of("hello".getBytes(UTF_8)).named("ein \"Gruß\".txt").ofType("text/plain");

    private FakeCluster cluster;
    private KelpClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster(2);
        client = KelpClient.connect(ClientOptions.of(cluster.master()));
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    @Test
    void storesReadsAndDeletes() throws IOException {
        StoredFile stored = client.put(HELLO, Placement.DEFAULT);

        assertThat(stored.bytes()).isEqualTo(5);
        assertThat(stored.etag()).isEqualTo("0badcafe");
        String form = new String(client.get(stored.id()).orElseThrow().readAll(), UTF_8);
        assertThat(form).contains("filename=\"ein \\\"Gruß\\\".txt\"", "Content-Type: text/plain", "\r\n\r\nhello\r\n");
        assertThat(client.delete(stored.id())).isTrue();
        assertThat(client.get(stored.id())).isEmpty();
        assertThat(client.delete(stored.id())).isFalse();
    }

    @Test
    void storesAFileOfThisMachine(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("notes.txt");
        java.nio.file.Files.writeString(file, "some notes");

        StoredFile stored = client.put(NewFile.of(file), Placement.DEFAULT);

        assertThat(stored.bytes()).isEqualTo(10);
        assertThat(new String(cluster.files.get("/" + stored.id()), UTF_8)).contains("filename=\"notes.txt\"", "some notes");
        assertThatThrownBy(() -> NewFile.of(directory.resolve("missing"))).hasMessageContaining("there is no file");
    }

    @Test
    void saysWhereTheFileShouldGo() throws IOException {
        client.assign(Placement.DEFAULT.inCollection("pictures").replicated("001").keptFor(Ttl.parse("7d")), 3);

        AssignRequest asked = cluster.assigns.get(0);
        assertThat(asked.getCollection()).isEqualTo("pictures");
        assertThat(asked.getReplication()).isEqualTo("001");
        assertThat(asked.getTtl()).isEqualTo("1w");
        assertThat(asked.getCount()).isEqualTo(3);
    }

    @Test
    void anUploadThatAServerFailsIsTriedUnderAnotherIdAndTheFirstIsDiscarded() throws IOException {
        cluster.failures.add(500);

        StoredFile stored = client.put(HELLO, Placement.DEFAULT);

        assertThat(stored.id()).isEqualTo(FileId.parse("3,02637037d6"));
        assertThat(cluster.requests).containsExactly("POST /3,01637037d6", "DELETE /3,01637037d6", "POST /3,02637037d6");
    }

    @Test
    void anUploadThatIsRefusedIsNotTriedAgain() {
        cluster.failures.add(400);

        assertThatThrownBy(() -> client.put(HELLO, Placement.DEFAULT)).hasMessageContaining("answered 400: told to fail");
        assertThat(cluster.requests).hasSize(1);
    }

    @Test
    void readsFromAnotherServerWhenOneFails() throws IOException {
        StoredFile stored = client.put(HELLO, Placement.DEFAULT);
        cluster.stopVolumeServer(0);

        for (int i = 0; i < 8; i++) assertThat(client.get(stored.id()).orElseThrow().readAll()).isNotEmpty();
    }

    @Test
    void aFailureOfAllServersSaysWhoAnsweredWhat() throws IOException {
        StoredFile stored = client.put(HELLO, Placement.DEFAULT);
        cluster.failures.addAll(List.of(500, 500, 500, 500));

        assertThatThrownBy(() -> client.get(stored.id())).hasMessageContaining("answered 500: told to fail");
    }

    @Test
    void aVolumeThatNobodyKnowsHasNoFiles() throws IOException {
        assertThat(client.get(FileId.parse("99,01637037d6"))).isEmpty();
        assertThat(client.delete(FileId.parse("99,01637037d6"))).isFalse();
    }

    @Test
    void waitsForAMasterThatIsNotReadyAndFollowsToOneThatAnswers() throws IOException {
        cluster.masterFailures.addAll(List.of(
                Status.UNAVAILABLE.withDescription("raft.Server: Not current leader"),
                Status.RESOURCE_EXHAUSTED.withDescription("growth in progress")));
        try (KelpClient other = KelpClient.connect(ClientOptions.of(FakeCluster.deadMaster(), cluster.master()))) {
            assertThat(other.assign(Placement.DEFAULT, 1).servers()).hasSize(1);
        }
        assertThat(cluster.assigns).hasSize(3);
    }

    @Test
    void aRefusalOfTheMasterIsFinal() {
        cluster.masterFailures.add(Status.UNKNOWN.withDescription("unexpected replication type: abc"));

        assertThatThrownBy(() -> client.assign(Placement.DEFAULT, 1)).hasMessageContaining("unexpected replication type: abc");
        assertThat(cluster.assigns).hasSize(1);
    }

    @Test
    void patienceEndsWithTheMastersNamed() throws IOException {
        ServerAddress dead = FakeCluster.deadMaster();
        try (KelpClient other = KelpClient.connect(ClientOptions.of(dead).withPatience(Duration.ofMillis(200)))) {
            assertThatThrownBy(() -> other.assign(Placement.DEFAULT, 1)).hasMessageContaining(dead.toString());
        }
    }
}
