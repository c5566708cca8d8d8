package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.kelp.FoundingEndorsement;
import dev.kelpfs.wire.kelp.Introduction;
import dev.kelpfs.wire.kelp.MastersGrpc;
import dev.kelpfs.wire.kelp.RaftMember;
import dev.kelpfs.wire.master.RaftListClusterServersRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Of three masters two found the cluster, if a person says so; the third comes later. */
@ExtendWith(TestDirectories.class)
class FoundingByMajorityTest {
    @Test
    void twoOfThreeWaitUntilTheyAreToldThatTheyAreEnough(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory)) {
            masters.start(0, 0);
            masters.start(1, 0);
            for (int i = 0; i < 2; i++) {
                awaitStatus(masters, i, "missing [" + masters.address(2).http() + "]. A majority is here, 2 of 3");
                assertThat(masters.get(i, "/cluster/status").body()).contains("restart one that is here with -raftBootstrap");
            }
            assertThat(masters.get(0, "/dir/assign").body()).contains("-raftBootstrap").contains(masters.address(2).http());
            assertThat(masters.stateOf(0, 0).resolve("endorsement")).doesNotExist();

            masters.stop(1);
            masters.setBootstrap(1, true);
            masters.start(1, 0);
            int leader = masters.leader();
            assertThat(members(masters, leader)).isEqualTo(2);
            String cluster = masters.clusterId(leader);
            assertThat(cluster).isNotEmpty();

            masters.start(2, 0);
            Await.until("the third is a member", ThreeMasters.LIMIT, () -> members(masters, masters.leader()) == 3);

            // The flag stands there still.
            masters.stop(1);
            masters.leader();
            masters.start(1, 0);
            for (int i = 0; i < 3; i++) {
                int index = i;
                Await.until("it takes part", ThreeMasters.LIMIT, () -> masters.get(index, "/readyz").statusCode() == 200
                        && !masters.get(index, "/cluster/status").body().contains("WaitsFor"));
                assertThat(masters.clusterId(i)).isEqualTo(cluster);
                assertThat(masters.stateOf(i, 0).resolve("endorsement")).doesNotExist();
            }
            assertThat(members(masters, masters.leader())).isEqualTo(3);
        }
    }

    @Test
    void whoEndorsedAFounderTakesPartInNoOtherFounding(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory)) {
            masters.setBootstrap(1, true);
            masters.start(1, 0);
            awaitStatus(masters, 1, "by -raftBootstrap a new cluster is founded when a majority of -peers answers");
            // A founder that has its endorsement, and is never heard of again.
            Introduction founder = introduction(masters, 0, new UUID(1, 1));
            assertThat(ask(masters, 1, founder).getEndorsement()).isEqualTo(founder.getEndorsement());
            Introduction rival = introduction(masters, 2, new UUID(2, 2));
            assertThat(ask(masters, 1, rival).getEndorsement()).isEqualTo(founder.getEndorsement());

            masters.stop(1);
            Path endorsement = masters.stateOf(1, 0).resolve("endorsement");
            byte[] promised = Files.readAllBytes(endorsement);
            assertThatThrownBy(() -> masters.start(1, 0, new int[0])).isInstanceOf(IOException.class)
                    .hasMessageContaining("has endorsed " + masters.address(0).http());
            masters.start(1, 0);
            masters.setBootstrap(2, true);
            masters.start(2, 0);
            for (int i = 1; i < 3; i++) {
                awaitStatus(masters, i, "remove m" + masters.address(1).httpPort() + "/kelp/endorsement");
                assertThat(masters.get(i, "/cluster/status").body()).contains(masters.address(0).http());
            }
            assertThat(ask(masters, 1, rival).getEndorsement()).isEqualTo(founder.getEndorsement());
            assertThat(Files.readAllBytes(endorsement)).isEqualTo(promised);

            // A person says that the founder is lost.
            masters.stop(1);
            Files.delete(endorsement);
            masters.start(1, 0);
            assertThat(members(masters, masters.leader())).isEqualTo(2);
        }
    }

    private static Introduction introduction(ThreeMasters masters, int index, UUID group) {
        RaftMember self = RaftMember.newBuilder().setAddress(masters.address(index).withBothPorts()).setIncarnation("gone").build();
        List<String> peers = List.of(
                masters.address(0).withBothPorts(), masters.address(1).withBothPorts(), masters.address(2).withBothPorts());
        return Introduction.newBuilder().setSelf(self).addAllPeers(peers).setEndorsement(
                FoundingEndorsement.newBuilder().setVersion(1).setFounder(self).setGroupId(group.toString())).build();
    }

    private static Introduction ask(ThreeMasters masters, int index, Introduction founder) {
        return MastersGrpc.newBlockingStub(masters.channel(index)).introduce(founder);
    }

    private static void awaitStatus(ThreeMasters masters, int index, String text) throws InterruptedException {
        Await.until("master " + index + " says: " + text, ThreeMasters.LIMIT,
                () -> masters.get(index, "/cluster/status").body().contains(text));
    }

    private static int members(ThreeMasters masters, int index) {
        return masters.grpc(index).raftListClusterServers(RaftListClusterServersRequest.getDefaultInstance()).getClusterServersCount();
    }
}
