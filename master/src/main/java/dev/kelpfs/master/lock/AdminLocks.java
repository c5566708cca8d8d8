package dev.kelpfs.master.lock;

import dev.kelpfs.core.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Leases of ten seconds, each under a name, kept alive by leasing again with what the last lease gave. They live in the
 * leader's memory: a new leader frees them all, and so does this one when it leads again in a later term. Safe for all
 * threads.
 */
public final class AdminLocks {
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final int MAX_LOCKS = 1000;
    private static final int MAX_NAME_CHARS = 256;
    /** What clients say about themselves is for people; more than this they do not read. */
    private static final int MAX_TEXT_CHARS = 1024;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** What asking for a lease came to. */
    public sealed interface Outcome {
        /**
         * It is held now by the asker.
         *
         * @param token not 0; with the time it proves that a later request comes from the holder
         * @param sinceEpochNanos wall clock of this lease
         */
        record Leased(long token, long sinceEpochNanos) implements Outcome {}

        /** It is held by somebody else. @param message what the holder said it is doing */
        record Held(String client, String message) implements Outcome {}

        /** So many locks are held already that no further one is given. */
        record TooMany(int locks) implements Outcome {}
    }

    /** Who holds a lock. */
    public record Holder(String name, String client, String message) {}

    /** What a lease gave its holder, who shows it when asking again. */
    private record Proof(long token, long sinceEpochNanos) {}

    /** @param shown with what it was asked for: if the answer is lost, that is all that its holder has */
    private record Lease(Proof given, Proof shown, long leasedNanos, long term, String client, String message) {}

    private final Ticker ticker;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final LongSupplier term;
    /** Guarded by this. */
    private final Map<String, Lease> leases = new HashMap<>();

    /**
     * @param random gives tokens; safe for all threads
     * @param term of this master's leadership
     */
    public AdminLocks(Ticker ticker, InstantSource clock, RandomGenerator random, LongSupplier term) {
        this.ticker = ticker;
        this.clock = clock;
        this.random = random;
        this.term = term;
    }

    /**
     * Takes a lock, or keeps it. A holder whom the answer to the last request did not reach keeps it with what it showed then.
     *
     * @param previousToken what the last lease gave, with its time; 0 for a first request
     * @throws IllegalArgumentException if the name is too long
     */
    public synchronized Outcome lease(String name, String client, String message, long previousToken, long previousSince) {
        checkName(name);
        Optional<Lease> held = held(name);
        Proof shown = new Proof(previousToken, previousSince);
        boolean isHolder = held.filter(lease -> proves(lease, shown)).isPresent();
        if (held.isPresent() && !isHolder) return new Outcome.Held(held.get().client, held.get().message);
        if (held.isEmpty()) leases.values().removeIf(lease -> !isValid(lease));
        if (leases.size() >= MAX_LOCKS && !leases.containsKey(name)) return new Outcome.TooMany(leases.size());
        Instant now = clock.instant();
        Proof given = new Proof(random.nextLong(1, Long.MAX_VALUE), now.getEpochSecond() * NANOS_PER_SECOND + now.getNano());
        leases.put(name, new Lease(given, shown, ticker.nanos(), term.getAsLong(), cut(client), cut(message)));
        return new Outcome.Leased(given.token, given.sinceEpochNanos);
    }

    /** Gives a lock back; nothing happens if token and time are not those of the lease. */
    public synchronized void release(String name, long token, long since) {
        held(name).filter(lease -> proves(lease, new Proof(token, since))).ifPresent(unused -> leases.remove(name));
    }

    /** Who holds the lock now, if anybody does. */
    public synchronized Optional<Holder> holder(String name) {
        return held(name).map(lease -> new Holder(name, lease.client, lease.message));
    }

    /** Everybody who holds a lock now, by name of the lock. */
    public synchronized List<Holder> holders() {
        return leases.keySet().stream().sorted().flatMap(name -> holder(name).stream()).toList();
    }

    /** The clients that hold a lock now. */
    public Set<String> clients() {
        return holders().stream().map(Holder::client).collect(Collectors.toCollection(TreeSet::new));
    }

    private Optional<Lease> held(String name) {
        return Optional.ofNullable(leases.get(name)).filter(this::isValid);
    }

    private boolean isValid(Lease lease) {
        return lease.term == term.getAsLong() && ticker.nanos() - lease.leasedNanos < LEASE.toNanos();
    }

    private static boolean proves(Lease lease, Proof proof) {
        return proof.token != 0 && (lease.given.equals(proof) || lease.shown.equals(proof));
    }

    private static void checkName(String name) {
        if (name.length() > MAX_NAME_CHARS) {
            throw new IllegalArgumentException(
                    "the name of a lock has at most " + MAX_NAME_CHARS + " characters, this one " + name.length());
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT_CHARS ? text : text.substring(0, MAX_TEXT_CHARS);
    }
}
