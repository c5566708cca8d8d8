package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import dev.kelpfs.wire.kelp.LeaderView;
import dev.kelpfs.wire.kelp.MastersGrpc;
import dev.kelpfs.wire.kelp.WatchLeaderRequest;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.HeartbeatResponse;
import dev.kelpfs.wire.master.Location;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse;
import dev.kelpfs.wire.master.PingRequest;
import dev.kelpfs.wire.master.PingResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.VolumeMarkReadonlyRequest;
import dev.kelpfs.wire.master.VolumeMarkReadonlyResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A master that records the beats it gets and answers them as a test says. */
public final class FakeMaster extends SeaweedGrpc.SeaweedImplBase implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<Heartbeat> beats = new LinkedBlockingQueue<>();
    private final BlockingQueue<VolumeMarkReadonlyRequest> marks = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final AtomicReference<StreamObserver<HeartbeatResponse>> stream = new AtomicReference<>();
    private final Function<Heartbeat, List<HeartbeatResponse>> answers;
    private final RpcServer server;
    private volatile List<String> holders = List.of();
    private final List<StreamObserver<LeaderView>> watchers = new CopyOnWriteArrayList<>();
    /** What it says as a master of Kelp; one of the reference says nothing. */
    private volatile @Nullable LeaderView view;

    private FakeMaster(RpcRuntime runtime, int port, Function<Heartbeat, List<HeartbeatResponse>> answers) throws IOException {
        this.answers = answers;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        server = RpcServer.start(runtime, RpcServerOptions.on(List.of(address)), List.of(this, new Masters()), () -> "id");
    }

    /** @param port 0 for any free one */
    public static FakeMaster start(RpcRuntime runtime, int port, Function<Heartbeat, List<HeartbeatResponse>> answers)
            throws IOException {
        return new FakeMaster(runtime, port, answers);
    }

    /** Takes everybody, with this size limit. */
    public static Function<Heartbeat, List<HeartbeatResponse>> accepting(long volumeSizeLimit) {
        HeartbeatResponse answer = HeartbeatResponse.newBuilder()
                .setVolumeSizeLimit(volumeSizeLimit).setVolumeDigestSupported(true).build();
        return beat -> beat.getIp().isEmpty() || !beat.hasVolumeDigest() ? List.of() : List.of(answer);
    }

    /** From now on it is a master of Kelp that says so. @return this */
    public FakeMaster says(String cluster, ServerAddress leader, ServerAddress self) {
        view = LeaderView.newBuilder().setClusterId(cluster).setTerm(1).setLeader(leader.withBothPorts())
                .setSelf(self.withBothPorts()).addMembers(self.withBothPorts()).build();
        tell();
        return this;
    }

    /** Says it again to all that watch. */
    public void tell() {
        watchers.forEach(watcher -> watcher.onNext(view));
    }

    /** How many beats came that nobody has looked at. */
    public int beats() {
        return beats.size();
    }

    private final class Masters extends MastersGrpc.MastersImplBase {
        @Override
        public void watchLeader(WatchLeaderRequest request, StreamObserver<LeaderView> out) {
            if (view == null) {
                super.watchLeader(request, out);
                return;
            }
            ((ServerCallStreamObserver<LeaderView>) out).setOnCancelHandler(() -> watchers.remove(out));
            watchers.add(out);
            out.onNext(view);
        }
    }

    /** Its HTTP port is made up: only the gRPC port is there. */
    public ServerAddress address() {
        return new ServerAddress("127.0.0.1", 1 + server.port() % 60_000, server.port());
    }

    public int port() {
        return server.port();
    }

    /** The next beat, waited for. */
    public Heartbeat next() throws InterruptedException {
        Heartbeat beat = beats.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (beat == null) throw new AssertionError("no beat within " + PATIENCE_SECONDS + " s");
        return beat;
    }

    /** How the next stream ended. */
    public String nextEnd() throws InterruptedException {
        String end = ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (end == null) throw new AssertionError("no stream ended within " + PATIENCE_SECONDS + " s");
        return end;
    }

    /** Sends an answer of its own accord. */
    public void say(HeartbeatResponse answer) {
        stream.get().onNext(answer);
    }

    @Override
    public StreamObserver<Heartbeat> sendHeartbeat(StreamObserver<HeartbeatResponse> out) {
        stream.set(out);
        return new StreamObserver<>() {
            @Override
            public void onNext(Heartbeat beat) {
                beats.add(beat);
                answers.apply(beat).forEach(out::onNext);
            }

            @Override
            public void onError(Throwable failure) {
                ends.add("cut");
            }

            @Override
            public void onCompleted() {
                stream.compareAndSet(out, null);
                ends.add("closed");
                out.onCompleted();
            }
        };
    }

    /** Every volume is on these servers. */
    public void everythingIsOn(String... urls) {
        holders = List.of(urls);
    }

    @Override
    public void lookupVolume(LookupVolumeRequest request, StreamObserver<LookupVolumeResponse> out) {
        LookupVolumeResponse.VolumeIdLocation.Builder found = LookupVolumeResponse.VolumeIdLocation.newBuilder()
                .setVolumeOrFileId(request.getVolumeOrFileIds(0));
        holders.forEach(url -> found.addLocations(Location.newBuilder().setUrl(url)));
        out.onNext(LookupVolumeResponse.newBuilder().addVolumeIdLocations(found).build());
        out.onCompleted();
    }

    /** What the next call said that marks a volume, waited for. */
    public VolumeMarkReadonlyRequest nextMark() throws InterruptedException {
        VolumeMarkReadonlyRequest mark = marks.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (mark == null) throw new AssertionError("no mark within " + PATIENCE_SECONDS + " s");
        return mark;
    }

    @Override
    public void volumeMarkReadonly(VolumeMarkReadonlyRequest request, StreamObserver<VolumeMarkReadonlyResponse> out) {
        marks.add(request);
        out.onNext(VolumeMarkReadonlyResponse.getDefaultInstance());
        out.onCompleted();
    }

    @Override
    public void ping(PingRequest request, StreamObserver<PingResponse> out) {
        out.onNext(PingResponse.newBuilder().setStartTimeNs(1).build());
        out.onCompleted();
    }

    /** Dies: cuts the stream and stops listening. */
    @Override
    public void close() {
        StreamObserver<HeartbeatResponse> open = stream.getAndSet(null);
        if (open != null && !((ServerCallStreamObserver<HeartbeatResponse>) open).isCancelled()) {
            open.onError(Status.UNAVAILABLE.withDescription("the master dies").asRuntimeException());
        }
        watchers.forEach(watcher -> {
            if (watchers.remove(watcher)) watcher.onError(Status.UNAVAILABLE.asRuntimeException());
        });
        server.close();
    }
}
