package dev.kelpfs.master.simulation;

import java.util.List;

/** What consensus nodes send each other. */
sealed interface RaftMessage {
    long term();

    /**
     * Asks for a vote.
     *
     * @param trial whether it would be given; nothing changes yet
     * @param forced the leader itself handed over, or its process is gone
     */
    record AskVote(long term, int lastIndex, long lastTerm, boolean trial, boolean forced) implements RaftMessage {}

    record Vote(long term, long askedTerm, boolean trial, boolean granted) implements RaftMessage {}

    /** @param sentNanos by the clock of the leader; comes back with the answer */
    record Append(long term, int previousIndex, long previousTerm, List<ConsensusDisk.Entry> entries, int committed, long sentNanos)
            implements RaftMessage {}

    /** @param last the follower has everything up to here; if it did not take the entries, where to try next */
    record Appended(long term, boolean taken, int last, long sentNanos) implements RaftMessage {}

    /** The leader wants the receiver to lead. */
    record TakeOver(long term) implements RaftMessage {}
}
