package dev.kelpfs.system;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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

    @Test
    void oneFaultAfterTheOther(TestDirectory directory) throws Exception {
        int rounds = Integer.getInteger(ROUNDS);
        Seed seed = Seed.announced("FaultSoakTest");
        ClusterUnderLoad cluster = ClusterUnderLoad.start(directory, seed);
        try {
            SplittableRandom random = seed.derive(-3).random();
            List<Fault> deck = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                if (deck.isEmpty()) deck.addAll(List.of(Fault.values()));
                Fault fault = deck.remove(random.nextInt(deck.size()));
                System.out.println("round " + round + " of " + rounds + ": " + fault);
                try {
                    fault.happensTo(cluster);
                    cluster.nothingWentWrong();
                } catch (AssertionError failed) {
                    throw new AssertionError("round " + round + " of seed " + seed + ", " + fault + ": " + failed.getMessage(), failed);
                }
            }
        } finally {
            cluster.end();
        }
    }
}
