package dev.kelpfs.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kelpfs.core.VolumeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * Where volumes are: from the stream of the master as far as it tells, else from a look-up that is remembered for ten
 * minutes. Look-ups of one volume by several threads are one. Safe for all threads.
 */
final class Locations {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final int MOST_LOOKED_UP = 10_000;

    /** Asks the masters. */
    @FunctionalInterface
    interface LookUp {
        List<Location> ask(VolumeId volume) throws KelpException;
    }

    private final LocationMap followed;
    private final LookUp lookUp;
    private final Cache<VolumeId, List<Location>> lookedUp;
    private final Cache<VolumeId, Object> asking;
    private final RandomGenerator random;
    private final String dataCenter;

    Locations(ClientOptions options, LocationMap followed, LookUp lookUp, RandomGenerator random) {
        this.followed = followed;
        this.lookUp = lookUp;
        this.random = random;
        this.dataCenter = options.habits().dataCenter();
        this.lookedUp = Caffeine.newBuilder()
                .maximumSize(MOST_LOOKED_UP)
                .expireAfterWrite(LIFE)
                .ticker(options.ticker()::nanos)
                .executor(Runnable::run)
                .build();
        this.asking = Caffeine.newBuilder().weakValues().executor(Runnable::run).build();
    }

    /** Servers of a volume in the order in which to try them; empty if there is no such volume. */
    List<Location> find(VolumeId volume) throws KelpException {
        List<Location> servers = remembered(volume);
        return inOrder(servers.isEmpty() ? ask(volume) : servers);
    }

    /** Asks the masters, whatever is remembered. */
    List<Location> findAnew(VolumeId volume) throws KelpException {
        forget(volume);
        return inOrder(ask(volume));
    }

    /** What is remembered of a volume turned out to be wrong. */
    void forget(VolumeId volume) {
        followed.forget(volume);
        lookedUp.invalidate(volume);
    }

    private List<Location> remembered(VolumeId volume) {
        List<Location> told = followed.find(volume);
        if (!told.isEmpty()) return told;
        List<Location> known = lookedUp.getIfPresent(volume);
        return known == null ? List.of() : known;
    }

    private List<Location> ask(VolumeId volume) throws KelpException {
        synchronized (asking.get(volume, same -> new Object())) {
            List<Location> meanwhile = remembered(volume);
            if (!meanwhile.isEmpty()) return meanwhile;
            List<Location> found = lookUp.ask(volume);
            if (!found.isEmpty()) lookedUp.put(volume, found);
            return found;
        }
    }

    /** By chance, so that the load spreads, but the own data center first. */
    private List<Location> inOrder(List<Location> servers) {
        List<Location> order = new ArrayList<>(servers);
        for (int i = order.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Location moved = order.set(i, order.get(other));
            order.set(other, moved);
        }
        ToIntFunction<Location> distance = server -> server.dataCenter().equals(dataCenter) ? 0 : 1;
        if (!dataCenter.isEmpty()) order.sort(Comparator.comparingInt(distance));
        return order;
    }
}
