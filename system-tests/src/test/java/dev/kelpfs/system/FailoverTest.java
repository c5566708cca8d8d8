package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.Signal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Three masters under load while they are killed, paused, stopped and restarted. One cluster for all tests, in their order; each
 * leaves it whole.
 */
@ExtendWith(TestDirectories.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FailoverTest {
    private static final int CLIENTS = 6;
    /** Longer than any test. */
    private static final int PRE_STOP_SECONDS = 600;

    private static final Seed SEED = Seed.announced("FailoverTest");
    private static HttpFiles http;
    private static HttpFiles impatient;
    private static MasterCluster cluster;
    private static ClientHistory history;

    @BeforeAll
    static void startThreeAtTheSameMoment(TestDirectory directory) throws InterruptedException {
        http = new HttpFiles();
        cluster = new MasterCluster(directory, http, PRE_STOP_SECONDS);
        cluster.startAll();
        impatient = new HttpFiles(Duration.ofSeconds(2));
        history = new ClientHistory(impatient, cluster);
        history.start(CLIENTS, SEED);
    }

    @AfterAll
    static void close() throws InterruptedException {
        history.end();
        cluster.close();
        http.close();
        impatient.close();
    }

    @Test
    @Order(1)
    void theyFoundAClusterAndEachAnswersForAll() throws Exception {
        history.expectMoreWrites("the cluster is founded and files are written");
        for (int i = 0; i < cluster.size(); i++) {
            String master = cluster.master(i);
            Await.until("all know the leader", MasterCluster.LIMIT, () -> http.get(master + "/readyz").status() == 200);
            HttpFiles.Place place = http.assign(master);
            assertThat(http.get(master + "/dir/lookup?volumeId=" + place.id().volume()).status()).isEqualTo(200);
            assertThat(http.get(master + "/dir/lookup?volumeId=4000").status()).isEqualTo(404);
            assertThat(http.get(master + "/dir/status").json().at("/Topology/DataCenters").size()).isEqualTo(1);
        }
        String leader = http.get(cluster.master(0) + "/cluster/status").json().get("Leader").asString();
        for (int i = 0; i < cluster.size(); i++) {
            assertThat(http.get(cluster.master(i) + "/cluster/status").json().get("Leader").asString()).isEqualTo(leader);
        }
    }

    @Test
    @Order(2)
    void killedTheLeaderIsReplacedAndComesBack() throws Exception {
        int leader = cluster.awaitLeader();
        cluster.process(leader).kill();
        history.expectMoreWrites("another master leads");
        assertThat(cluster.leader()).isPresent().get().isNotEqualTo(leader);
        cluster.start(leader);
        allAreWell();
    }

    @Test
    @Order(3)
    void aPausedLeaderIsReplacedAndGivesNothingOutWhenItWakes() throws Exception {
        int leader = cluster.awaitLeader();
        cluster.process(leader).signal(Signal.STOP);
        try {
            history.expectMoreWrites("another master leads");
        } finally {
            cluster.process(leader).signal(Signal.CONT);
        }
        Await.until("the one that was paused follows", MasterCluster.LIMIT, () ->
                !http.get(cluster.master(leader) + "/cluster/status").json().path("IsLeader").asBoolean(false));
        allAreWell();
    }

    @Test
    @Order(4)
    void stoppedInOrderTheLeaderHandsOver() throws Exception {
        int leader = cluster.awaitLeader();
        ManagedProcess process = cluster.process(leader);
        process.signal(Signal.TERM);
        Await.until("another master leads", MasterCluster.LIMIT, () -> cluster.leader().filter(other -> other != leader).isPresent());
        history.expectMoreWrites("another master leads");
        // Its volume server serves on for those who do not know yet.
        assertThat(process.isAlive()).as("the process that was told to stop lives on").isTrue();
        process.kill();
        cluster.start(leader);
        allAreWell();
    }

    @Test
    @Order(5)
    void allKilledAtOnceTheyComeBackWithEverything() throws Exception {
        for (int i = 0; i < cluster.size(); i++) cluster.process(i).kill();
        cluster.startAll();
        history.expectMoreWrites("the cluster is back");
        allAreWell();
        history.end();
        assertThat(history.wrong()).isEmpty();
        assertThat(history.lost()).isEmpty();
    }

    /** All masters know the leader, and all volume servers are known to it. */
    private static void allAreWell() throws InterruptedException {
        for (int i = 0; i < cluster.size(); i++) {
            String master = cluster.master(i);
            List<String> servers = List.of(cluster.volume(0), cluster.volume(1), cluster.volume(2));
            Await.until(master + " knows the leader and all servers", MasterCluster.LIMIT, () -> {
                String page = http.get(master + "/").text();
                return servers.stream().allMatch(page::contains) && !page.contains("presumed") && !page.contains("reachable")
                        && !page.contains("that are down");
            });
        }
    }
}
