package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.core.ServerAddress;
import java.time.Duration;

/**
 * Which cluster this server belongs to, and whether it follows a leader of another one: only one that was named to it at its
 * start, and only when all masters of its own cluster have been silent for a while. So a second cluster that was founded by
 * mistake takes no servers from the first, and a cluster whose masters lost their state gets its servers back. Pure and
 * immutable.
 *
 * @param cluster the id; empty as long as no cluster of Kelp was followed
 * @param heardNanos when a master of that cluster answered last, or this process began
 */
record Allegiance(String cluster, long heardNanos) {
    /** How long the own masters must have been silent. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What is to be done about a leader of another cluster. */
    sealed interface Verdict {
        /** The own masters are gone. */
        record Follow() implements Verdict {}

        /** @param reason for people; the same for as long as nothing changes */
        record Refuse(String reason) implements Verdict {}
    }

    boolean isBound() {
        return !cluster.isEmpty();
    }

    /** True if a master of that cluster may be followed without a question. */
    boolean isOwn(String other) {
        return cluster.equals(other);
    }

    /** A master answered of the cluster to which this server belongs, or does from now on. */
    Allegiance heard(String from, long nowNanos) {
        return new Allegiance(from, nowNanos);
    }

    /**
     * A master says that it leads another cluster.
     *
     * @param given it is one of those that were named at the start
     * @param file what holds the id of the own cluster, for people
     */
    Verdict judge(ServerAddress leader, String other, boolean given, String file, long nowNanos) {
        String who = "master " + leader.http() + " leads cluster " + other + ", but this server belongs to cluster " + cluster;
        if (!given) {
            return new Verdict.Refuse(who + " and was not told of that master; to move it to cluster " + other
                    + ", stop it, remove " + file + " and start it with the address of that master");
        }
        if (nowNanos - heardNanos < PATIENCE.toNanos()) {
            return new Verdict.Refuse(who + "; it follows that master when none of its own has answered for "
                    + PATIENCE.toSeconds() + " s; to move it at once, stop it, remove " + file + " and start it again");
        }
        return new Verdict.Follow();
    }
}
