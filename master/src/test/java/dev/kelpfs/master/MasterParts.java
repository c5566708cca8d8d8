package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.master.assign.Dice;
import dev.kelpfs.master.founding.MemberChanges;
import dev.kelpfs.master.growth.GrowthSettings;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.metrics.MasterMetrics;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.master.web.FileRelay;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.kelp.Introduction;
import dev.kelpfs.wire.kelp.JoinResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;

/**
 * A master without sockets and without its own consensus: everything between the log and the gRPC doors, wired as
 * {@link MasterServer} does it. Made for simulations, which give it a world of their own.
 */
public final class MasterParts {
    private static final int VOLUME_SIZE_LIMIT_MIB = 64;
    private static final GrowthSettings GROWTH = new GrowthSettings(2, 2, 1, 1, 0.9, false, false);

    private final World world;
    private final MasterDoors doors;

    /**
     * What a master meets.
     *
     * @param clusterId what a first leader founds
     * @param channels to masters and volume servers
     * @param handOver has another master lead
     */
    public record World(
            StateLog log, ServerAddress address, List<ServerAddress> members, String clusterId, InstantSource clock, Ticker ticker,
            RandomGenerator random, RpcChannels channels, ExecutorService threads, Runnable handOver) {}

    /** To be called on a thread of the process that is simulated: its own threads inherit what schedules that one. */
    public MasterParts(World world) {
        this.world = world;
        MasterConfig config = MasterConfig.defaults(world.address.host(), Path.of("/master"))
                .withVolumes(VOLUME_SIZE_LIMIT_MIB, false).withGrowth(GROWTH);
        RandomGenerator random = new SharedRandom(world.random);
        this.doors = new MasterDoors(new LeaderTerm.Shared(
                config, world.clock, world.ticker, world.log, world::members, () -> "", random, new Dice(random, 1), world.channels,
                new FileRelay(world.threads, random), new MasterMetrics(new PrometheusRegistry(), world.clock.instant()),
                world.threads, new TokenSigner("", 0, world.clock), new TokenSigner("", 0, world.clock), WhiteList.of(List.of())),
                new Simulated(world), world.address);
    }

    /** Begins to follow and, when elected, to lead. */
    public void start() throws IOException {
        doors.start();
    }

    public List<ServerServiceDefinition> services() {
        return doors.services().stream().map(BindableService::bindService).toList();
    }

    /** In the order in which a master stops: somebody else leads before the streams end. */
    public void stop() {
        world.handOver.run();
        doors.terms().close();
        doors.leaderStreams().close();
    }

    private static final class NoChanges implements MemberChanges {
        private static final String REASON = "members do not change here";

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

    /** A master whose consensus is somebody else's business. */
    private record Simulated(World world) implements Masters {
        @Override
        public StateLog log() {
            return world.log;
        }

        @Override
        public void start() {}

        @Override
        public Brain.Inheritance inherit() throws IOException {
            return new Brain.Inheritance(Founding.found(world.log, world.clusterId, 0), false);
        }

        @Override
        public Introduction meet(Introduction other) {
            return Introduction.newBuilder().setClusterId(world.log.read(MasterState::clusterId)).build();
        }

        @Override
        public JoinResponse admit(Member newcomer) {
            return JoinResponse.newBuilder().setRefusal(NoChanges.REASON).build();
        }

        @Override
        public List<ServerAddress> members() {
            return world.members;
        }

        @Override
        public MemberChanges changes() {
            return new NoChanges();
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
        public void handOver() {
            world.handOver.run();
        }

        @Override
        public void close() {}
    }
}
