package dev.kelpfs.system;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Three masters and three volume servers under load while they restart, forget, and are replaced. One cluster for all tests.
 */
@ExtendWith(TestDirectories.class)
class RollingRestartTest {
    private static ClusterUnderLoad cluster;

    @BeforeAll
    static void start(TestDirectory directory) throws Exception {
        cluster = ClusterUnderLoad.start(directory, Seed.announced("RollingRestartTest"));
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
    void oneMasterAfterTheOther() throws Exception {
        cluster.processes.rollingRestart();
    }

    @Test
    void allAtOnceInOrder() throws Exception {
        cluster.processes.allRestarted();
    }

    @Test
    void allAtOnceByAKill() throws Exception {
        cluster.processes.allKilled();
    }

    @Test
    void aVolumeServerIsKilled() throws Exception {
        cluster.processes.volumeServerKilled();
    }

    @Test
    void aMasterLosesItsDirectory() throws Exception {
        cluster.members.directoryLost();
    }

    @Test
    void oneIsWipedWhileAnotherIsDown() throws Exception {
        cluster.members.wipedWhileAnotherIsDown();
    }

    @Test
    void allMastersAreReplacedByOthers() throws Exception {
        cluster.members.allReplaced();
    }
}
