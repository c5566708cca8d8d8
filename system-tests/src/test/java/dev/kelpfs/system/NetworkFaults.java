package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.net.Flow;
import java.util.List;

/**
 * What networks between masters do, and what must hold meanwhile: nobody who is cut off assigns, the others go on, and
 * afterwards all is one. Volume servers and clients reach all masters at any time. Each method leaves the cluster whole.
 */
final class NetworkFaults {
    private final SpreadCluster cluster;
    private final HttpFiles http;
    private final ClientHistory history;

    NetworkFaults(SpreadCluster cluster, HttpFiles http, ClientHistory history) {
        this.cluster = cluster;
        this.http = http;
        this.history = history;
    }

    /** Nothing that the leader and the others send each other arrives; connections look healthy. */
    void leaderAlone() throws Exception {
        leaderCutOff(Flow.DROP);
    }

    /** The same, but what was sent arrives once the network is whole, as after a time without any packets. */
    void leaderStalled() throws Exception {
        leaderCutOff(Flow.STALL);
    }

    private void leaderCutOff(Flow flow) throws Exception {
        Machine leader = cluster.awaitLeader();
        List<Machine> others = cluster.others(leader);
        cluster.between(leader, others, flow, flow);
        try {
            cluster.awaitLeader(others);
            doesNotAssign(leader);
            stillFinds(leader);
            history.expectMoreWrites("the others go on without " + leader);
        } finally {
            cluster.network().heal();
        }
        cluster.awaitWhole();
    }

    /** What the leader sends is lost, and it hears the others. */
    void leaderIsNotHeard() throws Exception {
        Machine leader = cluster.awaitLeader();
        List<Machine> others = cluster.others(leader);
        cluster.between(leader, others, Flow.DROP, Flow.PASS);
        anotherLeads(leader, others);
    }

    /** What the others send is lost, so the leader's messages arrive and it never hears an answer. */
    void leaderDoesNotHear() throws Exception {
        Machine leader = cluster.awaitLeader();
        List<Machine> others = cluster.others(leader);
        cluster.between(leader, others, Flow.PASS, Flow.DROP);
        anotherLeads(leader, others);
    }

    /** The leader's connections to the others go on; theirs to it are reset and refused, as if its process were gone. */
    void leaderIsRefused() throws Exception {
        Machine leader = cluster.awaitLeader();
        List<Machine> others = cluster.others(leader);
        others.forEach(other -> cluster.network().refuse(other.number(), leader.number()));
        try {
            history.expectMoreWrites("somebody leads although connections to " + leader + " are refused");
        } finally {
            cluster.network().heal();
        }
        cluster.awaitWhole();
        history.expectMoreWrites("the network is whole");
    }

    private void anotherLeads(Machine leader, List<Machine> others) throws Exception {
        try {
            Machine next = cluster.awaitLeader(others);
            Await.until(leader + " leads no more", SpreadCluster.LIMIT, () ->
                    cluster.status(leader).map(status -> !status.path("IsLeader").asBoolean(false)).orElse(false));
            history.expectMoreWrites(next + " leads");
        } finally {
            cluster.network().heal();
        }
        cluster.awaitWhole();
    }

    /** A follower is cut off from both others: they do not notice, and it goes on telling where volumes are. */
    void followerAlone() throws Exception {
        Machine leader = cluster.awaitLeader();
        Machine alone = cluster.others(leader).getFirst();
        cluster.between(alone, cluster.others(alone), Flow.DROP, Flow.DROP);
        try {
            history.expectMoreWrites("the others go on without " + alone);
            stillFinds(alone);
            doesNotAssign(alone);
        } finally {
            cluster.network().heal();
        }
        cluster.awaitWhole();
    }

    /** All masters are cut off from each other: nobody may assign, and everybody still finds volumes. */
    void allAlone() throws Exception {
        Machine leader = cluster.awaitLeader();
        List<Machine> others = cluster.others(leader);
        cluster.between(leader, others, Flow.DROP, Flow.DROP);
        cluster.between(others.getFirst(), List.of(others.getLast()), Flow.DROP, Flow.DROP);
        try {
            for (Machine master : cluster.masters()) {
                // The leader may assign until the time is over in which the others do not vote.
                Await.until(master + " does not assign", SpreadCluster.LIMIT, () ->
                        http.get(master.address() + "/dir/assign").status() == 503);
                doesNotAssign(master);
                stillFinds(master);
            }
        } finally {
            cluster.network().heal();
        }
        cluster.awaitWhole();
        history.expectMoreWrites("the masters have found each other");
    }

    private void doesNotAssign(Machine master) throws Exception {
        Answer answer = http.get(master.address() + "/dir/assign");
        assertThat(answer.status()).as("%s is cut off: %s", master, answer).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(answer.json().path("error").asString("")).contains("lead");
    }

    private void stillFinds(Machine master) throws Exception {
        Answer answer = http.get(master.address() + "/dir/lookup?volumeId=" + history.someVolume());
        assertThat(answer.status()).as("%s is cut off and asked for a volume: %s", master, answer).isEqualTo(200);
    }
}
