package dev.kelpfs.system;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every fault that there is, in a random order, one after the other on one cluster under load: {@code -Dkelp.soak.rounds=50}.
 * All come equally often. The seed gives the order again, not the moments.
 */
@ExtendWith(TestDirectories.class)
@EnabledIfSystemProperty(named = FaultSoakTest.ROUNDS, matches = "[1-9][0-9]*",
        disabledReason = "a soak of many minutes; each of its faults is tested once elsewhere")
class FaultSoakTest {
    static final String ROUNDS = "kelp.soak.rounds";

    private interface Fault {
        void happen() throws Exception;
    }

    @Test
    void oneFaultAfterTheOther(TestDirectory directory) throws Exception {
        int rounds = Integer.getInteger(ROUNDS);
        Seed seed = Seed.announced("FaultSoakTest");
        ClusterUnderLoad cluster = ClusterUnderLoad.start(directory, seed);
        try {
            Map<String, Fault> faults = faults(cluster);
            SplittableRandom random = seed.derive(-3).random();
            List<String> deck = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                if (deck.isEmpty()) deck.addAll(faults.keySet());
                String name = deck.remove(random.nextInt(deck.size()));
                System.out.println("round " + round + " of " + rounds + ": " + name);
                try {
                    faults.get(name).happen();
                    cluster.nothingWentWrong();
                } catch (AssertionError failed) {
                    throw new AssertionError("round " + round + " of seed " + seed + ", " + name + ": " + failed.getMessage(), failed);
                }
            }
        } finally {
            cluster.end();
        }
    }

    private static Map<String, Fault> faults(ClusterUnderLoad cluster) {
        Map<String, Fault> faults = new TreeMap<>();
        faults.put("the leader is killed", cluster.processes::leaderKilled);
        faults.put("a follower is killed", cluster.processes::followerKilled);
        faults.put("a volume server is killed", cluster.processes::volumeServerKilled);
        faults.put("the leader is paused", cluster.processes::leaderPaused);
        faults.put("rolling restart of the masters", cluster.processes::rollingRestart);
        faults.put("all are restarted", cluster.processes::allRestarted);
        faults.put("all are killed", cluster.processes::allKilled);
        faults.put("the leader is alone", cluster.network::leaderAlone);
        faults.put("the leader is stalled", cluster.network::leaderStalled);
        faults.put("the leader is not heard", cluster.network::leaderIsNotHeard);
        faults.put("the leader does not hear", cluster.network::leaderDoesNotHear);
        faults.put("connections to the leader are refused", cluster.network::leaderIsRefused);
        faults.put("a follower is alone", cluster.network::followerAlone);
        faults.put("every master is alone", cluster.network::allAlone);
        faults.put("a master loses its directory", cluster.members::directoryLost);
        faults.put("one is wiped while another is down", cluster.members::wipedWhileAnotherIsDown);
        faults.put("all masters are replaced by others", cluster.members::allReplaced);
        return faults;
    }
}
