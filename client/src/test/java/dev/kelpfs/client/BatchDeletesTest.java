package dev.kelpfs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.FileId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchDeletesTest {
    private FakeCluster cluster;
    private KelpClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster(2);
        client = KelpClient.connect(ClientOptions.of(cluster.masterAddress()).withChunksOf(10));
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    @Test
    void everyCopyIsDeletedAndEveryFileHasItsOutcome() throws IOException {
        FileId small = client.put(NewFile.of(new byte[5]), Placement.DEFAULT).id();
        FileId large = client.put(NewFile.of(new byte[25]), Placement.DEFAULT).id();
        FileId missing = FileId.parse("3,ff637037d6");
        FileId nowhere = FileId.parse("77,ff637037d6");
        FileId stubborn = FileId.parse("3,0100000bad");
        cluster.files.put("/" + stubborn, new FakeCluster.StoredForm("", new byte[1], "", java.util.Map.of()));

        List<DeleteOutcome> outcomes = client.deleteAll(List.of(small, missing, large, nowhere, stubborn, small));

        assertThat(outcomes).hasSize(5);
        assertThat(outcomes.subList(0, 4)).containsExactly(new DeleteOutcome.Deleted(small), new DeleteOutcome.Missing(missing),
                new DeleteOutcome.Deleted(large), new DeleteOutcome.Missing(nowhere));
        assertThat(outcomes.get(4)).isInstanceOfSatisfying(DeleteOutcome.Failed.class,
                failed -> assertThat(failed.reason()).contains("answered 500: told to fail"));
        assertThat(cluster.batchDeleted).containsExactlyInAnyOrder(
                small + " at " + cluster.server(0).url(), small + " at " + cluster.server(1).url());
        assertThat(cluster.requests).as("a file with chunks is deleted by its server").contains("DELETE /" + large);
    }

    @Test
    void largeBatchesAreParted() throws IOException {
        List<FileId> ids = new ArrayList<>();
        for (int i = 1; i <= 2500; i++) ids.add(FileId.parse("3,%08x637037d6".formatted(i)));

        assertThat(client.deleteAll(ids)).hasSize(2500).allMatch(DeleteOutcome.Missing.class::isInstance);
        assertThat(cluster.requests.stream().filter("BatchDelete of 1000"::equals)).hasSize(4);
        assertThat(cluster.master.lookUps).as("one question for all files of a volume").hasValue(1);
    }

    @Test
    void aServerThatIsAwayFailsItsFiles() throws IOException {
        FileId id = client.put(NewFile.of(new byte[5]), Placement.DEFAULT).id();
        cluster.server(1).stop();

        assertThat(client.deleteAll(List.of(id))).singleElement().isInstanceOfSatisfying(DeleteOutcome.Failed.class,
                failed -> assertThat(failed.reason()).contains(cluster.server(1).url()));
    }

    @Test
    void filesOfAVolumeWhoseServersAreAllAwayAreNotMissing() throws IOException {
        FileId away = FileId.parse("5,01637037d6");
        assertThat(client.deleteAll(List.of(away))).singleElement().isInstanceOfSatisfying(DeleteOutcome.Failed.class,
                failed -> assertThat(failed.reason()).contains("volume id 5 is on 10.0.0.9:8080"));
        assertThatThrownBy(() -> client.delete(away)).isInstanceOf(KelpException.class).hasMessageContaining("none of these is connected");
        assertThatThrownBy(() -> client.info(away)).isInstanceOf(KelpException.class).hasMessageContaining("none of these is connected");
    }
}
