package dev.kelpfs.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Seed;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void percentilesAgreeWithASortedListToWithinOneIn64() {
        SplittableRandom random = Seed.announced("LatencyHistogramTest").random();
        LatencyHistogram first = new LatencyHistogram();
        LatencyHistogram second = new LatencyHistogram();
        long[] values = new long[10_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextLong(1L << random.nextInt(1, 40));
            (i % 2 == 0 ? first : second).record(values[i]);
        }
        first.add(second);
        Arrays.sort(values);
        assertThat(first.count()).isEqualTo(values.length);
        for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 1}) {
            long exact = values[(int) Math.ceil(share * values.length) - 1];
            assertThat(first.percentile(share)).isBetween(exact, exact + exact / 64 + 1);
        }
    }

    @Test
    void knowsItsLimits() {
        LatencyHistogram histogram = new LatencyHistogram();
        assertThat(histogram.percentile(0.5)).isZero();
        histogram.record(-5);
        assertThat(histogram.percentile(1)).isZero();
        histogram.record(Long.MAX_VALUE);
        assertThat(histogram.percentile(1)).isEqualTo(Long.MAX_VALUE);
    }
}
