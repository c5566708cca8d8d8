package dev.kelpfs.master.raft;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.master.state.Applied;
import dev.kelpfs.master.state.Commands;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.MemberProgress;
import dev.kelpfs.master.state.NotCommittedException;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.MasterCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log that several masters keep together: a command is committed when a majority has it on disk. Who leads is asked of
 * the library whenever it says that something changed, and every few milliseconds, because it does not say everything.
 */
public final class RaftLog implements StateLog {
    private static final Logger LOG = LoggerFactory.getLogger(RaftLog.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration HAND_OVER = Duration.ofMillis(1500);

    private final RaftSettings settings;
    private final RaftGroupId group;
    private final ClientId client;
    private final AtomicLong callIds = new AtomicLong();
    private final ReplicatedState state;
    private final Lease lease;
    private final LeaderProbe probe;
    private final RaftServer server;
    private final RaftServer.Division division;
    private final Thread watch = Thread.ofVirtual().name("kelp-raft-watch").unstarted(this::watch);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition mayHaveChanged = lock.newCondition();
    /** Guarded by {@link #lock}. */
    private boolean changed;
    /** Guarded by itself; told by the watching thread, and once by whoever is added. */
    private final List<Consumer<Leadership>> listeners = new ArrayList<>();
    /** Why nothing can be committed any more; empty if nothing is wrong. */
    private volatile String failure = "";
    /** What listeners know. Written under the guard of {@link #listeners}. */
    private volatile Leadership leadership = new Leadership.Following(0, Optional.empty());

    private RaftLog(
            RaftSettings settings, Disk disk, Ticker ticker, RandomGenerator random, RpcChannels channels, RaftDoor door)
            throws IOException {
        this.settings = settings;
        this.group = RaftGroupId.valueOf(settings.group());
        this.client = ClientId.valueOf(new UUID(random.nextLong(), random.nextLong()));
        this.state = new ReplicatedState(disk, this::lookSoon, this::fail);
        this.lease = new Lease(ticker, settings.election().shortest());
        GrpcTransport.Wiring wiring = new GrpcTransport.Wiring(channels, door, lease, settings.election().longest().multipliedBy(2));
        this.server = RaftServer.newBuilder()
                .setServerId(settings.self().id())
                .setStateMachine(state)
                .setGroup(RaftGroup.valueOf(group, settings.founders().stream().map(Member::peer).toArray(RaftPeer[]::new)))
                .setProperties(RaftProperties.of(settings))
                .setParameters(GrpcRpcType.parameters(wiring))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        this.division = server.getDivision(group);
        this.probe = new LeaderProbe(
                channels, wiring.callLimit(), new Succession(server, division, settings.self().id())::standIfInTurn);
    }

    /**
     * Opens the log and takes part in the consensus. Returns at once; who leads is found out meanwhile.
     *
     * @param door through which the other masters' messages come
     * @throws IOException if the directory cannot be read or is in use
     */
    public static RaftLog open(
            RaftSettings settings, Disk disk, Ticker ticker, RandomGenerator random, RpcChannels channels, RaftDoor door)
            throws IOException {
        disk.createDirectories(settings.directory());
        RaftLog log = new RaftLog(settings, disk, ticker, random, channels, door);
        try {
            log.server.start();
        } catch (IOException | RuntimeException failed) {
            log.server.close();
            throw failed;
        }
        log.watch.start();
        return log;
    }

    @Override
    public CompletableFuture<Applied> propose(MasterCommand command) {
        Optional<NotCommittedException> tooLarge = StateLog.tooLarge(command);
        if (tooLarge.isPresent()) return CompletableFuture.failedFuture(tooLarge.get());
        CompletableFuture<Applied> result = new CompletableFuture<>();
        try {
            server.submitClientRequestAsync(request(command)).whenComplete((reply, failed) -> finish(result, reply, failed));
        } catch (IOException refused) {
            result.completeExceptionally(new NotCommittedException(String.valueOf(refused.getMessage()), refused));
        }
        return result;
    }

    private RaftClientRequest request(MasterCommand command) {
        return RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(settings.self().id())
                .setGroupId(group)
                .setCallId(callIds.incrementAndGet())
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(command.toByteArray())))
                .setType(RaftClientRequest.writeRequestType())
                .build();
    }

    private static void finish(CompletableFuture<Applied> result, RaftClientReply reply, Throwable failed) {
        if (failed != null) {
            result.completeExceptionally(new NotCommittedException(String.valueOf(failed.getMessage()), failed));
        } else if (!reply.isSuccess()) {
            String reason = reply.getException() == null ? "no reason given" : String.valueOf(reply.getException().getMessage());
            result.completeExceptionally(new NotCommittedException(reason, reply.getException()));
        } else {
            result.complete(ReplicatedState.applied(reply.getMessage()));
        }
    }

    @Override
    public <T> T read(Function<MasterState, T> reader) {
        return state.read(reader);
    }

    @Override
    public Leadership leadership() {
        return leadership;
    }

    @Override
    public boolean holdsLease() {
        return leadership instanceof Leadership.Leading(long term) && lease.holds(settings.self().id(), voters(), term);
    }

    @Override
    public void onLeadership(Consumer<Leadership> listener) {
        synchronized (listeners) {
            listeners.add(listener);
            listener.accept(leadership);
        }
    }

    @Override
    public List<MemberProgress> progress() {
        return Progress.of(division, settings.self().id(), settings.election().heartbeat());
    }

    /** The masters that vote, as far as this one knows. */
    public List<Member> members() {
        return voters().stream().map(Member::of).toList();
    }

    /** The masters that vote, and while that changes those that did before too: nobody who is left out here can come back by itself. */
    public List<Member> membersBeforeAndAfter() {
        RaftConfiguration now = division.getRaftConf();
        return Stream.concat(now.getCurrentPeers().stream(), now.getPreviousPeers().stream())
                .map(RaftPeer::getId).distinct().map(Member::of).toList();
    }

    public Member self() {
        return settings.self();
    }

    /** The other members that answered, the last one first. */
    public List<Member> others() {
        List<RaftPeerId> others = voters().stream().filter(id -> !id.equals(settings.self().id())).toList();
        return lease.freshest(others).stream().map(Member::of).toList();
    }

    /** For changes of the membership, which only the leader can make. */
    public Membership membership() {
        return new Membership(server, group, settings.self(), client, callIds,
                () -> propose(Commands.changeRegistry(ChangeRegistry.getDefaultInstance())));
    }

    private List<RaftPeerId> voters() {
        return division.getRaftConf().getCurrentPeers().stream().map(RaftPeer::getId).toList();
    }

    private void lookSoon() {
        lock.lock();
        try {
            changed = true;
            mayHaveChanged.signal();
        } finally {
            lock.unlock();
        }
    }

    private void fail(String reason) {
        LOG.error("This master takes no further part in the consensus: {}", reason);
        failure = reason;
        lookSoon();
    }

    private void watch() {
        try {
            while (true) {
                publish(current());
                lock.lock();
                try {
                    if (!changed) mayHaveChanged.await(LOOK_AGAIN.toNanos(), TimeUnit.NANOSECONDS);
                    changed = false;
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(Leadership now) {
        synchronized (listeners) {
            // A failure and the end are for good: whoever saw something else before them comes too late.
            if (now.equals(leadership) || leadership instanceof Leadership.Failed) return;
            leadership = now;
            listeners.forEach(listener -> listener.accept(now));
        }
    }

    private Leadership current() {
        DivisionInfo info = division.getInfo();
        long term = info.getCurrentTerm();
        if (failure.isEmpty() && !info.isAlive()) failure = "its log was closed after a failure; the lines above say why";
        if (!failure.isEmpty()) return new Leadership.Failed(term, failure);
        if (info.isLeader()) {
            // A leader that has not yet applied what its predecessors committed knows less than they did.
            return info.isLeaderReady() ? new Leadership.Leading(term) : new Leadership.Following(term, Optional.empty());
        }
        RaftPeerId leader = info.getLeaderId();
        if (leader != null && !leader.equals(settings.self().id())) probe.follow(new LeaderProbe.Followed(leader, term));
        return new Leadership.Following(term, leader == null ? Optional.<ServerAddress>empty() : Optional.of(Member.of(leader).address()));
    }

    /** Hands leadership over, so that nobody has to wait for an election, and leaves the consensus. */
    @Override
    public void close() throws IOException {
        handOver();
        probe.close();
        watch.interrupt();
        publish(new Leadership.Failed(division.getInfo().getCurrentTerm(), "this master is stopping"));
        server.close();
    }

    /** Leaves without handing anything over, as a process does that is killed. */
    void abandon() throws IOException {
        probe.close();
        watch.interrupt();
        server.close();
    }

    /** Has another member lead, if this one does and there is one that answers. This one goes on as a follower. */
    public void handOver() {
        if (!(leadership instanceof Leadership.Leading)) return;
        for (Member other : others()) {
            try {
                membership().transferTo(other, HAND_OVER);
                return;
            } catch (IOException notTaken) {
                LOG.info("{} did not take over before this master stops: {}", other.address(), notTaken.getMessage());
            }
        }
    }
}
