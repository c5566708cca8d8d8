package dev.kelpfs.master.raft;

import dev.kelpfs.core.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * How long a leader may be sure that nobody else leads: a follower that answered a message gives no vote for the shortest
 * election timeout after the message was sent. Safe for all threads.
 */
final class Lease {
    /** Clocks of different machines do not run alike. */
    private static final double TRUST = 0.9;

    private record Answer(long term, long sentNanos) {}

    private final Ticker ticker;
    private final long nanos;
    private final Map<RaftPeerId, Answer> answers = new ConcurrentHashMap<>();

    Lease(Ticker ticker, Duration shortestElectionTimeout) {
        this.ticker = ticker;
        this.nanos = (long) (shortestElectionTimeout.toNanos() * TRUST);
    }

    long now() {
        return ticker.nanos();
    }

    /** A follower answered a message of this term that was sent at {@code sentNanos}. */
    void answered(RaftPeerId follower, long term, long sentNanos) {
        answers.merge(follower, new Answer(term, sentNanos), (old, fresh) ->
                fresh.term > old.term || fresh.term == old.term && fresh.sentNanos - old.sentNanos > 0 ? fresh : old);
    }

    /** Those that answered last first; the ones that never did are left out. */
    List<RaftPeerId> freshest(Collection<RaftPeerId> followers) {
        return followers.stream()
                .filter(answers::containsKey)
                .sorted(Comparator.comparingLong(follower -> ticker.nanos() - answers.get(follower).sentNanos))
                .toList();
    }

    /** True if a majority of these members, the leader included, still stands behind the leader of this term. */
    boolean holds(RaftPeerId leader, Collection<RaftPeerId> members, long term) {
        long now = ticker.nanos();
        int behind = 0;
        for (RaftPeerId member : members) {
            Answer last = answers.get(member);
            if (member.equals(leader) || last != null && last.term == term && now - last.sentNanos < nanos) behind++;
        }
        return behind > members.size() / 2;
    }
}
