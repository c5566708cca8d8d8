package dev.kelpfs.volume.location;

import java.time.Duration;

/**
 * What an answer is worth by its age. Copies of volumes move seldom, and a write that goes to a server without its copy
 * fails and has the answer forgotten; a copy that was added is the case that must be seen soon, for a write that misses
 * it would leave the copies different. Pure.
 */
enum Freshness {
    /** Used as it is. */
    FRESH,
    /** Used as it is, while a master is asked anew beside it. */
    AGEING,
    /** Used only if no master can be asked. */
    OLD;

    private static final Duration FRESH_FOR = Duration.ofSeconds(10);
    private static final Duration AGEING_FOR = Duration.ofSeconds(30);
    private static final Duration NOWHERE_FOR = Duration.ofSeconds(1);

    static Freshness of(Duration age, boolean somewhere) {
        if (!somewhere) return age.compareTo(NOWHERE_FOR) < 0 ? FRESH : OLD;
        if (age.compareTo(FRESH_FOR) < 0) return FRESH;
        return age.compareTo(AGEING_FOR) < 0 ? AGEING : OLD;
    }
}
