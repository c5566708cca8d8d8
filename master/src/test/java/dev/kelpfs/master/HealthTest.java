package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.kelp.ClusterHealth;
import dev.kelpfs.wire.kelp.HealthRequest;
import dev.kelpfs.wire.kelp.MasterPulse;
import dev.kelpfs.wire.kelp.MastersGrpc;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.PingRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What masters say is wrong when they are asked over gRPC. */
@ExtendWith(TestDirectories.class)
class HealthTest {
    @Test
    void theLeaderNamesWhoIsDownAndOthersWhatTheyWaitFor(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory);
                FakeVolumeServer server = new FakeVolumeServer(masters.rpc, "v1", "dc1", "r1", 20)) {
            masters.start(0, 0);
            Await.until("one that is alone says whom it misses", ThreeMasters.LIMIT,
                    () -> health(masters, 0).getWaitsFor().contains(masters.address(2).http()));
            masters.start(1, 0);
            masters.start(2, 0);
            int leader = masters.connectToLeader(server);
            masters.grpc(leader).assign(AssignRequest.newBuilder().setCount(1).build());
            Await.until("nothing is wrong", ThreeMasters.LIMIT, () -> {
                ClusterHealth health = health(masters, masters.leader());
                return health.getLeads() && health.getWaitsFor().isEmpty() && health.getDownList().isEmpty()
                        && health.getHeldBackList().isEmpty() && health.getConflictsList().isEmpty()
                        && health.getMastersList().stream().filter(master -> master.getPulse() == MasterPulse.PULSE_OK).count() == 2;
            });

            server.disconnect();
            Await.until("the server is named", ThreeMasters.LIMIT, () -> health(masters, masters.leader()).getDownList().stream()
                    .anyMatch(down -> down.getServer().equals(server.url()) && down.getRack().equals("r1")
                            && down.getDataCenter().equals("dc1") && down.getVolumes() > 0 && down.getSinceEpochSeconds() > 0));
            assertThat(health(masters, masters.leader()).getDownInAll()).isEqualTo(1);

            int first = masters.leader();
            int follower = (first + 1) % 3;
            assertThat(health(masters, follower).getSelf()).isEqualTo(masters.address(follower).withBothPorts());
            masters.stop(follower);
            Await.until("the master is named", ThreeMasters.LIMIT, () -> health(masters, masters.leader()).getMastersList().stream()
                    .anyMatch(master -> master.getAddress().equals(masters.address(follower).withBothPorts())
                            && master.getPulse() == MasterPulse.PULSE_SILENT && master.getSilentMillis() > 2000));
            // A person reads that too, through the shell.
            PingRequest ping = PingRequest.newBuilder().setTargetType("master").setTarget(masters.address(follower).http()).build();
            assertThatThrownBy(() -> masters.grpc(masters.leader()).ping(ping))
                    .hasMessageEndingWith("ping master " + masters.address(follower).http() + ": UNAVAILABLE: connection refused");
            assertThat(masters.get(masters.leader(), "/ui/index.html").body()).contains("<td class=\"bad\">does not answer</td>");
        }
    }

    private static ClusterHealth health(ThreeMasters masters, int index) {
        return MastersGrpc.newBlockingStub(masters.channel(index)).health(HealthRequest.getDefaultInstance());
    }
}
