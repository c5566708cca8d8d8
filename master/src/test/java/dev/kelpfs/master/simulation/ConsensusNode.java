package dev.kelpfs.master.simulation;

import dev.kelpfs.master.raft.LeaderLease;
import dev.kelpfs.master.simulation.ConsensusDisk.Entry;
import dev.kelpfs.master.simulation.RaftMessage.Append;
import dev.kelpfs.master.simulation.RaftMessage.Appended;
import dev.kelpfs.master.simulation.RaftMessage.AskVote;
import dev.kelpfs.master.simulation.RaftMessage.TakeOver;
import dev.kelpfs.master.simulation.RaftMessage.Vote;
import dev.kelpfs.wire.kelp.MasterCommand;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A small Raft, for one life of one master: elections with a trial vote, a log that is replicated and cut where it differs,
 * leaders that step down when they hear of nobody, hand-over. What it decides it tells {@link SimulatedLog}.
 */
final class ConsensusNode {
    static final Duration SHORTEST_ELECTION = Duration.ofMillis(300);
    private static final Duration BEAT = Duration.ofMillis(100);
    private static final int SYNC_NANOS = 3_000_000;
    private static final int SLOW_SYNC_NANOS = 150_000_000;
    private static final double SLOW_SYNC = 0.02;

    /** How it reaches the others. */
    interface Post {
        void send(String to, RaftMessage message);
    }

    private enum Role { FOLLOWER, CANDIDATE, LEADER }

    private final String self;
    private final List<String> members;
    private final Life life;
    private final ConsensusDisk disk;
    private final SplittableRandom random;
    private final Post post;
    private final SimulatedLog log;
    final LeaderLease lease;

    private Role role = Role.FOLLOWER;
    private @Nullable String leader;
    private long heardNanos;
    private int committed;
    private int firstOfTerm;
    private VirtualTime.@Nullable Timer election;
    private final Set<String> votes = new HashSet<>();
    private boolean trial;
    private boolean forced;
    private final Map<String, Integer> known = new HashMap<>();
    private final Map<String, Integer> next = new HashMap<>();
    private final Map<String, Long> answered = new HashMap<>();

    ConsensusNode(
            String self, List<String> members, Life life, ConsensusDisk disk, SplittableRandom random, Post post, SimulatedLog log) {
        this.self = self;
        this.members = members;
        this.life = life;
        this.disk = disk;
        this.random = random;
        this.post = post;
        this.log = log;
        this.lease = new LeaderLease(life, SHORTEST_ELECTION);
        this.committed = disk.snapshotIndex;
        this.heardNanos = life.nanos() - SHORTEST_ELECTION.toNanos();
    }

    void start() {
        awaitElection();
    }

    long term() {
        return disk.term;
    }

    boolean leads() {
        return role == Role.LEADER;
    }

    /** It applied everything that its predecessors committed. */
    boolean isReady() {
        return role == Role.LEADER && committed >= firstOfTerm;
    }

    @Nullable String leader() {
        return leader;
    }

    List<String> members() {
        return members;
    }

    void receive(String from, RaftMessage message) {
        boolean isTrial = message instanceof AskVote(_, _, _, boolean asTrial, _) && asTrial;
        boolean keepsTerm = isTrial || message instanceof AskVote ask && !mayVote(ask);
        if (message.term() > disk.term && !keepsTerm) follow(message.term(), null);
        switch (message) {
            case AskVote ask -> asked(from, ask);
            case Vote vote -> voted(from, vote);
            case Append append -> appended(from, append);
            case Appended answer -> confirmed(from, answer);
            case TakeOver order -> {
                if (order.term() == disk.term) stand(true);
            }
        }
    }

    /** The process of the leader is known to be gone. */
    void leaderIsGone(String gone, long itsTerm) {
        if (disk.term == itsTerm && gone.equals(leader)) stand(true);
    }

    private void follow(long term, @Nullable String newLeader) {
        if (term > disk.term) {
            disk.term = term;
            disk.votedFor = null;
        }
        boolean deposed = role == Role.LEADER;
        role = Role.FOLLOWER;
        leader = newLeader;
        if (deposed) log.deposed();
        if (deposed || election == null) awaitElection();
        log.standingMayHaveChanged();
    }

    private void awaitElection() {
        if (election != null) election.cancel();
        election = life.after(SHORTEST_ELECTION.plusNanos(random.nextLong(SHORTEST_ELECTION.toNanos())), () -> stand(false));
    }

    private void stand(boolean isForced) {
        if (role == Role.LEADER) return;
        role = Role.CANDIDATE;
        forced = isForced;
        trial = !isForced;
        leader = null;
        votes.clear();
        votes.add(self);
        if (!trial) beginTerm();
        ask();
        awaitElection();
        log.standingMayHaveChanged();
    }

    private void beginTerm() {
        disk.term++;
        disk.votedFor = self;
    }

    private void ask() {
        if (members.size() == 1) {
            lead();
            return;
        }
        AskVote question = new AskVote(trial ? disk.term + 1 : disk.term, disk.last(), disk.termAt(disk.last()), trial, forced);
        members.stream().filter(member -> !member.equals(self)).forEach(member -> post.send(member, question));
    }

    /** Whoever heard of a leader a moment ago votes for nobody: the lease of that leader counts on it. */
    private boolean mayVote(AskVote ask) {
        return ask.forced() || role != Role.LEADER && life.nanos() - heardNanos >= SHORTEST_ELECTION.toNanos();
    }

    private void asked(String from, AskVote ask) {
        boolean complete = ask.lastTerm() > disk.termAt(disk.last())
                || ask.lastTerm() == disk.termAt(disk.last()) && ask.lastIndex() >= disk.last();
        boolean free = ask.trial() ? ask.term() > disk.term
                : ask.term() == disk.term && (disk.votedFor == null || disk.votedFor.equals(from));
        boolean granted = mayVote(ask) && complete && free;
        if (granted && !ask.trial()) {
            disk.votedFor = from;
            awaitElection();
        }
        post.send(from, new Vote(disk.term, ask.term(), ask.trial(), granted));
    }

    private void voted(String from, Vote vote) {
        long wanted = trial ? disk.term + 1 : disk.term;
        if (role != Role.CANDIDATE || vote.trial() != trial || vote.askedTerm() != wanted || !vote.granted()) return;
        votes.add(from);
        if (votes.size() <= members.size() / 2) return;
        if (trial) {
            trial = false;
            votes.clear();
            votes.add(self);
            beginTerm();
            ask();
        } else {
            lead();
        }
    }

    private void lead() {
        role = Role.LEADER;
        leader = self;
        if (election != null) election.cancel();
        election = null;
        known.clear();
        next.clear();
        answered.clear();
        for (String member : members) {
            next.put(member, disk.last());
            answered.put(member, life.nanos());
        }
        append(null);
        firstOfTerm = disk.last();
        log.elected(disk.term);
        beat(disk.term);
    }

    private void beat(long term) {
        if (role != Role.LEADER || disk.term != term) return;
        long reached = members.stream()
                .filter(member -> member.equals(self) || life.nanos() - answered.get(member) < 2 * SHORTEST_ELECTION.toNanos()).count();
        if (reached <= members.size() / 2) {
            follow(disk.term, null);
            return;
        }
        replicate();
        life.after(BEAT, () -> beat(term));
    }

    private void replicate() {
        for (String member : members) {
            if (member.equals(self)) continue;
            int from = next.get(member);
            post.send(member, new Append(disk.term, from, disk.termAt(from), disk.after(from), committed, lease.now()));
        }
    }

    /** @return its index */
    int append(@Nullable MasterCommand command) {
        disk.append(new Entry(disk.term, command));
        int index = disk.last();
        long term = disk.term;
        sync(index, () -> {
            if (role != Role.LEADER || disk.term != term) return;
            known.merge(self, index, Math::max);
            commit();
        });
        if (command != null) replicate();
        return index;
    }

    private void sync(int index, Runnable then) {
        long term = disk.termAt(index);
        int length = random.nextInt(random.nextDouble() < SLOW_SYNC ? SLOW_SYNC_NANOS : SYNC_NANOS);
        life.after(Duration.ofNanos(length), () -> {
            if (disk.last() >= index && disk.termAt(index) == term) disk.synced = Math.max(disk.synced, index);
            then.run();
        });
    }

    private void appended(String from, Append append) {
        if (append.term() < disk.term) {
            post.send(from, new Appended(disk.term, false, 0, append.sentNanos()));
            return;
        }
        if (role != Role.FOLLOWER || !from.equals(leader)) follow(append.term(), from);
        heardNanos = life.nanos();
        awaitElection();
        boolean fits = append.previousIndex() <= disk.last() && disk.termAt(append.previousIndex()) == append.previousTerm();
        if (!fits) {
            post.send(from, new Appended(disk.term, false, Math.min(disk.last(), append.previousIndex() - 1), append.sentNanos()));
            return;
        }
        int index = append.previousIndex();
        for (Entry entry : append.entries()) {
            index++;
            if (index <= disk.last() && disk.termAt(index) != entry.term()) disk.cutTo(index - 1);
            if (index > disk.last()) disk.append(entry);
        }
        int last = index;
        if (last > disk.synced) {
            sync(last, () -> answer(from, append, last));
        } else {
            answer(from, append, last);
        }
    }

    private void answer(String from, Append append, int last) {
        if (disk.term != append.term() || role != Role.FOLLOWER || disk.synced < last) return;
        int now = Math.min(append.committed(), last);
        if (now > committed) {
            committed = now;
            log.committed(committed);
        }
        post.send(from, new Appended(disk.term, true, last, append.sentNanos()));
    }

    private void confirmed(String from, Appended answer) {
        if (role != Role.LEADER || answer.term() != disk.term) return;
        answered.put(from, life.nanos());
        lease.answered(from, answer.term(), answer.sentNanos());
        if (!answer.taken()) {
            next.put(from, Math.max(0, Math.min(next.get(from), answer.last())));
            return;
        }
        known.merge(from, answer.last(), Math::max);
        next.merge(from, answer.last(), Math::max);
        commit();
    }

    private void commit() {
        int best = committed;
        for (int index = disk.last(); index > committed; index--) {
            int candidate = index;
            long have = members.stream().filter(member -> known.getOrDefault(member, 0) >= candidate).count();
            if (have > members.size() / 2 && disk.termAt(index) == disk.term) {
                best = index;
                break;
            }
        }
        if (best == committed) return;
        committed = best;
        log.committed(committed);
    }

    /** Has the follower lead that knows most. */
    void handOver() {
        if (role != Role.LEADER) return;
        members.stream().filter(member -> !member.equals(self) && life.nanos() - answered.get(member) < SHORTEST_ELECTION.toNanos())
                .max((a, b) -> Integer.compare(known.getOrDefault(a, 0), known.getOrDefault(b, 0)))
                .ifPresent(member -> post.send(member, new TakeOver(disk.term)));
    }
}
