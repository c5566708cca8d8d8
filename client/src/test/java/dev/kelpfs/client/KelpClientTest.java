package dev.kelpfs.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.client.FakeCluster.StoredForm;
import dev.kelpfs.core.FileId;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.wire.master.AssignRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
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
        client = KelpClient.connect(ClientOptions.of(cluster.masterAddress()));
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    private StoredForm stored(FileId id) {
        return cluster.files.get("/" + id);
    }

    @Test
    void storesReadsAndDeletes() throws IOException {
        StoredFile stored = client.put(HELLO, Placement.DEFAULT);

        assertThat(stored.bytes()).isEqualTo(5);
        assertThat(stored.etag()).isEqualTo("0badcafe");
        assertThat(stored.url()).isEqualTo(cluster.server(0).url() + "/" + stored.id());
        assertThat(stored(stored.id()).partHead()).contains("filename=\"ein \\\"Gruß\\\".txt\"", "Content-Type: text/plain");
        assertThat(client.get(stored.id()).orElseThrow().readAll()).isEqualTo("hello".getBytes(UTF_8));
        assertThat(client.delete(stored.id())).isTrue();
        assertThat(client.get(stored.id())).isEmpty();
        assertThat(client.delete(stored.id())).isFalse();
    }

    @Test
    void whatIsKeptBesideTheContentIsSent() throws IOException {
        NewFile file = HELLO.changedAt(Instant.ofEpochSecond(1_700_000_000)).with("Owner", "kim").with("owner", "lee").synced();

        StoredForm form = stored(client.put(file, Placement.DEFAULT).id());

        assertThat(form.query()).isEqualTo("ts=1700000000&fsync=true");
        assertThat(form.headers().get("Seaweed-owner")).containsExactly("lee");
        assertThatThrownBy(() -> HELLO.with("a b", "c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HELLO.with("a", "c\r\nd")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void storesAFileOfThisMachine(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("notes.txt");
        Files.writeString(file, "some notes");
        Path empty = Files.createFile(directory.resolve("empty"));

        StoredFile stored = client.put(NewFile.of(file), Placement.DEFAULT);

        assertThat(stored.bytes()).isEqualTo(10);
        assertThat(new String(stored(stored.id()).content(), UTF_8)).isEqualTo("some notes");
        assertThat(stored(stored.id()).partHead()).contains("filename=\"notes.txt\"");
        assertThat(stored(stored.id()).query()).startsWith("ts=");
        assertThat(stored(client.put(NewFile.of(empty), Placement.DEFAULT).id()).content()).isEmpty();
        assertThatThrownBy(() -> NewFile.of(directory.resolve("missing"))).hasMessageContaining("there is no file");
        assertThatThrownBy(() -> NewFile.of(directory)).hasMessageContaining("is a directory, expected a file");
    }

    @Test
    void saysWhereTheFileShouldGo() throws IOException {
        Assignment place = client.assign(
                Placement.DEFAULT.inCollection("pictures").replicated("001").keptFor(Ttl.parse("7d")).onDisk("ssd")
                        .inDataCenter("dc1").inRack("r1"), 3);

        AssignRequest asked = cluster.master.assigns.get(0);
        assertThat(asked.getCollection()).isEqualTo("pictures");
        assertThat(asked.getReplication()).isEqualTo("001");
        assertThat(asked.getTtl()).isEqualTo("1w");
        assertThat(asked.getDiskType()).isEqualTo("ssd");
        assertThat(asked.getDataCenter() + asked.getRack()).isEqualTo("dc1r1");
        assertThat(asked.getCount()).isEqualTo(3);
        assertThat(place.at(2).id()).isEqualTo(FileId.parse("3,01637037d6_2"));
        assertThatThrownBy(() -> place.at(3)).hasMessageContaining("0 to 2");
    }

    @Test
    void storesUnderEachIdOfAnAssignment() throws IOException {
        Assignment place = client.assign(Placement.DEFAULT, 2);

        StoredFile second = client.upload(place.at(1), HELLO);

        assertThat(second.id()).isEqualTo(FileId.parse("3,02637037d6"));
        assertThat(cluster.requests).containsExactly("POST /3,01637037d6_1");
    }

    @Test
    void anUploadThatAServerFailsIsTriedUnderAnotherIdAndTheFirstIsDiscarded() throws IOException {
        cluster.failures.add(500);

        StoredFile stored = client.put(HELLO, Placement.DEFAULT);

        assertThat(stored.id()).isEqualTo(FileId.parse("3,02637037d6"));
        assertThat(cluster.requests).containsExactly("POST /3,01637037d6", "DELETE /3,01637037d6", "POST /3,02637037d6");
    }

    @Test
    void anUploadUnderAGivenIdGoesToTheOtherServerWhenOneFails() throws IOException {
        Assignment place = client.assign(Placement.DEFAULT, 1);
        cluster.server(0).stop();

        assertThat(client.upload(place, HELLO).url()).startsWith(cluster.server(1).url());
        assertThat(stored(place.id()).content()).hasSize(5);
    }

    @Test
    void anUploadThatIsRefusedIsNotTriedAgain() {
        cluster.failures.add(400);

        assertThatThrownBy(() -> client.put(HELLO, Placement.DEFAULT)).hasMessageContaining("answered 400: told to fail")
                .isInstanceOfSatisfying(KelpException.class, refused -> assertThat(refused.httpStatus()).hasValue(400));
        assertThat(cluster.requests).hasSize(1);
    }

    @Test
    void anUploadThatAlwaysFailsEnds() {
        for (int i = 0; i < 100; i++) cluster.failures.add(503);

        assertThatThrownBy(() -> client.put(HELLO, Placement.DEFAULT)).hasMessageContaining("answered 503");
        assertThat(cluster.master.assigns).as("a new id for each try").hasSize(5);
    }

    @Test
    void readsFromAnotherServerWhenOneFails() throws IOException {
        StoredFile stored = client.put(HELLO, Placement.DEFAULT);
        cluster.server(0).stop();

        for (int i = 0; i < 8; i++) assertThat(client.get(stored.id()).orElseThrow().readAll()).isNotEmpty();
    }

    @Test
    void aReadThatBreaksOffGoesOnWhereItWas() throws IOException {
        byte[] content = new byte[100_000];
        for (int i = 0; i < content.length; i++) content[i] = (byte) (i * 31 >>> 3);
        StoredFile stored = client.put(NewFile.of(content), Placement.DEFAULT);
        cluster.cuts.addAll(List.of(10, 50_000, 1));

        assertThat(client.get(stored.id()).orElseThrow().readAll()).isEqualTo(content);
        cluster.cuts.addAll(List.of(100, 200));
        assertThat(client.get(stored.id(), ByteRange.of(10, 1000)).orElseThrow().readAll())
                .isEqualTo(java.util.Arrays.copyOfRange(content, 10, 1010));
        assertThat(cluster.requests.stream().filter(request -> request.startsWith("GET"))).hasSize(4 + 3);
    }

    @Test
    void aReadThatBreaksOffFailsWhenTheRestIsOfAnotherContent() throws IOException {
        StoredFile stored = client.put(NewFile.of(new byte[1000]), Placement.DEFAULT);
        cluster.cuts.add(10);
        try (FileContent content = client.get(stored.id()).orElseThrow()) {
            cluster.files.put("/" + stored.id(), new StoredForm("", new byte[2000], "", java.util.Map.of()));
            assertThatThrownBy(() -> content.body().readAllBytes()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void readsParts() throws IOException {
        FileId id = client.put(NewFile.of("0123456789".getBytes(UTF_8)), Placement.DEFAULT).id();

        FileContent middle = client.get(id, ByteRange.of(2, 3)).orElseThrow();
        assertThat(middle.offset()).isEqualTo(2);
        assertThat(middle.bytes()).isEqualTo(OptionalLong.of(3));
        assertThat(middle.info().bytes()).isEqualTo(OptionalLong.of(10));
        assertThat(middle.readAll()).isEqualTo("234".getBytes(UTF_8));
        assertThat(client.get(id, ByteRange.from(7)).orElseThrow().readAll()).isEqualTo("789".getBytes(UTF_8));
        assertThat(client.get(id, ByteRange.last(2)).orElseThrow().readAll()).isEqualTo("89".getBytes(UTF_8));
        assertThatThrownBy(() -> client.get(id, ByteRange.from(10)))
                .isInstanceOfSatisfying(KelpException.class, refused -> assertThat(refused.httpStatus()).hasValue(416));
    }

    @Test
    void tellsAboutAFileWithoutReadingIt() throws IOException {
        FileId id = client.put(HELLO, Placement.DEFAULT).id();

        FileInfo info = client.info(id).orElseThrow();

        assertThat(info.bytes()).isEqualTo(OptionalLong.of(5));
        assertThat(info.name()).isEqualTo("one.txt");
        assertThat(info.mime()).isEqualTo("text/plain");
        assertThat(info.modified()).contains(Instant.parse("2026-11-02T10:00:00Z"));
        assertThat(client.info(FileId.parse("3,99637037d6"))).isEmpty();
    }

    @Test
    void aFailureOfAllServersSaysWhoAnsweredWhat() throws IOException {
        StoredFile stored = client.put(HELLO, Placement.DEFAULT);
        cluster.failures.addAll(List.of(500, 500, 500, 500));

        assertThatThrownBy(() -> client.get(stored.id())).hasMessageContaining("answered 500: told to fail");
    }

    @Test
    void aDeleteThatFailsHalfWayReachesEveryServer() throws IOException {
        StoredFile stored = client.put(HELLO, Placement.DEFAULT);
        cluster.failures.add(500);

        assertThat(client.delete(stored.id())).isTrue();
        assertThat(cluster.requests.stream().filter(request -> request.startsWith("DELETE")))
                .as("after a failure it is not enough that one server has none").hasSize(4);
    }

    @Test
    void aVolumeThatNobodyKnowsHasNoFiles() throws IOException {
        assertThat(client.get(FileId.parse("99,01637037d6"))).isEmpty();
        assertThat(client.delete(FileId.parse("99,01637037d6"))).isFalse();
    }

    @Test
    void guardedServersSeeATokenOnceTheyHaveAskedForOne() throws IOException {
        cluster.token = "secret";

        FileId id = client.put(HELLO, Placement.DEFAULT).id();
        assertThat(client.get(id).orElseThrow().readAll()).hasSize(5);
        assertThat(client.get(id).orElseThrow().readAll()).hasSize(5);
        assertThat(client.delete(id)).isTrue();

        assertThat(cluster.requests).as("one refusal for reads, one for deletes").hasSize(1 + 3 + 2);
    }

    @Test
    void anIdWhoseTokenHasExpiredGetsAnotherToken() throws IOException {
        cluster.token = "first";
        Assignment place = client.assign(Placement.DEFAULT, 2);
        cluster.token = "second";

        assertThat(client.upload(place.at(1), HELLO).bytes()).isEqualTo(5);

        cluster.master.writeToken = "of another cluster";
        cluster.token = "third";
        assertThatThrownBy(() -> client.upload(place, HELLO)).as("asked once, not again and again").hasMessageContaining("401");
    }

    @Test
    void publicAddressesAreUsedWhenAskedFor() throws IOException {
        try (KelpClient outside = KelpClient.connect(ClientOptions.of(cluster.masterAddress()).withPublicUrls())) {
            assertThat(outside.put(HELLO, Placement.DEFAULT).url()).startsWith("localhost:");
        }
    }

    @Test
    void waitsForAMasterThatIsNotReadyAndFollowsToOneThatAnswers() throws IOException {
        cluster.master.failures.addAll(List.of(
                Status.UNAVAILABLE.withDescription("raft.Server: Not current leader"),
                Status.RESOURCE_EXHAUSTED.withDescription("growth in progress")));
        try (KelpClient other =
                KelpClient.connect(ClientOptions.of(FakeCluster.deadMaster(), cluster.masterAddress()))) {
            assertThat(other.assign(Placement.DEFAULT, 1).servers()).hasSize(2);
        }
        assertThat(cluster.master.assigns).hasSize(3);
    }

    @Test
    void asksTheLeaderThatAnotherMasterNames() throws IOException {
        try (FakeCluster follower = new FakeCluster(1)) {
            follower.master.leader = cluster.masterAddress().withBothPorts();
            follower.master.failures.add(Status.UNAVAILABLE.withDescription("raft.Server: Not current leader"));
            try (KelpClient other = KelpClient.connect(ClientOptions.of(follower.masterAddress()))) {
                other.assign(Placement.DEFAULT, 1);
                other.assign(Placement.DEFAULT, 1);
            }
            assertThat(follower.master.assigns).hasSize(1);
        }
        assertThat(cluster.master.assigns).hasSize(2);
    }

    @Test
    void aRefusalOfTheMasterIsFinal() {
        cluster.master.failures.add(Status.UNKNOWN.withDescription("unexpected replication type: abc"));

        assertThatThrownBy(() -> client.assign(Placement.DEFAULT, 1)).hasMessageContaining("unexpected replication type: abc");
        assertThat(cluster.master.assigns).hasSize(1);
    }

    @Test
    void patienceEndsWithTheMastersNamed() throws IOException {
        ServerAddress dead = FakeCluster.deadMaster();
        try (KelpClient other = KelpClient.connect(ClientOptions.of(dead).withPatience(Duration.ofMillis(200)))) {
            assertThatThrownBy(() -> other.assign(Placement.DEFAULT, 1)).hasMessageContaining(dead.toString())
                    .hasMessageContaining("connection refused; check that a master runs there").message().hasLineCount(1);
        }
    }
}
