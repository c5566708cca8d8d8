package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.core.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which master to call next, and how long to wait before. Pure and immutable: every outcome of a call gives the next
 * choice.
 *
 * <p>The given masters are tried in order. One round and one call more go without a wait; after that every further round
 * doubles it, from 50 ms to one second. The reference waits five seconds after any failure; that alone would make the
 * death of a master a pause of seconds in which the new one knows less than it could, while a refused connection every
 * second costs nothing. A master that names a leader sends us there at once; when naming goes in circles, the same waits
 * apply.
 *
 * @param seeds the masters given at start, at least one
 * @param position which of the seeds is or was tried last
 * @param named a leader that somebody named, to be tried next instead of a seed
 * @param failures calls in a row that led to nothing
 * @param duplicates answers in a row that called our directories already in use
 */
record MasterChoice(
        List<ServerAddress> seeds, int position, Optional<ServerAddress> named, int failures, int duplicates) {
    /** First wait, and the one that all later waits are multiples of. */
    static final Duration SHORTEST_WAIT = Duration.ofMillis(50);

    static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /** After this many answers in a row that name our directories as taken, going on would serve one directory twice. */
    static final int MAX_DUPLICATES = 4;

    private static final int LONGEST_DOUBLING = 5;

    MasterChoice {
        seeds = List.copyOf(seeds);
        if (seeds.isEmpty()) throw new IllegalArgumentException("no masters to choose from");
    }

    static MasterChoice first(List<ServerAddress> seeds) {
        return new MasterChoice(seeds, 0, Optional.empty(), 0, 0);
    }

    ServerAddress address() {
        return named.orElseGet(() -> seeds.get(position));
    }

    /** How long to wait before calling {@link #address()}. */
    Duration waitFirst() {
        if (duplicates > 0) return Duration.ofSeconds(1L << duplicates);
        int rounds = failures / (seeds.size() + 1);
        if (rounds == 0) return Duration.ZERO;
        Duration doubled = SHORTEST_WAIT.multipliedBy(1L << Math.min(rounds - 1, LONGEST_DOUBLING));
        return doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
    }

    /** True if our directories were called taken so often that this server must stop. */
    boolean mustStop() {
        return duplicates >= MAX_DUPLICATES;
    }

    /** The master took us. */
    MasterChoice accepted() {
        return new MasterChoice(seeds, position, named, 0, 0);
    }

    /** No connection, or the stream ended. A leader that somebody named is forgotten, and its seed is tried again. */
    MasterChoice failed() {
        int next = named.isPresent() ? position : (position + 1) % seeds.size();
        return new MasterChoice(seeds, next, Optional.empty(), failures + 1, duplicates);
    }

    /** The same with other masters to try in order. */
    MasterChoice among(List<ServerAddress> masters) {
        return masters.equals(seeds) ? this : new MasterChoice(masters, position % masters.size(), named, failures, duplicates);
    }

    /** A newer leader than any before is known: it is called without a wait. */
    MasterChoice ledBy(ServerAddress leader) {
        MasterChoice sent = sentTo(leader);
        return new MasterChoice(seeds, sent.position, sent.named, 0, duplicates);
    }

    /** The master that was called named another one as leader. */
    MasterChoice sentTo(ServerAddress leader) {
        for (int i = 0; i < seeds.size(); i++) {
            if (seeds.get(i).isSameServer(leader)) return new MasterChoice(seeds, i, Optional.empty(), failures + 1, duplicates);
        }
        return new MasterChoice(seeds, position, Optional.of(leader), failures + 1, duplicates);
    }

    /** The master says that our directories are registered by another server. */
    MasterChoice duplicate() {
        return new MasterChoice(seeds, position, named, failures, duplicates + 1);
    }
}
