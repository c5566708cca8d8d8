package dev.kelpfs.master.founding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.SeededRounds;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Masters in trouble never found two clusters, and found one when the trouble is over. */
class FoundingSimulationTest {
    private static final int STEPS = 600;
    private static final int ROUNDS = 2000;

    @Test
    void withTheWordThatAMajorityIsEnough() {
        LongAdder founded = new LongAdder();
        SeededRounds.runInTurn("FoundingSimulationTest.majority", ROUNDS, seed -> {
            SplittableRandom random = seed.random();
            if (new FoundingWorld(random.nextInt(2, 6), random, true, false).run(STEPS)) founded.increment();
        });
        assertThat(founded.sum()).as("clusters founded in trouble").isGreaterThan(ROUNDS / 10);
    }

    @Test
    void withoutThatWord() {
        SeededRounds.runInTurn("FoundingSimulationTest.all", ROUNDS, seed -> {
            SplittableRandom random = seed.random();
            new FoundingWorld(random.nextInt(2, 6), random, false, false).run(STEPS);
        });
    }

    /** With it a person says that nobody has lost a directory with a cluster in it, so this is without it. */
    @Test
    void withDirectoriesThatAreLost() {
        LongAdder founded = new LongAdder();
        SeededRounds.runInTurn("FoundingSimulationTest.lost", ROUNDS, seed -> {
            SplittableRandom random = seed.random();
            if (new FoundingWorld(random.nextInt(2, 5), random, false, true).run(STEPS)) founded.increment();
        });
        assertThat(founded.sum()).as("clusters founded in trouble").isGreaterThan(0);
    }
}
