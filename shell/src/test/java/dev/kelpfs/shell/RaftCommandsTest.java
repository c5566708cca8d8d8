package dev.kelpfs.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator types to change the masters, against a master that answers over a real socket. */
class RaftCommandsTest {
    private static final String FIRST = "10.0.0.1:9333.19333";
    private static final String SECOND = "10.0.0.2:9333.19333";

    private final FakeCluster cluster;

    RaftCommandsTest() throws IOException {
        cluster = new FakeCluster();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void theMastersAreListedWithTheirLeader() throws Exception {
        assertThat(cluster.shell("cluster.raft.ps")).isTrue();
        assertThat(cluster.out()).isEqualTo("the raft cluster has 2 servers\n"
                + "  * " + FIRST + " grpc of " + FIRST + " (Leader)\n"
                + "  * " + SECOND + " grpc of " + SECOND + " (Voter)\n");

        assertThat(cluster.shell("cluster.raft.ps -o=json")).isTrue();
        assertThat(cluster.out()).startsWith("[{").contains("\"id\":\"" + FIRST + "\"", "\"leader\":true");
    }

    @Test
    void aMasterIsAddedAndShown() throws Exception {
        assertThat(cluster.shell("cluster.raft.add -id=10.0.0.3:9333")).isTrue();
        assertThat(cluster.out()).contains("3 servers", "  * 10.0.0.3:9333 ");

        assertThat(cluster.shell("cluster.raft.add")).isFalse();
        assertThat(cluster.err()).contains("-id is missing");
        assertThat(cluster.shell("cluster.raft.add -id=:x")).isFalse();
        assertThat(cluster.err()).contains("-id must be a master's host and port", ":x");
        assertThat(cluster.shell("cluster.raft.add -id=10.0.0.4:9333 -voter=false")).isFalse();
        assertThat(cluster.err()).contains("every master votes");
        assertThat(cluster.master.masters).hasSize(3);
    }

    @Test
    void aLeaderHandsOverBeforeItIsRemoved() throws Exception {
        assertThat(cluster.shell("cluster.raft.remove -id=" + FIRST)).isTrue();
        assertThat(cluster.out()).contains("1 servers", "  * " + SECOND).doesNotContain(FIRST);
        assertThat(cluster.master.transfers).hasValue(1);
    }

    @Test
    void aFollowerIsRemovedWithoutAChangeOfTheLeader() throws Exception {
        assertThat(cluster.shell("cluster.raft.remove -id=" + SECOND)).isTrue();
        assertThat(cluster.master.transfers).hasValue(0);

        assertThat(cluster.shell("cluster.raft.remove -id=10.0.0.9:9333")).isFalse();
        assertThat(cluster.err()).contains("10.0.0.9:9333 is no member");
    }

    @Test
    void leadershipGoesToTheOneThatIsNamedOrToAny() throws Exception {
        assertThat(cluster.shell("cluster.raft.transferLeader -id=" + SECOND)).isTrue();
        assertThat(cluster.out()).endsWith("leadership went from " + FIRST + " to " + SECOND + "\n");
        assertThat(cluster.shell("cluster.raft.transferLeader")).isTrue();
        assertThat(cluster.out()).endsWith("leadership went from " + SECOND + " to " + FIRST + "\n");
    }
}
