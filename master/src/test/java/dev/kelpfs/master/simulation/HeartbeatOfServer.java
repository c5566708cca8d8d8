package dev.kelpfs.master.simulation;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.KelpPeer;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.digest.ReportHash;
import dev.kelpfs.wire.kelp.LeaderView;
import dev.kelpfs.wire.kelp.MastersGrpc;
import dev.kelpfs.wire.kelp.WatchLeaderRequest;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.HeartbeatResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a volume server keeps one master informed: a full beat first, then what changed, and a pulse. One of ours asks all
 * masters who leads and follows the highest term; one of the reference goes where it is pointed to, and takes its time.
 */
final class HeartbeatOfServer {
    private static final Duration PULSE = Duration.ofSeconds(3);
    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final Duration AGAIN_REFERENCE = Duration.ofSeconds(5);
    private static final int SLOTS = 40;

    private final VolumeMachine server;
    private final Life life;
    private final List<Machine> masters;
    private final SplittableRandom random;
    private final RpcChannels channels;
    private final Duration again;
    private long term = -1;
    private int tries;
    private @Nullable Stream current;

    HeartbeatOfServer(VolumeMachine server, Life life, List<Machine> masters, Simulation.World world, SplittableRandom random) {
        this.server = server;
        this.life = life;
        this.masters = masters;
        this.random = random;
        this.channels = SimulatedChannel.of(life, world.network(), world.history());
        this.again = server.isKelp ? AGAIN : AGAIN_REFERENCE;
    }

    void start() {
        if (server.isKelp) masters.forEach(this::watch);
        open(masters.get(random.nextInt(masters.size())).address);
        pulse();
    }

    private void watch(Machine master) {
        MastersGrpc.newStub(channels.to(master.address)).watchLeader(WatchLeaderRequest.getDefaultInstance(), new StreamObserver<>() {
            @Override
            public void onNext(LeaderView view) {
                told(view);
            }

            @Override
            public void onError(Throwable ended) {
                life.after(AGAIN, () -> watch(master));
            }

            @Override
            public void onCompleted() {
                life.after(AGAIN, () -> watch(master));
            }
        });
    }

    private void told(LeaderView view) {
        if (view.getClusterId().isEmpty() || view.getTerm() < term) return;
        term = view.getTerm();
        if (view.getLeader().isEmpty()) return;
        ServerAddress leader = ServerAddress.parse(view.getLeader());
        Stream open = current;
        if (open == null || !open.master.equals(leader)) open(leader);
    }

    private void open(ServerAddress master) {
        Stream before = current;
        current = new Stream(master);
        if (before != null) before.leave();
        current.begin();
    }

    private void lost(Stream stream, Duration pause) {
        if (current != stream) return;
        current = null;
        life.after(pause, () -> {
            if (current == null) open(masters.get(tries++ % masters.size()).address);
        });
    }

    private void pulse() {
        tell(beat -> {
            boolean full = random.nextInt(3) == 0;
            if (full) fullList(beat);
            else server.store.list().forEach(beat::addChangedVolumes);
            return beat.setMaxFileKey(server.store.largestKey()).putMaxVolumeCounts("", SLOTS);
        });
        life.after(PULSE, this::pulse);
    }

    /** Tells the master, if there is one, what changed. */
    void tell(UnaryOperator<Heartbeat.Builder> change) {
        Stream open = current;
        if (open != null) open.send(change);
    }

    void farewell() {
        Stream open = current;
        if (open != null) open.sendRaw(Heartbeat.newBuilder().setHasNoVolumes(true).build());
    }

    private void fullList(Heartbeat.Builder beat) {
        List<VolumeInformationMessage> all = server.store.list();
        beat.addAllVolumes(all).setHasNoVolumes(all.isEmpty());
    }

    private Heartbeat.Builder header() {
        long digest = 0;
        for (VolumeInformationMessage info : server.store.list()) digest ^= ReportHash.of(info);
        ServerAddress address = server.machine.address;
        return Heartbeat.newBuilder().setIp(address.host()).setPort(address.httpPort()).setGrpcPort(address.grpcPort())
                .setId(server.machine.name).setDataCenter("dc").setRack(server.rack).setVolumeDigest(digest);
    }

    private Heartbeat full() {
        Heartbeat.Builder beat = header().setMaxFileKey(server.store.largestKey()).putMaxVolumeCounts("", SLOTS)
                .addLocationUuids("directory of " + server.machine.name);
        fullList(beat);
        return beat.build();
    }

    /** A conversation with one master. */
    private final class Stream implements StreamObserver<HeartbeatResponse> {
        private final ServerAddress master;
        private @Nullable StreamObserver<Heartbeat> out;

        Stream(ServerAddress master) {
            this.master = master;
        }

        void begin() {
            Channel channel = channels.to(master);
            if (server.isKelp) channel = ClientInterceptors.intercept(channel, KelpPeer.announced());
            out = SeaweedGrpc.newStub(channel).sendHeartbeat(this);
            sendRaw(full());
        }

        void send(UnaryOperator<Heartbeat.Builder> change) {
            sendRaw(change.apply(header()).build());
        }

        void sendRaw(Heartbeat beat) {
            with(stream -> stream.onNext(beat));
        }

        void leave() {
            with(stream -> stream.onError(Status.CANCELLED.asRuntimeException()));
        }

        private void with(Consumer<StreamObserver<Heartbeat>> action) {
            StreamObserver<Heartbeat> open = out;
            if (open != null) action.accept(open);
        }

        @Override
        public void onNext(HeartbeatResponse response) {
            if (current != this) return;
            if (!response.getLeader().isEmpty()) {
                ServerAddress leader = ServerAddress.parse(response.getLeader());
                out = null;
                current = null;
                life.after(again, () -> {
                    if (current == null) open(leader);
                });
            } else if (response.getResendFullVolumeList()) {
                sendRaw(full());
            }
        }

        @Override
        public void onError(Throwable ended) {
            out = null;
            lost(this, again);
        }

        @Override
        public void onCompleted() {
            out = null;
            lost(this, again);
        }
    }
}
