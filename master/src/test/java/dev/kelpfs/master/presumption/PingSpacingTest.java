package dev.kelpfs.master.presumption;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PingSpacingTest {
    private static final long SPACING = Duration.ofMillis(500).toNanos();

    private final PingSpacing spacing = new PingSpacing(2, Duration.ofMillis(500));

    @Test
    void aServerIsAskedOnceAtATimeAndNotTooSoonAgain() {
        assertThat(spacing.begins("a", 0)).isTrue();
        assertThat(spacing.begins("a", SPACING - 1)).as("it is being asked").isFalse();
        assertThat(spacing.begins("a", 10 * SPACING)).as("and still is").isFalse();
        spacing.ended("a");
        assertThat(spacing.begins("a", 10 * SPACING)).isTrue();
        spacing.ended("a");
        assertThat(spacing.begins("a", 11 * SPACING - 1)).as("it was asked a moment ago").isFalse();
        assertThat(spacing.begins("a", 11 * SPACING)).isTrue();
    }

    @Test
    void soManyAreAskedAtATimeAndNoMore() {
        assertThat(spacing.begins("a", 0)).isTrue();
        assertThat(spacing.begins("b", 0)).isTrue();
        assertThat(spacing.begins("c", 0)).isFalse();
        spacing.ended("b");
        assertThat(spacing.begins("c", 0)).isTrue();
    }
}
