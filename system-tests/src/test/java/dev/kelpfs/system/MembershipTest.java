package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Masters that lose their directory, come and go, while clients write. One cluster for all tests, in their order; the last one
 * leaves it with other masters than it began with.
 */
@ExtendWith(TestDirectories.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MembershipTest {
    private static final int CLIENTS = 4;
    private static final int TRIES_OF_A_MINORITY = 4;

    private static final Seed SEED = Seed.announced("MembershipTest");
    private static HttpFiles http;
    private static HttpFiles impatient;
    private static TestDirectory directory;
    private static MasterCluster cluster;
    private static ClientHistory history;

    @BeforeAll
    static void startThree(TestDirectory made) throws InterruptedException {
        directory = made;
        http = new HttpFiles();
        impatient = new HttpFiles(Duration.ofSeconds(2));
        cluster = new MasterCluster(made, http);
        cluster.startAll();
        history = new ClientHistory(impatient, cluster);
        history.start(CLIENTS, SEED);
        history.expectMoreWrites("the cluster is founded and files are written");
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
    void aMasterThatLostItsDirectoryIsTakenBackAndCountsAgain() throws Exception {
        int leader = cluster.awaitLeader();
        int wiped = (leader + 1) % cluster.size();
        int other = (leader + 2) % cluster.size();
        cluster.process(wiped).kill();
        cluster.wipe(wiped);
        cluster.start(wiped);
        isMember(wiped);

        cluster.process(other).kill();
        history.expectMoreWrites("two of three are a majority, one of them the one that was wiped");
        cluster.start(other);
        isMember(other);
    }

    @Test
    @Order(2)
    void oneWipedWhileAnotherIsDownTheyWaitRatherThanForget() throws Exception {
        int leader = cluster.awaitLeader();
        int wiped = (leader + 1) % cluster.size();
        int down = (leader + 2) % cluster.size();
        cluster.process(down).kill();
        cluster.process(wiped).kill();
        cluster.wipe(wiped);
        cluster.start(wiped);
        Await.until("the wiped one says what it waits for", MasterCluster.LIMIT, () -> !waitsFor(wiped).isEmpty());
        for (int i = 0; i < TRIES_OF_A_MINORITY; i++) {
            assertThat(assigned(leader)).as("an id from a master without a majority").isEmpty();
            assertThat(assigned(wiped)).as("an id from a master without state").isEmpty();
        }

        cluster.start(down);
        history.expectMoreWrites("with two that remember there is a majority again");
        isMember(wiped);
        isMember(down);
    }

    @Test
    @Order(3)
    void aFourthIsAddedAndTheLeaderRemoved() throws Exception {
        int leader = cluster.awaitLeader();
        int added = cluster.startAnother();
        EndedTool more = shell("cluster.raft.add -id=" + cluster.master(added));
        assertThat(more.code()).as(more.err()).isZero();
        assertThat(more.out()).contains("the raft cluster has 4 servers", cluster.master(added));

        EndedTool fewer = shell("cluster.raft.remove -id=" + cluster.master(leader));
        assertThat(fewer.code()).as(fewer.err()).isZero();
        assertThat(fewer.out()).contains("the raft cluster has 3 servers").doesNotContain("* " + cluster.master(leader));
        cluster.process(leader).kill();
        history.expectMoreWrites("the other two and the new one go on");

        int before = cluster.awaitLeader();
        int next = before == added ? (leader + 1) % added : added;
        EndedTool handed = shell("cluster.raft.transferLeader -id=" + cluster.master(next));
        assertThat(handed.code()).as(handed.err()).isZero();
        assertThat(cluster.awaitLeader()).isEqualTo(next);
        cluster.process(before).kill();
        history.expectMoreWrites("two of the three that are left are a majority");
        history.end();
        assertThat(history.wrong()).isEmpty();
    }

    private static EndedTool shell(String line) throws Exception {
        String masters = cluster.master(0) + "," + cluster.master(1) + "," + cluster.master(2);
        return EndedTool.run(directory, line, "shell", "-master=" + masters);
    }

    private static void isMember(int index) throws InterruptedException {
        Await.until("master " + index + " follows the leader", MasterCluster.LIMIT, () -> {
            JsonNode status = status(index);
            return !status.path("Leader").asString("").isEmpty() && status.path("WaitsFor").asString("").isEmpty();
        });
    }

    private static String waitsFor(int index) throws IOException, InterruptedException {
        return status(index).path("WaitsFor").asString("");
    }

    private static JsonNode status(int index) throws IOException, InterruptedException {
        return http.get(cluster.master(index) + "/cluster/status").json();
    }

    private static Optional<HttpFiles.Place> assigned(int index) throws InterruptedException {
        try {
            return impatient.tryAssign(cluster.master(index));
        } catch (IOException refused) {
            return Optional.empty();
        }
    }
}
