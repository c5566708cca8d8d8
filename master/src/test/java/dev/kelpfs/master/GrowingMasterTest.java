package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.FileId;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.RaftAddServerRequest;
import dev.kelpfs.wire.master.RaftListClusterServersRequest;
import dev.kelpfs.wire.master.RaftRemoveServerRequest;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A single master becomes one of three and a single one again, and knows afterwards what it knew before. */
@ExtendWith(TestDirectories.class)
class GrowingMasterTest {
    private final Set<String> ids = new HashSet<>();
    private FakeVolumeServer server;
    private String cluster = "";

    @Test
    void whileItRuns(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory)) {
            startAlone(masters);
            assertThatThrownBy(() -> masters.grpc(0).raftAddServer(add(masters, 1))).isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("no master answers at").hasMessageContaining("-peers=" + masters.address(0).http());
            assertThatThrownBy(() -> masters.grpc(0).raftAddServer(add(masters, 0))).hasMessageContaining("is this master itself");
            // Where a second address is given, that is the one of gRPC.
            RaftAddServerRequest twoAddresses = add(masters, 1).toBuilder().setAddress(masters.address(2).grpc()).build();
            assertThatThrownBy(() -> masters.grpc(0).raftAddServer(twoAddresses))
                    .hasMessageContaining("no master answers at " + masters.address(2).grpc());
            assertThat(masters.stateOf(0, 0).resolve("log")).exists();

            masters.start(1, 0, 0, 1);
            Await.until("the new one says what to type", ThreeMasters.LIMIT, () -> masters.get(1, "/cluster/status").body()
                    .contains("cluster.raft.add -id=" + masters.address(1).http()));
            masters.grpc(0).raftAddServer(add(masters, 1));
            assertThat(members(masters, 0)).isEqualTo(2);
            assigns(masters, 0);
            masters.start(2, 0, 0, 2);
            masters.grpc(0).raftAddServer(add(masters, 2));
            assertThat(members(masters, 0)).isEqualTo(3);

            goesOnWithoutTheFirst(masters);
            shrinksToOne(masters, 1);
        }
    }

    @Test
    void byARestartThatNamesTheOthers(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory)) {
            startAlone(masters);
            masters.stop(0);
            Path state = masters.stateOf(0, 0);
            byte[] log = Files.readAllBytes(state.resolve("log"));
            // What a crash left in the middle of an earlier try.
            Files.createDirectories(state.resolve("raft/rest"));
            Files.writeString(state.resolve("raft/rest/raft-meta"), "torn");
            for (int i = 2; i >= 0; i--) masters.start(i, 0);
            Await.until("all three are members", ThreeMasters.LIMIT, () -> members(masters, 0) == 3);
            int leader = masters.leader();
            masters.connectToLeader(server);
            assigns(masters, leader);

            // And one that came just before the last step: the old log is there again, and counts no more.
            masters.stop(0);
            Files.write(state.resolve("log"), log);
            masters.start(0, 0);
            Await.until("the first is back", ThreeMasters.LIMIT, () -> masters.get(0, "/readyz").statusCode() == 200);
            assertThat(state.resolve("log")).doesNotExist();
            goesOnWithoutTheFirst(masters);
            masters.start(0, 0);
            shrinksToOne(masters, 0);
        }
    }

    private void startAlone(ThreeMasters masters) throws Exception {
        masters.start(0, 0, new int[0]);
        server = new FakeVolumeServer(masters.rpc, "v1", "dc1", "r1", 20);
        server.join(masters.address(0));
        assigns(masters, 0);
        cluster = masters.clusterId(0);
        assertThat(cluster).isNotEmpty();
    }

    private void goesOnWithoutTheFirst(ThreeMasters masters) throws Exception {
        masters.stop(0);
        int leader = masters.leader();
        String volume = ids.iterator().next().split(",")[0];
        assertThat(masters.get(leader, "/dir/lookup?volumeId=" + volume).body()).contains(server.url());
        masters.connectToLeader(server);
        assigns(masters, leader);
        assertThat(masters.clusterId(leader)).isEqualTo(cluster);
    }

    private void shrinksToOne(ThreeMasters masters, int last) throws Exception {
        Await.until("the last one takes part", ThreeMasters.LIMIT, () -> masters.get(last, "/readyz").statusCode() == 200
                && !masters.get(last, "/cluster/status").body().contains("WaitsFor"));
        for (int i = 0; i < 3; i++) {
            if (i == last) continue;
            String gone = masters.address(i).http();
            Await.until("it is taken out", ThreeMasters.LIMIT, () -> {
                masters.grpc(masters.leader()).raftRemoveServer(RaftRemoveServerRequest.newBuilder().setId(gone).build());
                return true;
            });
            masters.stop(i);
        }
        Await.until("it leads alone", ThreeMasters.LIMIT, () -> masters.leader() == last);
        masters.stop(last);
        masters.start(last, 0, new int[0]);
        assertThat(masters.leader()).isEqualTo(last);
        server.join(masters.address(last));
        assigns(masters, last);
        assertThat(masters.clusterId(last)).isEqualTo(cluster);
        assertThatThrownBy(() -> masters.grpc(last).raftRemoveServer(
                RaftRemoveServerRequest.newBuilder().setId(masters.address(last).http()).build()))
                .hasMessageContaining("is the only member");
        server.close();
    }

    private void assigns(ThreeMasters masters, int index) throws Exception {
        FileId id = Await.value("master " + index + " assigns", ThreeMasters.LIMIT, () -> {
            try {
                return Optional.of(FileId.parse(masters.grpc(index).assign(AssignRequest.newBuilder().setCount(1).build()).getFid()));
            } catch (StatusRuntimeException notYet) {
                return Optional.<FileId>empty();
            }
        });
        List<Long> keys = ids.stream().map(known -> FileId.parse(known).key().bits()).toList();
        assertThat(keys).doesNotContain(id.key().bits());
        ids.add(id.toString());
    }

    private static RaftAddServerRequest add(ThreeMasters masters, int index) {
        return RaftAddServerRequest.newBuilder().setId(masters.address(index).http()).build();
    }

    private static int members(ThreeMasters masters, int index) {
        return masters.grpc(index).raftListClusterServers(RaftListClusterServersRequest.getDefaultInstance()).getClusterServersCount();
    }
}
