package dev.kelpfs.master.watch;

import dev.kelpfs.wire.master.LockRingUpdate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells clients over which filers of a group the group's locks are spread. Filers come and go in flocks, so a change is
 * announced when there was no further one for a second. Safe for all threads.
 */
final class LockRings {
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final InstantSource clock;
    private final Function<String, List<String>> filersOf;
    private final Consumer<LockRingUpdate> announce;
    // All guarded by this.
    private final Map<String, Long> changes = new HashMap<>();
    private final Map<String, LockRingUpdate> rings = new HashMap<>();
    private long version;

    /**
     * @param filersOf addresses of the filers of a group
     * @param announce tells everybody; called by a thread of its own
     */
    LockRings(InstantSource clock, Function<String, List<String>> filersOf, Consumer<LockRingUpdate> announce) {
        this.clock = clock;
        this.filersOf = filersOf;
        this.announce = announce;
    }

    /** A filer of the group came or went. */
    void changed(String group) {
        long mine;
        synchronized (this) {
            mine = changes.merge(group, 1L, Long::sum);
        }
        Thread.ofVirtual().name("kelp-master-lock-ring").start(() -> announceWhenQuiet(group, mine));
    }

    /** What was last announced of a group. */
    synchronized Optional<LockRingUpdate> last(String group) {
        return Optional.ofNullable(rings.get(group));
    }

    private void announceWhenQuiet(String group, long change) {
        try {
            TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return;
        }
        List<String> filers = filersOf.apply(group);
        LockRingUpdate ring;
        synchronized (this) {
            if (changes.getOrDefault(group, 0L) != change) return;
            ring = LockRingUpdate.newBuilder().setFilerGroup(group).addAllServers(filers).setVersion(nextVersion()).build();
            rings.put(group, ring);
            if (filers.isEmpty()) {
                changes.remove(group);
                rings.remove(group);
            }
        }
        announce.accept(ring);
    }

    /** Wall clock, so that versions also grow when another master takes over; never the same twice. */
    private long nextVersion() {
        Instant now = clock.instant();
        version = Math.max(version + 1, now.getEpochSecond() * NANOS_PER_SECOND + now.getNano());
        return version;
    }
}
