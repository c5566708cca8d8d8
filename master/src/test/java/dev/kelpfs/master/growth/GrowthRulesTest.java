package dev.kelpfs.master.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GrowthRulesTest {
    @Test
    void aServerThatFailsIsLeftAloneLongerAndLongerUntilItSucceeds() {
        AtomicLong nanos = new AtomicLong();
        ServerBackoff backoff = new ServerBackoff(nanos::get);
        assertThat(backoff.reason("a")).isEmpty();
        long pause = 1;
        for (int failure = 0; failure < 10; failure++) {
            backoff.failed("a", "no disk");
            nanos.addAndGet(Duration.ofSeconds(pause).toNanos() - 1);
            assertThat(backoff.reason("a")).contains("no disk");
            nanos.addAndGet(1);
            assertThat(backoff.reason("a")).isEmpty();
            pause = Math.min(60, pause * 2);
        }
        backoff.succeeded("a");
        backoff.failed("a", "no disk");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(backoff.reason("a")).isEmpty();
    }

    @Test
    void growthWaitsForServersThatWereUpAndForAnAdoptingClusterToSettle() {
        GrowthReadiness rule = GrowthReadiness.DEFAULT;
        assertThat(rule.wait(facts(1, 0, false, 0))).isEqualTo(Duration.ZERO);
        assertThat(rule.wait(facts(1, 2, false, 0))).isEqualTo(Duration.ofSeconds(1));
        assertThat(rule.wait(facts(3, 2, false, 0))).isEqualTo(Duration.ZERO);
        assertThat(rule.wait(facts(30, 0, true, 4))).isEqualTo(Duration.ofSeconds(11));
        assertThat(rule.wait(facts(30, 0, true, 15))).isEqualTo(Duration.ZERO);
    }

    @Test
    void settingsGiveVolumesByCopiesAndRefuseNonsense() {
        assertThat(List.of(1, 2, 3, 4, 9)).extracting(GrowthSettings.DEFAULT::volumesFor).containsExactly(7, 6, 3, 1, 1);
        assertThatThrownBy(() -> new GrowthSettings(0, 6, 3, 1, 0.9, false, false)).hasMessageContaining("copy_1");
        assertThatThrownBy(() -> new GrowthSettings(7, 6, 3, 1, 1.5, false, false)).hasMessageContaining("threshold");
    }

    private static GrowthReadiness.Facts facts(int age, int missing, boolean adopting, int quiet) {
        return new GrowthReadiness.Facts(Duration.ofSeconds(age), missing, adopting, Duration.ofSeconds(quiet));
    }
}
