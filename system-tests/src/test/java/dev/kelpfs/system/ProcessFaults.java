package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Processes that die, hang, stop in order and come back. Each method leaves the cluster whole. */
final class ProcessFaults {
    private final SpreadCluster cluster;
    private final ClientHistory history;
    private final SplittableRandom random;

    ProcessFaults(SpreadCluster cluster, ClientHistory history, SplittableRandom random) {
        this.cluster = cluster;
        this.history = history;
        this.random = random;
    }

    void leaderKilled() throws Exception {
        killed(cluster.awaitLeader());
    }

    void followerKilled() throws Exception {
        List<Machine> followers = cluster.others(cluster.awaitLeader());
        killed(followers.get(random.nextInt(followers.size())));
    }

    private void killed(Machine master) throws Exception {
        master.kill();
        history.expectMoreWrites("the others go on without " + master);
        cluster.startMaster(master);
        cluster.awaitWhole();
    }

    /** Its volumes are away meanwhile, and others are written. */
    void volumeServerKilled() throws Exception {
        Machine server = cluster.volumeServers().get(random.nextInt(cluster.volumeServers().size()));
        server.kill();
        history.expectMoreWrites("files are written without " + server);
        cluster.startVolumeServer(server);
        cluster.awaitWhole();
        history.expectMoreWrites(server + " is back");
    }

    void leaderPaused() throws Exception {
        Machine leader = cluster.awaitLeader();
        leader.pause();
        try {
            history.expectMoreWrites("another one leads while " + leader + " is paused");
        } finally {
            leader.goOn();
        }
        Await.until(leader + " follows", SpreadCluster.LIMIT, () ->
                cluster.status(leader).map(status -> !status.path("IsLeader").asBoolean(false)).orElse(false));
        cluster.awaitWhole();
    }

    /** One master after the other is stopped in order and started again, the leader last. */
    void rollingRestart() throws Exception {
        Machine leader = cluster.awaitLeader();
        List<Machine> order = new ArrayList<>(cluster.others(leader));
        order.add(leader);
        for (Machine master : order) {
            master.askToStop();
            assertThat(master.awaitExit()).as("exit code of %s", master).isZero();
            history.expectMoreWrites("the others go on while " + master + " restarts");
            cluster.startMaster(master);
            cluster.awaitWhole();
        }
    }

    /** Everything stops in order, at the same time. */
    void allRestarted() throws Exception {
        List<Machine> all = all();
        all.forEach(Machine::askToStop);
        for (Machine machine : all) assertThat(machine.awaitExit()).as("exit code of %s", machine).isZero();
        cluster.startAll();
        history.expectMoreWrites("the cluster is back");
        cluster.awaitWhole();
    }

    /** Everything dies at the same time. */
    void allKilled() throws Exception {
        for (Machine machine : all()) machine.kill();
        cluster.startAll();
        history.expectMoreWrites("the cluster is back");
        cluster.awaitWhole();
    }

    private List<Machine> all() {
        List<Machine> all = new ArrayList<>(cluster.masters());
        all.addAll(cluster.volumeServers());
        return all;
    }
}
