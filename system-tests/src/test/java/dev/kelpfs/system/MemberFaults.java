package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import java.util.List;
import java.util.SplittableRandom;

/** Masters that lose what they know, and masters that are replaced by others. Each method leaves the cluster whole. */
final class MemberFaults {
    private final SpreadCluster cluster;
    private final HttpFiles http;
    private final ClientHistory history;
    private final SplittableRandom random;

    MemberFaults(SpreadCluster cluster, HttpFiles http, ClientHistory history, SplittableRandom random) {
        this.cluster = cluster;
        this.http = http;
        this.history = history;
        this.random = random;
    }

    /** Any master loses its directory, the leader too; it comes back, and its vote counts. */
    void directoryLost() throws Exception {
        List<Machine> masters = cluster.masters();
        Machine wiped = masters.get(random.nextInt(masters.size()));
        wiped.kill();
        wiped.wipe();
        history.expectMoreWrites("the others go on while " + wiped + " has lost its directory");
        cluster.startMaster(wiped);
        cluster.awaitWhole();

        Machine other = cluster.others(wiped).get(random.nextInt(masters.size() - 1));
        other.kill();
        history.expectMoreWrites(wiped + " and the one beside " + other + " are a majority");
        cluster.startMaster(other);
        cluster.awaitWhole();
    }

    /** Two of three do not remember: nothing is given out until one of them does again. */
    void wipedWhileAnotherIsDown() throws Exception {
        Machine left = cluster.awaitLeader();
        Machine wiped = cluster.others(left).getFirst();
        Machine down = cluster.others(left).getLast();
        down.kill();
        wiped.kill();
        wiped.wipe();
        cluster.startMaster(wiped);
        Await.until(wiped + " says what it waits for", SpreadCluster.LIMIT, () ->
                cluster.status(wiped).map(status -> !status.path("WaitsFor").asString("").isEmpty()).orElse(false));
        Await.until(left + " does not assign", SpreadCluster.LIMIT, () -> http.get(left.address() + "/dir/assign").status() == 503);
        refuses(left, "/dir/assign");
        refuses(wiped, "/dir/assign");
        refuses(wiped, "/dir/lookup?volumeId=" + history.someVolume());
        Answer found = http.get(left.address() + "/dir/lookup?volumeId=" + history.someVolume());
        assertThat(found.status()).as("lookup through the one that remembers: %s", found).isEqualTo(200);

        cluster.startMaster(down);
        history.expectMoreWrites("with two that remember there is a majority again");
        cluster.awaitWhole();
    }

    private void refuses(Machine master, String target) throws Exception {
        Answer answer = http.get(master.address() + target);
        assertThat(answer.status()).as("%s without a majority: %s", master, answer).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(answer.json().path("error").asString("")).as("the reason").isNotEmpty();
    }

    /** Two masters are added and all that were there are removed, the leader too; then a third one comes. */
    void allReplaced() throws Exception {
        List<Machine> old = cluster.masters();
        Machine fourth = add();
        Machine fifth = add();
        for (Machine master : old) {
            succeeds("cluster.raft.remove -id=" + master.address());
            cluster.removed(master);
            history.expectMoreWrites("the masters that are left go on without " + master);
        }
        assertThat(cluster.masters()).containsExactly(fourth, fifth);
        add();
        cluster.awaitWhole();

        // Told of none that is still a master, a volume server finds the cluster by what it has kept.
        Machine server = cluster.volumeServers().getFirst();
        server.askToStop();
        server.awaitExit();
        cluster.startVolumeServer(server);
        cluster.awaitWhole();
        history.expectMoreWrites("masters and volume servers are one cluster");
    }

    private Machine add() throws Exception {
        Machine master = cluster.startAnother();
        succeeds("cluster.raft.add -id=" + master.address());
        cluster.added(master);
        cluster.awaitMember(master);
        history.expectMoreWrites("they go on with " + master);
        return master;
    }

    private void succeeds(String line) throws Exception {
        EndedTool ended = cluster.shell(line);
        assertThat(ended.code()).as("%s: %s%s", line, ended.out(), ended.err()).isZero();
    }
}
