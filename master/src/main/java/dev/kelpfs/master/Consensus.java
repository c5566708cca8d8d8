package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.master.cluster.PendingLog;
import dev.kelpfs.master.founding.Admission;
import dev.kelpfs.master.founding.ClusterSearch;
import dev.kelpfs.master.founding.FirstMember;
import dev.kelpfs.master.founding.Identity;
import dev.kelpfs.master.founding.MemberChanges;
import dev.kelpfs.master.founding.RaftMemberChanges;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.raft.RaftDoor;
import dev.kelpfs.master.raft.RaftLog;
import dev.kelpfs.master.raft.RaftSettings;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.LocalLog;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.ReferenceState;
import dev.kelpfs.master.state.StateLock;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.kelp.Introduction;
import dev.kelpfs.wire.kelp.JoinResponse;
import dev.kelpfs.wire.kelp.MasterSnapshot;
import io.grpc.BindableService;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    private static final int ROUNDS_BETWEEN_LOOKS_ROUND = 60;
    private static final String RAFT = "raft";
    /** The log of a master that was taken out. */
    private static final String LEFT = "raft.left";

    private final Setting setting;
    private final PendingLog log;
    private final RaftDoor door;
    private final DiskLock lock;
    private final Thread searcher = Thread.ofVirtual().name("kelp-master-search").unstarted(this::search);
    private final Admission admission;

    /** Changed by the searcher only, once it runs, as is what follows. */
    private volatile Identity identity;
    private volatile ClusterSearch search;
    private volatile @Nullable RaftLog raft;
    private volatile String failure = "";
    /** Masters of the command line that belong to another cluster. */
    private volatile List<String> strangers = List.of();
    /** The state came from a single master that a crash had torn the end of its log off. */
    private volatile boolean tailWasCut;

    /**
     * What a master needs to take part.
     *
     * @param directory of the state
     * @param peers all masters by command line, this one included
     * @param threads for calls to others; owned by the caller
     */
    record Setting(
            MasterConfig config, MasterEnvironment environment, Path directory, ServerAddress address, List<ServerAddress> peers,
            RandomGenerator random, RpcChannels channels, ExecutorService threads) {
        Disk disk() {
            return environment.disk();
        }
    }

    private Consensus(Setting setting, DiskLock lock, PendingLog log, RaftDoor door) throws IOException {
        this.setting = setting;
        this.lock = lock;
        this.log = log;
        this.door = door;
        this.identity = Identity.open(setting.disk(), setting.directory, setting.random);
        this.search = newSearch();
        this.admission = new Admission(setting.peers);
    }

    private ClusterSearch newSearch() throws IOException {
        return new ClusterSearch(
                setting.disk(), setting.directory, identity, setting.address, setting.peers, setting.config.peers().bootstrap(),
                ReferenceState.read(setting.disk(), setting.directory.getParent()), setting.channels, setting.threads, setting.random);
    }

    /**
     * Takes part in the cluster that the directory belongs to. One that holds the state of a single master becomes the first
     * member of its cluster.
     *
     * @throws IOException if the state cannot be read, or another process holds it
     */
    static Consensus open(Setting setting) throws IOException {
        setting.disk().createDirectories(setting.directory);
        DiskLock lock = StateLock.take(
                setting.disk(), setting.directory, setting.environment.ticker(), "master " + setting.address.http());
        return open(setting, lock, new PendingLog(), new RaftDoor());
    }

    /**
     * The same for a master that runs already.
     *
     * @param lock of the directory; closed with this, or when this fails
     * @param log becomes the log of the cluster
     */
    static Consensus open(Setting setting, DiskLock lock, PendingLog log, RaftDoor door) throws IOException {
        try {
            Consensus consensus = new Consensus(setting, lock, log, door);
            consensus.open();
            return consensus;
        } catch (IOException | RuntimeException failed) {
            lock.close();
            throw failed;
        }
    }

    private void open() throws IOException {
        Disk disk = setting.disk();
        boolean single = LocalLog.exists(disk, setting.directory);
        if (identity.cluster().isPresent()) {
            // A crash came between the step that makes the log for several count and the removal of the other.
            if (single) LocalLog.delete(disk, setting.directory);
            become(openLog(identity.cluster().get()));
        } else if (single) {
            LocalLog before = LocalLog.open(disk, setting.directory, lock);
            MasterSnapshot state = before.read(MasterState::snapshot);
            tailWasCut = before.tailWasCut();
            before.closeAllButTheLock();
            // Without an id it never was a cluster.
            if (!state.getClusterId().isEmpty()) beginWith(state);
        }
        if (setting.config.peers().bootstrap() && raft != null) {
            LOG.warn("-raftBootstrap is ignored, this master has a cluster. Start it without: should its directory be lost while the other"
                    + " members are down, it could found a second cluster with whoever answers");
        }
    }

    /** The identity is the last to be written: until then a crash leaves a single master, from then on the first of several. */
    private void beginWith(MasterSnapshot state) throws IOException {
        LOG.info("The single master of cluster {} becomes its first member, which others can join", state.getClusterId());
        Disk disk = setting.disk();
        disk.deleteTree(setting.directory.resolve(RAFT));
        Identity.Cluster cluster = new Identity.Cluster(search.randomId(), List.of(self()), state.getClusterId(), 0);
        RaftLog opened = openLog(cluster);
        try {
            FirstMember.fill(opened, state);
            Identity member = new Identity(identity.incarnation(), Optional.of(cluster));
            member.write(disk, setting.directory);
            identity = member;
        } catch (IOException | RuntimeException failed) {
            opened.close();
            throw failed;
        }
        try {
            LocalLog.delete(disk, setting.directory);
        } catch (IOException left) {
            LOG.warn("The log of the single master counts no more, but could not be removed; the next start does that", left);
        }
        become(opened);
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
                become(openLog(identity.cluster().orElseThrow()));
            }
            for (int round = 0; ; round++) {
                if (!takesPart()) comeBackOrLeave(identity.cluster().orElseThrow());
                else if (round % ROUNDS_BETWEEN_LOOKS_ROUND == 0) lookForStrangers(identity.cluster().orElseThrow().group());
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

    /** Two masters that had a cluster each before they were given the same peers stay two clusters; somebody must be told. */
    private void lookForStrangers(UUID group) throws InterruptedException {
        List<String> found = search.strangers(group);
        if (found.equals(strangers)) return;
        strangers = found;
        if (found.isEmpty()) return;
        LOG.warn("Of another cluster than this master, which belongs to {}: {}. They do not become one by themselves. Take them out of"
                + " -peers; or decide which to keep, move the volume servers there, empty the state of the others, and restart them",
                log.read(MasterState::clusterId), found);
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
        Disk disk = setting.disk();
        disk.deleteTree(setting.directory.resolve(LEFT));
        // First, so that what was promised under the old incarnation is never promised again from an empty directory.
        identity = identity.outside(setting.random);
        identity.write(disk, setting.directory);
        disk.rename(setting.directory.resolve(RAFT), setting.directory.resolve(LEFT));
        disk.syncDirectory(setting.directory);
        List<ServerAddress> known = search.masters();
        search = newSearch();
        search.learn(known);
        become(openLog(identity.cluster().orElseThrow()));
    }

    private RaftLog openLog(Identity.Cluster cluster) throws IOException {
        boolean alone = setting.peers.size() == 1;
        RaftSettings settings = new RaftSettings(
                setting.directory.resolve(RAFT), self(), cluster.group(), cluster.founders(), setting.config.peers().election(), alone);
        return RaftLog.open(settings, setting.disk(), setting.environment.ticker(), setting.random, setting.channels, door);
    }

    private void become(RaftLog opened) {
        raft = opened;
        log.become(opened);
    }

    private Member self() {
        return new Member(setting.address, identity.incarnation());
    }

    /** The first leader gives the cluster its identity. */
    @Override
    public Brain.Inheritance inherit() throws IOException {
        Identity.Cluster cluster = identity.cluster().orElseThrow();
        if (!log.read(MasterState::clusterId).isEmpty()) {
            boolean cut = tailWasCut;
            tailWasCut = false;
            return new Brain.Inheritance(false, cut);
        }
        if (cluster.clusterId().isEmpty()) throw new IOException("the cluster has no id, and this master was not among its founders");
        return new Brain.Inheritance(Founding.found(log, cluster.clusterId(), cluster.referenceVolumeId()), false);
    }

    @Override
    public Introduction meet(Introduction other) {
        RaftLog opened = raft;
        if (opened == null) return search.meet(other);
        Identity.Cluster cluster = identity.cluster().orElseThrow();
        String known = log.read(MasterState::clusterId);
        Introduction.Builder message = search.introduction().toBuilder()
                .clearEndorsement()
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
            case Leadership.Leading _ -> setting.address.withBothPorts();
            case Leadership.Following(_, var leader) -> leader.map(ServerAddress::withBothPorts).orElse("");
            case Leadership.Failed _ -> "";
        };
    }

    @Override
    public JoinResponse admit(Member newcomer) {
        RaftLog opened = raft;
        return opened != null ? admission.admit(opened, newcomer)
                : JoinResponse.newBuilder().setRefusal(setting.address.http() + " belongs to no cluster yet").build();
    }

    @Override
    public MemberChanges changes() {
        return new RaftMemberChanges(this::opened, admission, setting.address, setting.environment.ticker());
    }

    private RaftLog opened() {
        RaftLog opened = raft;
        if (opened == null) throw new IllegalStateException(setting.address.http() + " belongs to no cluster yet");
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
        if (!takesPart()) return search.waitsFor();
        return strangers.isEmpty() ? "" : "a person: -peers names masters of another cluster, " + strangers;
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
