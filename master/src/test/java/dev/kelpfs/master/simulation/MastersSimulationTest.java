package dev.kelpfs.master.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.SeededRounds;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/**
 * A thousand clusters in trouble; {@code -Dkelp.simulation.seeds=N} runs so many instead. On one thread, because class loading
 * and the like would have two simulations wait for each other in real time.
 */
class MastersSimulationTest {
    private static final long SEEDS = Long.getLong("kelp.simulation.seeds", 1000);

    @Test
    void nothingThatMustNeverHappenHappens() {
        LongAdder files = new LongAdder();
        LongAdder places = new LongAdder();
        LongAdder steps = new LongAdder();
        long rounds = SeededRounds.runInTurn("MastersSimulationTest", SEEDS, seed -> {
            Simulation.Outcome outcome = Simulation.run(seed);
            files.add(outcome.files());
            places.add(outcome.placesGiven());
            steps.add(outcome.steps());
        });
        System.out.println(rounds + " clusters gave out " + places + " places, stored " + files + " files, in " + steps + " steps");
        assertThat(files.sum()).as("work was done in trouble").isGreaterThan(rounds * 10);
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        SeededRounds.runInTurn("MastersSimulationTest.same", 10, seed ->
                assertThat(Simulation.run(seed)).isEqualTo(Simulation.run(new Seed(seed.value()))));
    }
}
