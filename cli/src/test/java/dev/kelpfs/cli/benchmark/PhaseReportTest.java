package dev.kelpfs.cli.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.testkit.Seed;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PhaseReportTest {
    private static final long TENTH_OF_A_MILLI = 100_000;

    private static Latencies of(long... tenths) {
        Latencies latencies = new Latencies();
        for (long value : tenths) latencies.add(value * TENTH_OF_A_MILLI + 99_999);
        return latencies;
    }

    @Test
    void theReportHasTheLinesThatScriptsKnow() {
        Latencies latencies = new Latencies();
        for (int i = 0; i < 100; i++) latencies.add((i < 90 ? 4 : 20) * TENTH_OF_A_MILLI);
        latencies.add(15_000 * TENTH_OF_A_MILLI);
        PhaseReport report = new PhaseReport("Writing Benchmark", 16, 2.5, 101, 2, 102_400, latencies.summary());

        assertThat(PhaseReport.heading("Writing Benchmark")).isEqualTo("\n------------ Writing Benchmark ----------");
        assertThat(report.text()).isEqualTo("""

                Concurrency Level:      16
                Time taken for tests:   2.500 seconds
                Completed requests:     101
                Failed requests:        2
                Total transferred:      102400 bytes
                Requests per second:    40.40 [#/sec]
                Transfer rate:          40.00 [Kbytes/sec]

                Connection Times (ms)
                              min      avg        max      std
                Total:        0.4      15.4       1500.0      148.5

                Percentage of the requests served within a certain time (ms)
                   50%      0.4 ms
                   95%      2.0 ms
                  100%    1500.0 ms
                """);
        assertThat(report.json()).startsWith("{\"phase\":\"Writing Benchmark\",\"concurrency\":16,\"seconds\":2.5,\"completed\":101,")
                .contains("\"milliseconds\":{\"min\":0.4,", "\"p95\":2.0,", "\"p100\":1500.0}");
    }

    @Test
    void aLineOfEachSecond() {
        assertThat(PhaseReport.rateLine(972, 3108, 972, 1 << 20))
                .isEqualTo("Completed 972 of 3108 requests, 31.3% 972.0/s 1.0MB/s");
        assertThat(PhaseReport.rateLine(0, 0, 0, 0)).contains("100.0%");
    }

    @Test
    void percentilesAreThoseOfTheSortedTimes() {
        SplittableRandom random = Seed.announced("PhaseReportTest").random();
        for (int round = 0; round < 200; round++) {
            long[] values = random.longs(random.nextInt(1, 300), 0, random.nextBoolean() ? 12_000 : 20).toArray();
            Latencies.Summary summary = of(values).summary();
            Arrays.sort(values);
            for (int percent : Latencies.PERCENTS) {
                long rank = Math.max(1, (long) values.length * percent / 100);
                assertThat(summary.percentiles().get(percent)).as(percent + " % of " + Arrays.toString(values))
                        .isEqualTo(values[(int) rank - 1] / 10.0);
            }
            assertThat(summary.min()).isEqualTo(values[0] / 10.0);
            assertThat(summary.max()).isEqualTo(values[values.length - 1] / 10.0);
        }
    }

    @Test
    void nothingMeasuredIsNoTime() {
        assertThat(new Latencies().summary().percentiles()).isEmpty();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        for (String[] line : new String[][] {
            {"benchmark", "-readOnly", "-writeOnly"}, {"benchmark", "-c=0"}, {"benchmark", "-deletePercent=101"},
            {"benchmark", "-replication=abc"}, {"benchmark", "-o=xml"}, {"benchmark", "-master="}}) {
            FakeWorld world = new FakeWorld();
            assertThat(world.run(line)).as(String.join(" ", line)).isEqualTo(ExitCode.USAGE);
            assertThat(world.err()).startsWith("weed benchmark: ");
        }
    }

    @Test
    void aMissingListIsNamedBeforeAnyServerIsAsked() {
        FakeWorld world = new FakeWorld();
        assertThat(world.run("benchmark", "-readOnly", "-list=/nowhere/list.txt")).isEqualTo(ExitCode.FATAL);
        assertThat(world.err()).contains("there is no list /nowhere/list.txt");
    }
}
