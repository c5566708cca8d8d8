package dev.kelpfs.system;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three masters and three volume servers under load while the network between masters fails, while they restart, forget, and
 * are replaced. One cluster for all. What {@link FailoverTest} has done to a cluster is left out.
 */
@ExtendWith(TestDirectories.class)
class FaultsTest {
    private static ClusterUnderLoad cluster;

    @BeforeAll
    static void start(TestDirectory directory) throws Exception {
        cluster = ClusterUnderLoad.start(directory, Seed.announced("FaultsTest"));
    }

    @AfterAll
    static void end() throws InterruptedException {
        if (cluster != null) cluster.end();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"LEADER_KILLED", "FOLLOWER_KILLED", "LEADER_PAUSED"})
    void clientsSeeNothingWrong(Fault fault) throws Exception {
        fault.happensTo(cluster);
        cluster.nothingWentWrong();
    }
}
