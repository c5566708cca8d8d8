package dev.kelpfs.client;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import java.time.Duration;
import java.util.List;

/**
 * What a client is told at its start.
 *
 * @param masters addresses of masters; one is enough, all are better
 * @param patience how long an operation goes on trying when servers are away
 * @param requestTimeout how long one HTTP request or one call may take
 * @param ticker monotonic time
 */
public record ClientOptions(List<ServerAddress> masters, Duration patience, Duration requestTimeout, Ticker ticker) {
    public ClientOptions {
        masters = List.copyOf(masters);
        if (masters.isEmpty()) throw new IllegalArgumentException("a client needs the address of at least one master");
        if (patience.isNegative() || requestTimeout.isNegative() || requestTimeout.isZero()) {
            throw new IllegalArgumentException("times must not be negative: " + patience + ", " + requestTimeout);
        }
    }

    /** Thirty seconds of patience, as clients of the reference have it. */
    public static ClientOptions of(List<ServerAddress> masters) {
        return new ClientOptions(masters, Duration.ofSeconds(30), Duration.ofSeconds(60), Ticker.system());
    }

    public static ClientOptions of(ServerAddress... masters) {
        return of(List.of(masters));
    }

    public ClientOptions withPatience(Duration limit) {
        return new ClientOptions(masters, limit, requestTimeout, ticker);
    }
}
