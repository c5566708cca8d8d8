package dev.kelpfs.client;

import java.time.Duration;
import java.util.Optional;

/**
 * When to try again: waits grow by half from a tenth of a second to six seconds, and end with the caller's patience. A
 * function of what has passed, without clock or chance.
 */
record RetryRule(Duration patience) {
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long LONGEST_WAIT_MILLIS = 6_000;

    /**
     * How long to wait before the next round; empty when it is time to give up.
     *
     * @param failedRounds how many times everything was tried, at least 1
     * @param elapsed time since the first try began
     */
    Optional<Duration> waitAfter(int failedRounds, Duration elapsed) {
        Duration left = patience.minus(elapsed);
        if (left.isNegative() || left.isZero()) return Optional.empty();
        double wait = FIRST_WAIT_MILLIS * Math.pow(1.5, failedRounds - 1.0);
        Duration after = Duration.ofMillis((long) Math.min(wait, LONGEST_WAIT_MILLIS));
        return Optional.of(after.compareTo(left) < 0 ? after : left);
    }
}
