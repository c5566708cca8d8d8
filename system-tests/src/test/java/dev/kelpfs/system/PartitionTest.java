package dev.kelpfs.system;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Three masters and three volume servers under load while the network between the masters fails. One cluster for all tests. */
@ExtendWith(TestDirectories.class)
class PartitionTest {
    private static ClusterUnderLoad cluster;

    @BeforeAll
    static void start(TestDirectory directory) throws Exception {
        cluster = ClusterUnderLoad.start(directory, Seed.announced("PartitionTest"));
    }

    @AfterAll
    static void end() throws InterruptedException {
        if (cluster != null) cluster.end();
    }

    @AfterEach
    void nothingWentWrong() {
        cluster.nothingWentWrong();
    }

    @Test
    void theLeaderIsAlone() throws Exception {
        cluster.network.leaderAlone();
    }

    @Test
    void theLeaderIsStalled() throws Exception {
        cluster.network.leaderStalled();
    }

    @Test
    void theLeaderIsNotHeard() throws Exception {
        cluster.network.leaderIsNotHeard();
    }

    @Test
    void theLeaderDoesNotHear() throws Exception {
        cluster.network.leaderDoesNotHear();
    }

    @Test
    void connectionsToTheLeaderAreRefused() throws Exception {
        cluster.network.leaderIsRefused();
    }

    @Test
    void aFollowerIsAlone() throws Exception {
        cluster.network.followerAlone();
    }

    @Test
    void everyMasterIsAlone() throws Exception {
        cluster.network.allAlone();
    }
}
