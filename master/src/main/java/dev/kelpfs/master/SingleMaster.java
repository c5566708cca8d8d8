package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.founding.FoundingRule;
import dev.kelpfs.master.founding.MemberChanges;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.state.LocalLog;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.wire.kelp.Introduction;
import dev.kelpfs.wire.kelp.JoinResponse;
import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** A master that is the whole cluster: leads from its start, by a log of its own. */
final class SingleMaster implements Masters {
    private final LocalLog log;
    private final ServerAddress address;
    private final boolean founded;
    private final AtomicBoolean began = new AtomicBoolean();

    private SingleMaster(LocalLog log, ServerAddress address, boolean founded) {
        this.log = log;
        this.address = address;
        this.founded = founded;
    }

    /** @param ofPort {@code <mdir>/m<port>} */
    static SingleMaster open(MasterEnvironment environment, Path ofPort, ServerAddress address, RandomGenerator random) throws IOException {
        LocalLog log = LocalLog.open(environment.disk(), ofPort.resolve("kelp"), environment.ticker(), "master " + address.http());
        try {
            return new SingleMaster(log, address, Founding.found(log, environment.disk(), ofPort, random));
        } catch (IOException | RuntimeException failed) {
            log.close();
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
    public Brain.Inheritance inherit() {
        boolean first = began.compareAndSet(false, true);
        return new Brain.Inheritance(first && founded, first && log.tailWasCut());
    }

    /** It has state, so that nobody founds a cluster beside it; but there is no consensus to join. */
    @Override
    public Introduction introduction() {
        Member self = new Member(address, "single");
        return Introduction.newBuilder()
                .setSelf(self.message())
                .addPeers(address.withBothPorts())
                .setHasState(true)
                .setGroupId(FoundingRule.NO_CONSENSUS.toString())
                .setClusterId(log.read(MasterState::clusterId))
                .setLeader(address.withBothPorts())
                .addMembers(self.message())
                .setTerm(log.leadership().term())
                .build();
    }

    @Override
    public JoinResponse admit(Member newcomer) {
        return JoinResponse.newBuilder()
                .setRefusal(address.http() + " is a single master; restart it with -peers that name all masters, then it takes them in").build();
    }

    @Override
    public MemberChanges changes() {
        return new NoChanges();
    }

    /** A single master has no consensus to change. */
    private static final class NoChanges implements MemberChanges {
        private static final String REASON = "this is a single master; clusters of several are founded with -peers";

        @Override
        public void add(ServerAddress newcomer) throws IOException {
            throw new IOException(REASON);
        }

        @Override
        public void remove(ServerAddress member) throws IOException {
            throw new IOException(REASON);
        }

        @Override
        public ServerAddress transferTo(ServerAddress member) throws IOException {
            throw new IOException(REASON);
        }

        @Override
        public ServerAddress transfer() throws IOException {
            throw new IOException(REASON);
        }
    }

    @Override
    public List<ServerAddress> members() {
        return List.of(address);
    }

    @Override
    public String waitsFor() {
        return "";
    }

    @Override
    public boolean isTurnedAway() {
        return false;
    }

    @Override
    public List<BindableService> services() {
        return List.of();
    }

    @Override
    public void handOver() {}

    @Override
    public void close() throws IOException {
        log.close();
    }
}
