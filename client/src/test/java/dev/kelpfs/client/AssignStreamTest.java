package dev.kelpfs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.FileId;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ids over one stream instead of by single calls. */
class AssignStreamTest {
    private FakeCluster cluster;
    private KelpClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster(1);
        client = KelpClient.connect(ClientOptions.of(cluster.masterAddress()).withAssignByStream());
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    @Test
    void manyThreadsShareOneStreamAndEachGetsItsOwnId() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<FileId>> asked = new ArrayList<>();
        for (int i = 0; i < 200; i++) asked.add(threads.submit(() -> client.assign(Placement.DEFAULT, 1).id()));
        Set<FileId> ids = new HashSet<>();
        for (Future<FileId> id : asked) ids.add(id.get());
        threads.shutdown();

        assertThat(ids).hasSize(200);
        assertThat(cluster.master.streams).hasValue(1);
    }

    @Test
    void laterIsAskedAgainOnTheSameStream() throws IOException {
        cluster.master.failures.add(Status.RESOURCE_EXHAUSTED.withDescription("growth in progress"));

        assertThat(client.assign(Placement.DEFAULT, 1).id()).isEqualTo(FileId.parse("3,01637037d6"));
        assertThat(cluster.master.streams).hasValue(1);
    }

    @Test
    void aRefusalIsFinalAndTheNextQuestionOpensAnotherStream() throws IOException {
        cluster.master.failures.add(Status.UNKNOWN.withDescription("unexpected replication type: abc"));

        assertThatThrownBy(() -> client.assign(Placement.DEFAULT, 1)).hasMessageContaining("unexpected replication type: abc");
        client.assign(Placement.DEFAULT, 1);
        assertThat(cluster.master.streams).hasValue(2);
    }

    @Test
    void aMasterWithoutStreamsIsAskedByCalls() throws IOException {
        cluster.master.streaming = false;

        for (int i = 0; i < 3; i++) client.assign(Placement.DEFAULT, 1);
        assertThat(cluster.master.assigns).hasSize(3);
        assertThat(cluster.master.streams).hasValue(0);
    }
}
