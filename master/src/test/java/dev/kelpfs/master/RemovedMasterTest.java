package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.RaftAddServerRequest;
import dev.kelpfs.wire.master.RaftListClusterServersRequest;
import dev.kelpfs.wire.master.RaftRemoveServerRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A master that a person took out of the cluster and that goes on running, though all command lines still name it. */
@ExtendWith(TestDirectories.class)
class RemovedMasterTest {
    @Test
    void itSaysSoAndStaysOutUntilAPersonLetsItIn(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory)) {
            for (int i = 0; i < 3; i++) masters.start(i, 0);
            int leader = masters.leader();
            int out = (leader + 1) % 3;
            String name = masters.address(out).http();
            masters.grpc(leader).raftRemoveServer(RaftRemoveServerRequest.newBuilder().setId(name).build());
            saysThatItIsOut(masters, out, leader);

            HttpResponse<String> refused = masters.get(out, "/dir/assign");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("no longer a member", "cluster.raft.add -id=" + name).doesNotContain("try again");
            assertThatThrownBy(() -> masters.grpc(out).assign(AssignRequest.newBuilder().setCount(1).build()))
                    .isInstanceOfSatisfying(StatusRuntimeException.class,
                            failed -> assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE))
                    .hasMessageContaining("raft.Server: Not current leader").hasMessageContaining("no longer a member");

            // Nor do a restart, an empty directory or another leader bring it back.
            masters.stop(out);
            masters.start(out, 0);
            saysThatItIsOut(masters, out, leader);
            masters.stop(out);
            masters.start(out, 1);
            saysThatItIsOut(masters, out, leader);
            masters.stop(leader);
            masters.start(leader, 0);
            int next = masters.leader();
            saysThatItIsOut(masters, out, next);
            assertThat(members(masters, next)).isEqualTo(2);

            masters.grpc(next).raftAddServer(RaftAddServerRequest.newBuilder().setId(name).build());
            assertThat(members(masters, next)).isEqualTo(3);
            Await.until("it takes part again", ThreeMasters.LIMIT, () -> masters.get(out, "/readyz").statusCode() == 200
                    && !masters.get(out, "/cluster/status").body().contains("WaitsFor"));
        }
    }

    private static void saysThatItIsOut(ThreeMasters masters, int out, int leader) throws Exception {
        Await.until("it says that it is no member, who leads, and what to type", ThreeMasters.LIMIT, () -> {
            String status = masters.get(out, "/cluster/status").body();
            return status.contains("no longer a member") && status.contains("led by " + masters.address(leader).http())
                    && status.contains("cluster.raft.add -id=" + masters.address(out).http());
        });
        assertThat(masters.get(out, "/readyz").statusCode()).isEqualTo(503);
    }

    private static int members(ThreeMasters masters, int index) {
        return masters.grpc(index).raftListClusterServers(RaftListClusterServersRequest.getDefaultInstance()).getClusterServersCount();
    }
}
