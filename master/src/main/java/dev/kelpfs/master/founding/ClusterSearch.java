package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.master.founding.FoundingRule.Standing;
import dev.kelpfs.master.founding.FoundingRule.Step;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.state.ReferenceState;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.StatusLine;
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

    private final RpcChannels channels;
    private final ExecutorService threads;
    private final Candidacy candidacy;
    private final ServerAddress self;
    private final List<ServerAddress> peers;
    /** By HTTP address: those of the command line, and those that others said are members. */
    private final Map<String, ServerAddress> masters = new ConcurrentHashMap<>();
    private volatile String waitsFor = "the other masters to answer";
    private volatile boolean turnedAway;
    private volatile List<ServerAddress> members = List.of();

    /**
     * @param directory where the identity is kept
     * @param bootstrap a majority of the peers is enough to found a cluster
     * @param inherited state of the reference beside it
     * @param threads for calls to others; owned by the caller
     */
    public ClusterSearch(
            Disk disk, Path directory, Identity identity, ServerAddress address, List<ServerAddress> peers, boolean bootstrap,
            Optional<ReferenceState> inherited, RpcChannels channels, ExecutorService threads, RandomGenerator random)
            throws IOException {
        this.channels = channels;
        this.threads = threads;
        this.self = address;
        this.peers = peers;
        Standing standing = new Standing(
                new Member(address, identity.incarnation()), peers, Optional.empty(),
                inherited.map(ReferenceState::clusterId).orElse(""), inherited.map(ReferenceState::highestVolumeId).orElse(0L),
                bootstrap, Optional.empty());
        this.candidacy = new Candidacy(disk, directory, identity, standing, random);
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
        return Introductions.message(candidacy.standing());
    }

    /** Another master says who it is, and perhaps asks for an endorsement. @return what this one says of itself then */
    public Introduction meet(Introduction other) {
        if (!other.hasEndorsement()) return introduction();
        try {
            return Introductions.message(candidacy.meet(Introductions.standing(other)));
        } catch (IllegalArgumentException unreadable) {
            LOG.warn("A master introduced itself in a way that this one cannot read: {}", unreadable.getMessage());
        } catch (IOException failed) {
            LOG.error("{} was not endorsed as the founder of a cluster", other.getSelf().getAddress(), failed);
        }
        return introduction();
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
        return members.isEmpty() ? peers : members;
    }

    /**
     * Asks whether the leader of the cluster counts this master among its members no longer.
     *
     * @param known other masters to ask, beside those of the command line
     * @param term the highest that this master knows
     */
    public boolean isOut(UUID group, long term, List<Member> known) throws InterruptedException {
        known.forEach(member -> learn(member.address()));
        return FoundingRule.isOut(member(), group, term, ask(candidacy.standing()).values());
    }

    /** Searches until this master belongs to a cluster; the identity that says so is durable then. */
    public Identity run() throws IOException, InterruptedException {
        while (candidacy.identity().cluster().isEmpty()) {
            Standing asked = candidacy.standing();
            switch (candidacy.decide(asked, ask(asked))) {
                case Step.Wait(var reason) -> {
                    waitFor(reason);
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                }
                case Step.Propose _, Step.Drop _ -> waitFor("the other masters to agree on who founds the cluster");
                case Step.Found _, Step.Belong _, Step.AskLeader _ -> waitsFor = "the masters to elect a leader";
            }
        }
        return candidacy.identity();
    }

    /**
     * Asks the leader to be taken in until this master is a member.
     *
     * @param isMember asked before every try
     */
    public void join(BooleanSupplier isMember) throws InterruptedException {
        while (!isMember.getAsBoolean()) {
            Standing asked = candidacy.standing();
            switch (FoundingRule.next(asked, ask(asked))) {
                case Step.AskLeader(_, var leader) -> {
                    JoinResponse answer = ask(leader);
                    turnedAway = answer.getNeedsAPerson();
                    String refusal = answer.getRefusal();
                    waitFor(refusal.isEmpty() ? "leader " + leader.http() + " to bring this master up to date" : refusal);
                }
                case Step.Belong _ -> waitFor("the leader to send the log");
                case Step.Propose _, Step.Drop _, Step.Found _ ->
                        waitFor("the cluster that this master asked to be taken into; nobody knows it any more");
                case Step.Wait(var reason) -> waitFor(reason);
            }
            TimeUnit.NANOSECONDS.sleep((turnedAway ? PAUSE_FOR_A_PERSON : PAUSE).toNanos());
        }
        turnedAway = false;
        waitsFor = "";
    }

    private void waitFor(String reason) {
        if (reason.equals(waitsFor)) return;
        waitsFor = reason;
        LOG.info("This master does not take part yet: {}", reason);
    }

    /** Masters of the command line that belong to another cluster than that of the group, with its id, for people. */
    public List<String> strangers(UUID group) throws InterruptedException {
        Map<ServerAddress, Standing> answers = introduce(candidacy.standing().with(Optional.empty()));
        answers.keySet().removeIf(asked -> peers.stream().noneMatch(asked::isSameServer));
        return FoundingRule.strangers(group, answers);
    }

    private Map<ServerAddress, Standing> ask(Standing asked) throws InterruptedException {
        Map<ServerAddress, Standing> answers = introduce(asked);
        answers.values().stream()
                .flatMap(answer -> answer.cluster().stream())
                .filter(known -> known.leader().isPresent())
                .max(Comparator.comparing(FoundingRule.Known::term))
                .ifPresent(newest -> members = newest.members().stream().map(Member::address).toList());
        members.forEach(this::learn);
        return answers;
    }

    private Map<ServerAddress, Standing> introduce(Standing asked) throws InterruptedException {
        Map<ServerAddress, Standing> answers = new ConcurrentHashMap<>();
        List<ServerAddress> others = masters.values().stream().filter(peer -> !peer.isSameServer(self)).toList();
        CountDownLatch open = new CountDownLatch(others.size());
        Introduction introduction = Introductions.message(asked);
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
        return new HashMap<>(answers);
    }

    private JoinResponse ask(ServerAddress leader) {
        try {
            return stub(leader, JOIN_LIMIT).join(JoinRequest.newBuilder().setSelf(member().message()).build());
        } catch (StatusRuntimeException failed) {
            return JoinResponse.newBuilder()
                    .setRefusal("leader " + leader.http() + " did not take this master in: " + StatusLine.of(failed.getStatus())).build();
        }
    }

    private MastersBlockingStub stub(ServerAddress peer, Duration limit) {
        ManagedChannel channel = channels.to(peer);
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) channel.resetConnectBackoff();
        return MastersGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Member member() {
        return candidacy.standing().self();
    }

    /** A random UUID, version 4. */
    public UUID randomId() {
        return candidacy.randomId();
    }
}
