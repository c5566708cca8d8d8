package dev.kelpfs.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryRuleTest {
    private final RetryRule rule = new RetryRule(Duration.ofSeconds(30));

    @Test
    void waitsGrowByHalfUpToSixSeconds() {
        assertThat(rule.waitAfter(1, Duration.ZERO)).contains(Duration.ofMillis(100));
        assertThat(rule.waitAfter(3, Duration.ZERO)).contains(Duration.ofMillis(225));
        assertThat(rule.waitAfter(1000, Duration.ZERO)).contains(Duration.ofSeconds(6));
    }

    @Test
    void theLastWaitEndsWithThePatience() {
        assertThat(rule.waitAfter(50, Duration.ofSeconds(29))).contains(Duration.ofSeconds(1));
        assertThat(rule.waitAfter(50, Duration.ofSeconds(30))).isEmpty();
    }
}
