package dev.kelpfs.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.wire.kelp.ClusterHealth;
import dev.kelpfs.wire.kelp.DownServer;
import dev.kelpfs.wire.kelp.HeldBackServer;
import dev.kelpfs.wire.kelp.MasterHealth;
import dev.kelpfs.wire.kelp.MasterPulse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What masters say is wrong reaches whoever asks the shell. */
class ClusterHealthTest {
    private static final ClusterHealth FINE = ClusterHealth.newBuilder().setSelf("127.0.0.1:9333").setLeads(true).build();
    private static final DownServer DOWN = DownServer.newBuilder().setServer("10.0.0.7:8080").setDataCenter("dc1").setRack("r2")
            .setSinceEpochSeconds(1_700_000_000).setVolumes(7).build();

    private FakeCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new FakeCluster();
        cluster.master.masters.clear();
        cluster.master.masters.add("127.0.0.1:9333." + cluster.master.address.grpcPort());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aHealthyClusterPasses() throws Exception {
        cluster.health.says = Optional.of(FINE);
        assertThat(cluster.shell("cluster.check")).isTrue();
        assertThat(cluster.shell("cluster.ps")).isTrue();
        assertThat(cluster.out()).doesNotContain("down");
    }

    @Test
    void aVolumeServerThatIsDownIsNamedAndFailsTheCheck() throws Exception {
        cluster.health.says = Optional.of(FINE.toBuilder().addDown(DOWN).setDownInAll(3).build());
        assertThat(cluster.shell("cluster.check")).isFalse();
        assertThat(cluster.out()).contains("volume server 10.0.0.7:8080 (data center dc1, rack r2) is down since "
                + "2023-11-14T22:13:20Z, with 7 volumes: start it again", "2 more volume servers are down");
        assertThat(cluster.err()).contains("0 of 2 pings failed, 2 other problems");
        assertThat(cluster.shell("cluster.check -o=json")).isFalse();
        JsonNode json = new JsonMapper().readTree(cluster.out());
        assertThat(json.get("down").get(0).get("server").asString()).isEqualTo("10.0.0.7:8080");
        assertThat(json.get("down").get(0).get("volumes").asInt()).isEqualTo(7);
        assertThat(json.get("problems")).hasSize(2);

        assertThat(cluster.shell("cluster.ps")).isTrue();
        assertThat(cluster.out()).contains("* volume servers that are down 1\n  * 10.0.0.7:8080 (data center dc1, rack r2) is down since");
        assertThat(cluster.shell("cluster.ps -o=json")).isTrue();
        assertThat(new JsonMapper().readTree(cluster.out()).get("down").get(0).get("rack").asString()).isEqualTo("r2");
    }

    @Test
    void everythingElseThatTheLeaderKnowsIsNamed() throws Exception {
        cluster.health.says = Optional.of(FINE.toBuilder()
                .setWaitsFor("a person: -peers names masters of another cluster")
                .addMasters(master("10.0.0.1:9333.19333", MasterPulse.PULSE_LEADS, 0))
                .addMasters(master("10.0.0.2:9333.19333", MasterPulse.PULSE_SILENT, 1200))
                .addMasters(master("10.0.0.3:9333.19333", MasterPulse.PULSE_LATE, 3))
                .addMasters(master("10.0.0.4:9333.19333", MasterPulse.PULSE_OK, 5000))
                .addMasters(master("10.0.0.5:9333.19333", MasterPulse.PULSE_OK, 3))
                .addHeldBack(HeldBackServer.newBuilder().setServer("10.0.0.8:8080").setDataCenter("dc1").setRack("r1").setReason("silent"))
                .addConflicts("volume 3 on a has x, on b it has y")
                .build());
        assertThat(cluster.shell("cluster.check")).isFalse();
        assertThat(cluster.out())
                .contains("master 127.0.0.1:9333 waits for a person: -peers names masters of another cluster\n")
                .contains("master 10.0.0.2:9333 has not answered the leader for 2.5 s: see that it runs")
                .contains("master 10.0.0.3:9333 has not answered the leader for 2.5 s: check again")
                .contains("master 10.0.0.4:9333 is 5000 entries behind the leader")
                .contains("volume server 10.0.0.8:8080 (data center dc1, rack r1) are not written: silent; ")
                .contains("volume 3 on a has x, on b it has y: it is read, not written;")
                .doesNotContain("master 10.0.0.1:9333 ", "master 10.0.0.5:9333 ");
    }

    @Test
    void aMasterThatCannotBeReachedIsNamedOnce() throws Exception {
        // Port 1 refuses at once.
        cluster.master.masters.add("127.0.0.9:9334.1");
        cluster.health.says = Optional.of(FINE.toBuilder().addMasters(master("127.0.0.9:9334.1", MasterPulse.PULSE_SILENT, 9)).build());
        assertThat(cluster.shell("cluster.check")).isFalse();
        assertThat(cluster.out())
                .containsOnlyOnce("health at master 127.0.0.9:9334.1: it does not answer (UNAVAILABLE: connection refused); check")
                .doesNotContain("has not answered");
    }

    @Test
    void withoutALeaderEachMasterSaysWhatItWaitsFor() throws Exception {
        cluster.patience = Duration.ZERO;
        cluster.master.names = Optional.of("");
        cluster.health.says = Optional.of(ClusterHealth.newBuilder().setSelf("127.0.0.1:9333")
                .setWaitsFor("10.0.0.2:9333 to answer").build());
        assertThat(cluster.shell("cluster.check")).isFalse();
        assertThat(cluster.out()).isEqualTo("master 127.0.0.1:9333 waits for 10.0.0.2:9333 to answer\n");
        assertThat(cluster.err()).contains("leads or names a leader");
        assertThat(cluster.shell("cluster.check -o=json")).isFalse();
        assertThat(new JsonMapper().readTree(cluster.out()).get("problems")).hasSize(2);
    }

    @Test
    void aLeaderThatRefusesConnectionsIsToldInOneLine() throws Exception {
        cluster.patience = Duration.ZERO;
        cluster.master.names = Optional.of("127.0.0.9:9334.1");
        assertThat(cluster.shell("collection.list")).isFalse();
        assertThat(cluster.err()).contains("the last one said: UNAVAILABLE: connection refused; check").hasLineCount(1);
    }

    private static MasterHealth master(String address, MasterPulse pulse, long behind) {
        return MasterHealth.newBuilder().setAddress(address).setPulse(pulse).setEntriesBehind(behind).setSilentMillis(2500).build();
    }
}
