package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.master.cluster.PendingLog;
import dev.kelpfs.master.founding.Endorsement;
import dev.kelpfs.master.founding.FirstMember;
import dev.kelpfs.master.founding.FoundingRule;
import dev.kelpfs.master.founding.Identity;
import dev.kelpfs.master.founding.MemberChanges;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.raft.RaftDoor;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.LocalLog;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.wire.kelp.Introduction;
import dev.kelpfs.wire.kelp.JoinResponse;
import io.grpc.BindableService;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A master that is the whole cluster: leads from its start, by a log of its own. When another one is added it becomes one of
 * several while it runs, and everything here is the business of {@link Consensus} from then on.
 */
final class SingleMaster implements Masters {
    private final Consensus.Setting setting;
    private final PendingLog log = new PendingLog();
    private final RaftDoor door = new RaftDoor();
    private final boolean founded;
    private final boolean tailWasCut;
    private final AtomicBoolean began = new AtomicBoolean();
    /** Guarded by this. */
    private LocalLog alone;
    /** Written under the guard of this, once. */
    private volatile @Nullable Consensus grown;

    private SingleMaster(Consensus.Setting setting, LocalLog alone, boolean founded) {
        this.setting = setting;
        this.alone = alone;
        this.founded = founded;
        this.tailWasCut = alone.tailWasCut();
        log.become(alone);
    }

    /** @throws IOException also if the directory promised to take part in the founding of a cluster of several */
    static SingleMaster open(Consensus.Setting setting) throws IOException {
        Optional<Endorsement> promised = Endorsement.read(setting.disk(), setting.directory());
        if (promised.isPresent()) {
            throw new IOException(setting.directory() + " has endorsed " + promised.get().founder().address().http()
                    + " as the founder of a cluster, so this master cannot be one of its own; start it with -peers that name both. "
                    + promised.get().howToTakeBack(setting.address()));
        }
        LocalLog log = openLog(setting);
        try {
            return new SingleMaster(setting, log, Founding.found(log, setting.disk(), setting.directory().getParent(), setting.random()));
        } catch (IOException | RuntimeException failed) {
            log.close();
            throw failed;
        }
    }

    private static LocalLog openLog(Consensus.Setting setting) throws IOException {
        return LocalLog.open(
                setting.disk(), setting.directory(), setting.environment().ticker(), "master " + setting.address().http());
    }

    /** What has to be committed meanwhile is refused and tried again; ids that were reserved before go on being given out. */
    private synchronized Consensus grow() throws IOException {
        Consensus before = grown;
        if (before != null) return before;
        if (log.leadership() instanceof Leadership.Failed(_, var reason)) throw new IOException(reason);
        DiskLock lock = alone.closeAllButTheLock();
        try {
            Consensus consensus = Consensus.open(setting, lock, log, door);
            grown = consensus;
            consensus.start();
            return consensus;
        } catch (IOException | RuntimeException failed) {
            if (Identity.belongs(setting.disk(), setting.directory())) {
                // What the single master's log took from now on, a restart would not find.
                throw new IOException("this master may be the first of several already, or still the single one: the disk failed in the"
                        + " last step. It commits nothing more; repair the disk and restart it", failed);
            }
            alone = openLog(setting);
            log.become(alone);
            throw failed;
        }
    }

    @Override
    public StateLog log() {
        return log;
    }

    @Override
    public void start() {}

    @Override
    public Brain.Inheritance inherit() throws IOException {
        Consensus several = grown;
        if (several != null) return several.inherit();
        boolean first = began.compareAndSet(false, true);
        return new Brain.Inheritance(first && founded, first && tailWasCut);
    }

    /** It has state, so that nobody founds a cluster beside it; but there is no consensus to join. */
    @Override
    public Introduction meet(Introduction other) {
        Consensus several = grown;
        if (several != null) return several.meet(other);
        Member self = new Member(setting.address(), "single");
        return Introduction.newBuilder()
                .setSelf(self.message())
                .addPeers(setting.address().withBothPorts())
                .setHasState(true)
                .setGroupId(FoundingRule.NO_CONSENSUS.toString())
                .setClusterId(log.read(MasterState::clusterId))
                .setLeader(setting.address().withBothPorts())
                .addMembers(self.message())
                .setTerm(log.leadership().term())
                .build();
    }

    @Override
    public JoinResponse admit(Member newcomer) {
        Consensus several = grown;
        if (several != null) return several.admit(newcomer);
        return JoinResponse.newBuilder()
                .setRefusal(setting.address().http() + " is a single master; " + FoundingRule.howToLetIn(newcomer.address()))
                .setNeedsAPerson(true).build();
    }

    @Override
    public MemberChanges changes() {
        return new Changes();
    }

    private final class Changes implements MemberChanges {
        @Override
        public void add(ServerAddress newcomer) throws IOException, InterruptedException {
            if (newcomer.isSameServer(setting.address())) throw new IOException(newcomer.http() + " is this master itself");
            if (grown == null) FirstMember.check(setting.channels(), newcomer, setting.address(), log.read(MasterState::clusterId));
            grow().changes().add(newcomer);
        }

        @Override
        public void remove(ServerAddress member) throws IOException {
            several("the only master cannot be taken out; a cluster without masters forgets everything").remove(member);
        }

        @Override
        public ServerAddress transferTo(ServerAddress member) throws IOException {
            return several(NO_OTHER).transferTo(member);
        }

        @Override
        public ServerAddress transfer() throws IOException {
            return several(NO_OTHER).transfer();
        }

        private static final String NO_OTHER = "this is the only master, so no other can lead; cluster.raft.add lets one in";

        private MemberChanges several(String otherwise) throws IOException {
            Consensus several = grown;
            if (several == null) throw new IOException(otherwise);
            return several.changes();
        }
    }

    @Override
    public List<ServerAddress> members() {
        Consensus several = grown;
        return several != null ? several.members() : List.of(setting.address());
    }

    @Override
    public String waitsFor() {
        Consensus several = grown;
        return several != null ? several.waitsFor() : "";
    }

    @Override
    public boolean isTurnedAway() {
        Consensus several = grown;
        return several != null && several.isTurnedAway();
    }

    @Override
    public List<BindableService> services() {
        return List.of(door);
    }

    @Override
    public void handOver() {
        Consensus several = grown;
        if (several != null) several.handOver();
    }

    @Override
    public synchronized void close() throws IOException {
        Consensus several = grown;
        if (several != null) several.close();
        else alone.close();
    }
}
