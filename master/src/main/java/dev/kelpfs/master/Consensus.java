package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.master.cluster.PendingLog;
import dev.kelpfs.master.founding.Admission;
import dev.kelpfs.master.founding.ClusterSearch;
import dev.kelpfs.master.founding.Identity;
import dev.kelpfs.master.founding.MemberChanges;
import dev.kelpfs.master.founding.RaftMemberChanges;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.raft.RaftDoor;
import dev.kelpfs.master.raft.RaftLog;
import dev.kelpfs.master.raft.RaftSettings;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.ReferenceState;
import dev.kelpfs.master.state.StateLock;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.kelp.Introduction;
import dev.kelpfs.wire.kelp.JoinResponse;
import io.grpc.BindableService;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A master's part in a cluster of several: finds the cluster, opens its log, and takes other masters in. */
final class Consensus implements Masters {
    private static final Logger LOG = LoggerFactory.getLogger(Consensus.class);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final String RAFT = "raft";
    /** The log of a master that was taken out. */
    private static final String LEFT = "raft.left";

    private final PendingLog log = new PendingLog();
    private final RaftDoor door = new RaftDoor();

    private final MasterConfig config;
    private final MasterEnvironment environment;
    private final Path directory;
    private final ServerAddress address;
    private final List<ServerAddress> peers;
    private final RandomGenerator random;
    private final RpcChannels channels;
    private final ExecutorService threads;
    private final Thread searcher = Thread.ofVirtual().name("kelp-master-search").unstarted(this::search);
    private final Admission admission;

    private final DiskLock lock;

    /** Changed by the searcher only, as is what follows. */
    private volatile Identity identity;
    private volatile ClusterSearch search;
    private volatile @Nullable RaftLog raft;
    private volatile String failure = "";

    private Consensus(
            MasterConfig config, MasterEnvironment environment, Path directory, ServerAddress address, List<ServerAddress> peers,
            RandomGenerator random, RpcChannels channels, ExecutorService threads, DiskLock lock) throws IOException {
        this.lock = lock;
        this.config = config;
        this.environment = environment;
        this.directory = directory;
        this.address = address;
        this.peers = peers;
        this.random = random;
        this.channels = channels;
        this.threads = threads;
        this.identity = Identity.open(environment.disk(), directory, random);
        this.search = newSearch();
        this.admission = new Admission(peers);
    }

    private ClusterSearch newSearch() throws IOException {
        return new ClusterSearch(
                environment.disk(), directory, identity, address, peers, ReferenceState.read(environment.disk(), directory.getParent()),
                channels, threads, random);
    }

    /**
     * @param directory of the state, made when missing
     * @param peers all masters by command line, this one included
     * @throws IOException if the state cannot be read, or another process holds it
     */
    static Consensus open(
            MasterConfig config, MasterEnvironment environment, Path directory, ServerAddress address, List<ServerAddress> peers,
            RandomGenerator random, RpcChannels channels, ExecutorService threads) throws IOException {
        environment.disk().createDirectories(directory);
        DiskLock lock = StateLock.take(environment.disk(), directory, environment.ticker(), "master " + address.http());
        try {
            Consensus consensus = new Consensus(config, environment, directory, address, peers, random, channels, threads, lock);
            if (consensus.identity.cluster().isPresent()) consensus.open(consensus.identity.cluster().get());
            return consensus;
        } catch (IOException | RuntimeException failed) {
            lock.close();
            throw failed;
        }
    }

    @Override
    public StateLog log() {
        return log;
    }

    @Override
    public List<BindableService> services() {
        return List.of(door);
    }

    /** Begins to look for the cluster. */
    @Override
    public void start() {
        searcher.start();
    }

    private void search() {
        try {
            if (identity.cluster().isEmpty()) {
                identity = search.run();
                open(identity.cluster().orElseThrow());
            }
            while (true) {
                if (!takesPart()) comeBackOrLeave(identity.cluster().orElseThrow());
                TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException failed) {
            LOG.error("This master cannot take part in the cluster; repair what is named and restart it", failed);
            failure = String.valueOf(failed.getMessage());
        }
    }

    /** Whoever never was a member asks to be taken in. Whoever was asks whether it still is; all may only lack a leader. */
    private void comeBackOrLeave(Identity.Cluster cluster) throws IOException, InterruptedException {
        RaftLog opened = opened();
        List<Member> members = opened.members();
        boolean neverWasOne = cluster.founders().isEmpty() && members.isEmpty() && !isOver(opened);
        if (neverWasOne) search.join(() -> opened.members().contains(self()) || isOver(opened));
        else if (search.isOut(cluster.group(), opened.leadership().term(), members)) leave(opened);
    }

    private static boolean isOver(RaftLog opened) {
        return opened.leadership() instanceof Leadership.Failed;
    }

    /**
     * This master was taken out: it stands before the cluster like one that never was a member, under another incarnation. What
     * it knew is kept beside, until it is taken out the next time.
     */
    private void leave(RaftLog opened) throws IOException {
        LOG.warn("This master is no member of cluster {}: the leader says that members are {}", log.read(MasterState::clusterId),
                search.masters());
        opened.close();
        Disk disk = environment.disk();
        disk.deleteTree(directory.resolve(LEFT));
        // First, so that what was promised under the old incarnation is never promised again from an empty directory.
        identity = identity.outside(random);
        identity.write(disk, directory);
        disk.rename(directory.resolve(RAFT), directory.resolve(LEFT));
        disk.syncDirectory(directory);
        List<ServerAddress> known = search.masters();
        search = newSearch();
        search.learn(known);
        open(identity.cluster().orElseThrow());
    }

    private void open(Identity.Cluster cluster) throws IOException {
        RaftSettings settings = new RaftSettings(
                directory.resolve(RAFT), self(), cluster.group(), cluster.founders(), config.peers().election());
        RaftLog opened = RaftLog.open(settings, environment.disk(), environment.ticker(), random, channels, door);
        raft = opened;
        log.become(opened);
    }

    private Member self() {
        return new Member(address, identity.incarnation());
    }

    /** The first leader gives the cluster its identity. */
    @Override
    public Brain.Inheritance inherit() throws IOException {
        Identity.Cluster cluster = identity.cluster().orElseThrow();
        if (!log.read(MasterState::clusterId).isEmpty()) return new Brain.Inheritance(false, false);
        if (cluster.clusterId().isEmpty()) throw new IOException("the cluster has no id, and this master was not among its founders");
        return new Brain.Inheritance(Founding.found(log, cluster.clusterId(), cluster.referenceVolumeId()), false);
    }

    @Override
    public Introduction introduction() {
        RaftLog opened = raft;
        if (opened == null) return search.introduction();
        Identity.Cluster cluster = identity.cluster().orElseThrow();
        String known = log.read(MasterState::clusterId);
        Introduction.Builder message = search.introduction().toBuilder()
                .setHasState(true)
                .setGroupId(cluster.group().toString())
                .setClusterId(known.isEmpty() ? cluster.clusterId() : known)
                .setReferenceVolumeId((int) cluster.referenceVolumeId())
                .setTerm(log.leadership().term())
                .setLeader(leader());
        List<Member> members = opened.membersBeforeAndAfter();
        (members.isEmpty() ? cluster.founders() : members).forEach(member -> message.addMembers(member.message()));
        return message.build();
    }

    private String leader() {
        return switch (log.leadership()) {
            case Leadership.Leading _ -> address.withBothPorts();
            case Leadership.Following(_, var leader) -> leader.map(ServerAddress::withBothPorts).orElse("");
            case Leadership.Failed _ -> "";
        };
    }

    @Override
    public JoinResponse admit(Member newcomer) {
        RaftLog opened = raft;
        return opened != null ? admission.admit(opened, newcomer)
                : JoinResponse.newBuilder().setRefusal(address.http() + " belongs to no cluster yet").build();
    }

    @Override
    public MemberChanges changes() {
        return new RaftMemberChanges(this::opened, admission, address, environment.ticker());
    }

    private RaftLog opened() {
        RaftLog opened = raft;
        if (opened == null) throw new IllegalStateException(address.http() + " belongs to no cluster yet");
        return opened;
    }

    @Override
    public List<ServerAddress> members() {
        RaftLog opened = raft;
        List<ServerAddress> members = opened == null ? List.of() : opened.members().stream().map(Member::address).toList();
        return members.isEmpty() ? search.masters() : members;
    }

    @Override
    public String waitsFor() {
        if (!failure.isEmpty()) return failure;
        return takesPart() ? "" : search.waitsFor();
    }

    private boolean takesPart() {
        RaftLog opened = raft;
        return opened != null && !leader().isEmpty() && opened.members().contains(self());
    }

    @Override
    public boolean isTurnedAway() {
        return search.isTurnedAway();
    }

    @Override
    public void handOver() {
        RaftLog opened = raft;
        if (opened != null) opened.handOver();
    }

    @Override
    public void close() throws IOException {
        searcher.interrupt();
        try {
            searcher.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the consensus was closed");
        }
        try (lock) {
            log.close();
        }
    }
}
