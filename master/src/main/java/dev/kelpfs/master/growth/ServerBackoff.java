package dev.kelpfs.master.growth;

import dev.kelpfs.core.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves servers alone that failed to make a volume: for one second after the first failure, twice as long after each
 * further one, up to a minute; a success ends it. Safe for all threads.
 */
final class ServerBackoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /** Servers come and go; the eldest failures are forgotten beyond so many. */
    private static final int MAX_SERVERS = 10_000;

    private record Failure(long untilNanos, Duration pause, String reason) {}

    private final Ticker ticker;
    /** Guarded by this. */
    private final Map<String, Failure> failures = new HashMap<>();

    ServerBackoff(Ticker ticker) {
        this.ticker = ticker;
    }

    synchronized void failed(String nodeId, String reason) {
        Failure before = failures.get(nodeId);
        Duration pause = before == null ? FIRST : shorter(before.pause.multipliedBy(2), LONGEST);
        if (before == null && failures.size() >= MAX_SERVERS) failures.clear();
        failures.put(nodeId, new Failure(ticker.nanos() + pause.toNanos(), pause, reason));
    }

    synchronized void succeeded(String nodeId) {
        failures.remove(nodeId);
    }

    /** Why the server is left alone now, if it is. */
    synchronized Optional<String> reason(String nodeId) {
        Failure failure = failures.get(nodeId);
        if (failure == null || ticker.nanos() - failure.untilNanos >= 0) return Optional.empty();
        return Optional.of(failure.reason);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
