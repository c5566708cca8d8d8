package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.RaftAddServerRequest;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A master that founded a cluster of its own by mistake, beside another one. */
@ExtendWith(TestDirectories.class)
class StrayClusterTest {
    @Test
    void theFirstClusterRefusesItByItsIdAndGoesOn(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory);
                FakeVolumeServer server = new FakeVolumeServer(masters.rpc, "v1", "dc1", "r1", 20)) {
            masters.start(0, 0, new int[0]);
            masters.start(1, 0, new int[0]);
            String first = masters.clusterId(0);
            String stray = masters.clusterId(1);
            assertThat(stray).isNotEqualTo(first);
            server.join(masters.address(0));
            assign(masters);
            assertThatThrownBy(() -> masters.grpc(0).raftAddServer(
                    RaftAddServerRequest.newBuilder().setId(masters.address(1).http()).build()))
                    .isInstanceOf(StatusRuntimeException.class).hasMessageContaining(first).hasMessageContaining(stray);

            // Told of the first one, it knocks there, and neither becomes the other.
            masters.stop(1);
            masters.start(1, 0, 0, 1);
            Await.until("the stray one leads its own", ThreeMasters.LIMIT,
                    () -> masters.get(1, "/cluster/status").body().contains("\"IsLeader\":true"));
            Await.until("the status of the stray one names the other cluster", ThreeMasters.LIMIT,
                    () -> masters.get(1, "/cluster/status").body().contains(masters.address(0).http() + " (cluster " + first + ")"));
            assertThat(masters.clusterId(1)).isEqualTo(stray);
            assertThat(masters.clusterId(0)).isEqualTo(first);
            assign(masters);
            assertThat(masters.get(0, "/dir/status").body()).contains(server.url());
            assertThat(masters.get(1, "/dir/status").body()).doesNotContain(server.url());
        }
    }

    private static void assign(ThreeMasters masters) {
        assertThat(masters.grpc(0).assign(AssignRequest.newBuilder().setCount(1).build()).getFid()).isNotEmpty();
    }
}
