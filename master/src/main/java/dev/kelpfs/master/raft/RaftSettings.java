package dev.kelpfs.master.raft;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * What a replicated log is told when it is opened.
 *
 * @param directory where the consensus library keeps its files
 * @param group random identity of this cluster's log, minted at founding
 * @param founders the members that the cluster began with; empty for a master that is taken in later. The log knows better
 *     once it holds a change of members
 * @param election when masters think that the leader is gone
 * @param alone this master is probably the only member, and stands for election at once when the log is opened
 */
public record RaftSettings(
        Path directory, Member self, UUID group, List<Member> founders, ElectionTimeout election, boolean alone) {
    public RaftSettings {
        founders = List.copyOf(founders);
    }

    /** For a master that is alone if it founded the cluster alone. */
    RaftSettings(Path directory, Member self, UUID group, List<Member> founders, ElectionTimeout election) {
        this(directory, self, group, founders, election, founders.equals(List.of(self)));
    }

    /**
     * A master that hears nothing of the leader for a random time in this range asks for votes.
     *
     * @param shortest at least 50 ms
     * @param longest above the shortest
     */
    public record ElectionTimeout(Duration shortest, Duration longest) {
        /** A dead leader is replaced within about a second. */
        public static final ElectionTimeout DEFAULT = new ElectionTimeout(Duration.ofMillis(300), Duration.ofMillis(600));

        private static final long LEAST_MILLIS = 50;

        public ElectionTimeout {
            if (shortest.toMillis() < LEAST_MILLIS || shortest.compareTo(longest) >= 0) {
                throw new IllegalArgumentException("an election timeout is a range above " + LEAST_MILLIS + " ms, got "
                        + shortest + " to " + longest);
            }
        }

        /** The longest time between two calls of a leader to a follower: the library calls after half of the shortest timeout. */
        public Duration heartbeat() {
            return shortest.dividedBy(2);
        }

        /** From this time to twice of it, as the reference reads its flag. */
        public static ElectionTimeout from(Duration shortest) {
            return new ElectionTimeout(shortest, shortest.multipliedBy(2));
        }
    }
}
