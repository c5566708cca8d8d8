package dev.kelpfs.master.raft;

import dev.kelpfs.core.Ticker;
import java.time.Duration;
import java.util.Collection;
import org.apache.ratis.protocol.RaftPeerId;

/** The real {@link Lease} for consensus that is simulated: members by name. */
public final class LeaderLease {
    private final Lease lease;

    public LeaderLease(Ticker ticker, Duration shortestElectionTimeout) {
        this.lease = new Lease(ticker, shortestElectionTimeout);
    }

    public long now() {
        return lease.now();
    }

    public void answered(String follower, long term, long sentNanos) {
        lease.answered(RaftPeerId.valueOf(follower), term, sentNanos);
    }

    public boolean holds(String leader, Collection<String> members, long term) {
        return lease.holds(RaftPeerId.valueOf(leader), members.stream().map(RaftPeerId::valueOf).toList(), term);
    }
}
