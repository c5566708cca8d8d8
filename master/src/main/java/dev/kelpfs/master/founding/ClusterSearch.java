package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.master.founding.FoundingRule.Standing;
import dev.kelpfs.master.founding.FoundingRule.Step;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.state.ReferenceState;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.kelp.Introduction;
import dev.kelpfs.wire.kelp.JoinRequest;
import dev.kelpfs.wire.kelp.JoinResponse;
import dev.kelpfs.wire.kelp.MastersGrpc;
import dev.kelpfs.wire.kelp.MastersGrpc.MastersBlockingStub;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all listed masters who they are until it is clear which cluster this master belongs to, and makes that durable. One
 * thread runs {@link #run}; others ask what it waits for.
 */
public final class ClusterSearch {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSearch.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    /** A person takes longer than that to type. */
    private static final Duration PAUSE_FOR_A_PERSON = Duration.ofSeconds(1);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(1);
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(20);
    private static final int MOST_MASTERS = 64;

    private final Disk disk;
    private final Path directory;
    private final RpcChannels channels;
    private final ExecutorService threads;
    private final RandomGenerator random;
    private final Identity identity;
    private final Standing self;
    /** By HTTP address: those of the command line, and those that others said are members. */
    private final Map<String, ServerAddress> masters = new ConcurrentHashMap<>();
    private volatile String waitsFor = "the other masters to answer";
    private volatile boolean turnedAway;
    private volatile List<ServerAddress> members = List.of();

    /**
     * @param directory where the identity is kept
     * @param inherited state of the reference beside it
     * @param threads for calls to others; owned by the caller
     */
    public ClusterSearch(
            Disk disk, Path directory, Identity identity, ServerAddress address, List<ServerAddress> peers,
            Optional<ReferenceState> inherited, RpcChannels channels, ExecutorService threads, RandomGenerator random) {
        this.disk = disk;
        this.directory = directory;
        this.identity = identity;
        this.channels = channels;
        this.threads = threads;
        this.random = random;
        this.self = new Standing(
                new Member(address, identity.incarnation()), peers, Optional.empty(),
                inherited.map(ReferenceState::clusterId).orElse(""), inherited.map(ReferenceState::highestVolumeId).orElse(0L), false);
        peers.forEach(this::learn);
    }

    /** Asks these too. */
    public void learn(List<ServerAddress> others) {
        others.forEach(this::learn);
    }

    private void learn(ServerAddress master) {
        if (masters.size() < MOST_MASTERS) masters.putIfAbsent(master.http(), master);
    }

    /** What this master says of itself while it belongs to no cluster. */
    public Introduction introduction() {
        return Introductions.message(self);
    }

    /** What is missing, for people. */
    public String waitsFor() {
        return waitsFor;
    }

    /** True if the leader takes this master in only by a person's word. */
    public boolean isTurnedAway() {
        return turnedAway;
    }

    /** The masters that are members, as far as the others told; those of the command line before. */
    public List<ServerAddress> masters() {
        return members.isEmpty() ? self.peers() : members;
    }

    /**
     * Asks whether the leader of the cluster counts this master among its members no longer.
     *
     * @param known other masters to ask, beside those of the command line
     * @param term the highest that this master knows
     */
    public boolean isOut(UUID group, long term, List<Member> known) throws InterruptedException {
        known.forEach(member -> learn(member.address()));
        return FoundingRule.isOut(self.self(), group, term, ask().values());
    }

    /** Searches until this master belongs to a cluster; the identity that says so is durable then. */
    public Identity run() throws IOException, InterruptedException {
        while (true) {
            Step step = FoundingRule.next(self, ask());
            switch (step) {
                case Step.Wait(var reason) -> waitFor(reason);
                case Step.Found(var members, var clusterId, var referenceVolumeId) -> {
                    String id = clusterId.isEmpty() ? randomId().toString() : clusterId;
                    LOG.info("Founding cluster {} of {}", id, members);
                    return belong(new Identity.Cluster(randomId(), members, id, referenceVolumeId));
                }
                case Step.Belong(var group, var members, var clusterId, var referenceVolumeId) -> {
                    return belong(new Identity.Cluster(group, members, clusterId, referenceVolumeId));
                }
                // Before the leader takes it in, this master must be able to take what the leader sends.
                case Step.AskLeader(var group, _) -> {
                    return belong(new Identity.Cluster(group, List.of(), "", 0));
                }
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    /**
     * Asks the leader to be taken in until this master is a member.
     *
     * @param isMember asked before every try
     */
    public void join(BooleanSupplier isMember) throws InterruptedException {
        while (!isMember.getAsBoolean()) {
            switch (FoundingRule.next(self, ask())) {
                case Step.AskLeader(_, var leader) -> {
                    JoinResponse answer = ask(leader);
                    turnedAway = answer.getNeedsAPerson();
                    String refusal = answer.getRefusal();
                    waitFor(refusal.isEmpty() ? "leader " + leader.http() + " to bring this master up to date" : refusal);
                }
                case Step.Belong _ -> waitFor("the leader to send the log");
                case Step.Found _ -> waitFor("the cluster that this master asked to be taken into; nobody knows it any more");
                case Step.Wait(var reason) -> waitFor(reason);
            }
            TimeUnit.NANOSECONDS.sleep((turnedAway ? PAUSE_FOR_A_PERSON : PAUSE).toNanos());
        }
        turnedAway = false;
        waitsFor = "";
    }

    private Identity belong(Identity.Cluster cluster) throws IOException {
        Identity member = new Identity(identity.incarnation(), Optional.of(cluster));
        member.write(disk, directory);
        waitsFor = "the masters to elect a leader";
        return member;
    }

    private void waitFor(String reason) {
        if (reason.equals(waitsFor)) return;
        waitsFor = reason;
        LOG.info("This master does not take part yet: {}", reason);
    }

    private Map<ServerAddress, Standing> ask() throws InterruptedException {
        Map<ServerAddress, Standing> answers = new ConcurrentHashMap<>();
        List<ServerAddress> others = masters.values().stream().filter(peer -> !peer.isSameServer(self.self().address())).toList();
        CountDownLatch open = new CountDownLatch(others.size());
        Introduction introduction = introduction();
        for (ServerAddress peer : others) {
            threads.execute(() -> {
                try {
                    answers.put(peer, Introductions.standing(stub(peer, CALL_LIMIT).introduce(introduction)));
                } catch (StatusRuntimeException | IllegalArgumentException noAnswer) {
                    LOG.debug("{} does not introduce itself: {}", peer, noAnswer.getMessage());
                } finally {
                    open.countDown();
                }
            });
        }
        open.await();
        answers.values().stream()
                .flatMap(answer -> answer.cluster().stream())
                .filter(known -> known.leader().isPresent())
                .max(Comparator.comparing(FoundingRule.Known::term))
                .ifPresent(newest -> members = newest.members().stream().map(Member::address).toList());
        members.forEach(this::learn);
        return new HashMap<>(answers);
    }

    private JoinResponse ask(ServerAddress leader) {
        try {
            return stub(leader, JOIN_LIMIT).join(JoinRequest.newBuilder().setSelf(self.self().message()).build());
        } catch (StatusRuntimeException failed) {
            return JoinResponse.newBuilder()
                    .setRefusal("leader " + leader.http() + " did not take this master in: " + failed.getStatus()).build();
        }
    }

    private MastersBlockingStub stub(ServerAddress peer, Duration limit) {
        ManagedChannel channel = channels.to(peer);
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) channel.resetConnectBackoff();
        return MastersGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A random UUID, version 4. */
    public UUID randomId() {
        long high = random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L;
        long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
