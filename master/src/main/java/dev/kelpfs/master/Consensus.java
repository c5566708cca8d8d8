package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
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
import io.grpc.BindableService;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A master's part in a cluster of several: finds the cluster, opens its log, and takes other masters in. */
final class Consensus implements Masters {
    private static final Logger LOG = LoggerFactory.getLogger(Consensus.class);

    private final PendingLog log = new PendingLog();
    private final RaftDoor door = new RaftDoor();

    private final MasterConfig config;
    private final MasterEnvironment environment;
    private final Path directory;
    private final ServerAddress address;
    private final List<ServerAddress> peers;
    private final RandomGenerator random;
    private final RpcChannels channels;
    private final ClusterSearch search;
    private final Thread searcher = Thread.ofVirtual().name("kelp-master-search").unstarted(this::search);
    private final Admission admission;

    private final DiskLock lock;

    private volatile Identity identity;
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
        this.identity = Identity.open(environment.disk(), directory, random);
        this.search = new ClusterSearch(
                environment.disk(), directory, identity, address, peers, ReferenceState.read(environment.disk(), directory.getParent()),
                channels, threads, random);
        this.admission = new Admission(peers);
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
            RaftLog opened = raft;
            if (opened != null && identity.cluster().orElseThrow().founders().isEmpty()) {
                search.join(() -> opened.members().contains(self()));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException failed) {
            LOG.error("This master cannot take part in the cluster; repair what is named and restart it", failed);
            failure = String.valueOf(failed.getMessage());
        }
    }

    private void open(Identity.Cluster cluster) throws IOException {
        RaftSettings settings = new RaftSettings(
                directory.resolve("raft"), self(), cluster.group(), cluster.founders(), config.peers().election());
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
        List<Member> members = opened.members();
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
    public String admit(Member newcomer) {
        RaftLog opened = raft;
        return opened == null ? address.http() + " belongs to no cluster yet" : admission.admit(opened, newcomer);
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
        return members.isEmpty() ? peers : members;
    }

    @Override
    public String waitsFor() {
        if (!failure.isEmpty()) return failure;
        RaftLog opened = raft;
        boolean takesPart = opened != null && !leader().isEmpty() && opened.members().contains(self());
        return takesPart ? "" : search.waitsFor();
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
