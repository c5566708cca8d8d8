package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectory;
import java.time.Duration;

/** A {@link SpreadCluster} with clients that never rest, and whoever can do it harm. */
final class ClusterUnderLoad {
    private static final int CLIENTS = 6;
    /** Clients give up that early, so that one of them does not spend a test with a master that hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HttpFiles http = new HttpFiles();
    private final HttpFiles impatient = new HttpFiles(PATIENCE);
    private final SpreadCluster cluster;
    private final ClientHistory history;
    final NetworkFaults network;
    final ProcessFaults processes;
    final MemberFaults members;

    private ClusterUnderLoad(TestDirectory directory, Seed seed) throws Exception {
        cluster = new SpreadCluster(directory, http);
        history = new ClientHistory(impatient, cluster::masterAddresses);
        network = new NetworkFaults(cluster, http, history);
        processes = new ProcessFaults(cluster, history, seed.derive(-1).random());
        members = new MemberFaults(cluster, http, history, seed.derive(-2).random());
    }

    /** Starts everything at the same moment, clients too; returns when files are written and all servers are connected. */
    static ClusterUnderLoad start(TestDirectory directory, Seed seed) throws Exception {
        ClusterUnderLoad made = new ClusterUnderLoad(directory, seed);
        try {
            made.cluster.startAll();
            made.history.start(CLIENTS, seed);
            made.history.expectMoreWrites("the cluster is founded and files are written");
            made.cluster.awaitWhole();
            return made;
        } catch (Exception | AssertionError failed) {
            made.history.end();
            made.shutDown();
            throw failed;
        }
    }

    /** Fails if clients saw what must never happen. */
    void nothingWentWrong() {
        assertThat(history.wrong()).isEmpty();
    }

    /** Ends the clients, reads back all that was acknowledged, and ends the cluster. */
    void end() throws InterruptedException {
        history.end();
        try {
            nothingWentWrong();
            assertThat(history.lost()).isEmpty();
            System.out.println(history.acknowledged() + " writes were acknowledged, and all are there");
        } finally {
            shutDown();
        }
    }

    private void shutDown() {
        cluster.close();
        http.close();
        impatient.close();
    }
}
