package dev.kelpfs.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Keeps the benchmarks alive: each runs once, briefly, on tiny input, in this process. How fast is nobody's business here. */
class JmhTest {
    private static final int BENCHMARKS = 11;

    @Test
    void everyBenchmarkRuns() throws Exception {
        // Another run on this machine disturbs figures, which do not matter here.
        System.setProperty("jmh.ignoreLock", "true");
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                .include(JmhTest.class.getPackageName())
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(5))
                .param("keys", "100")
                .param("dataBytes", "100")
                .param("indexes", "10")
                .shouldFailOnError(true)
                .build()).run();
        assertThat(results).hasSize(BENCHMARKS);
        assertThat(results).allSatisfy(result -> assertThat(result.getPrimaryResult().getSampleCount()).isPositive());
    }
}
