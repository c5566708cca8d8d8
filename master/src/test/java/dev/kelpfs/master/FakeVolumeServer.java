package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.HeartbeatResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import dev.kelpfs.wire.volume.AllocateVolumeResponse;
import dev.kelpfs.wire.volume.DeleteCollectionRequest;
import dev.kelpfs.wire.volume.DeleteCollectionResponse;
import dev.kelpfs.wire.volume.PingRequest;
import dev.kelpfs.wire.volume.PingResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCheckRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCheckResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCleanupRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCleanupResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCommitRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCommitResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCompactRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCompactResponse;
import dev.kelpfs.wire.volume.VolumeDeleteRequest;
import dev.kelpfs.wire.volume.VolumeDeleteResponse;
import dev.kelpfs.wire.volume.VolumeServerGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A volume server as a master sees one: beats over a stream, volumes made and deleted by calls. Holds no files. */
final class FakeVolumeServer extends VolumeServerGrpc.VolumeServerImplBase implements AutoCloseable {
    static final long PING_TIME = 4711;

    private final String id;
    private final String dataCenter;
    private final String rack;
    private final int slots;
    private final RpcServer server;
    private final RpcChannels channels;
    final Map<Integer, VolumeInformationMessage> volumes = new ConcurrentSkipListMap<>();
    final BlockingQueue<HeartbeatResponse> answers = new LinkedBlockingQueue<>();
    final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
    final Queue<String> calls = new ConcurrentLinkedQueue<>();
    final AtomicInteger pings = new AtomicInteger();
    final AtomicInteger mostCompacting = new AtomicInteger();
    volatile boolean refusesVolumes;
    volatile boolean refusesDeletions;
    volatile boolean refusesVacuum;
    /** As a process does that hangs. */
    volatile boolean leavesPings;
    private final AtomicInteger compacting = new AtomicInteger();
    private volatile int httpPort;
    private volatile int grpcPort;
    private volatile String publicUrl = "";
    private volatile StreamObserver<Heartbeat> stream;

    FakeVolumeServer(RpcRuntime runtime, String id, String dataCenter, String rack, int slots) throws IOException {
        this.id = id;
        this.dataCenter = dataCenter;
        this.rack = rack;
        this.slots = slots;
        this.channels = new RpcChannels(runtime);
        this.server = RpcServer.start(
                runtime, RpcServerOptions.on(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
                List.of(this), () -> "test");
    }

    /** Gives it a volume before it connects. */
    void holds(VolumeInformationMessage.Builder volume) {
        volumes.put(volume.getId(), volume.build());
    }

    /** Opens a stream and sends the full list. */
    void connect(ServerAddress master) {
        stream = SeaweedGrpc.newStub(channels.to(master)).sendHeartbeat(new StreamObserver<>() {
            @Override
            public void onNext(HeartbeatResponse answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable failed) {
                ends.add(Status.fromThrowable(failed));
            }

            @Override
            public void onCompleted() {
                ends.add(Status.OK);
            }
        });
        send(full());
    }

    /** Connects until the master takes it; like a real server it comes again when it is sent away. */
    void join(ServerAddress master) throws InterruptedException {
        Await.until(id + " is taken by " + master, Await.LONGEST, () -> isTakenBy(master));
    }

    /** Connects, and waits for a moment. @return whether the master leads and took it */
    boolean isTakenBy(ServerAddress master) throws InterruptedException {
        answers.clear();
        connect(master);
        HeartbeatResponse answer = answers.poll(2, TimeUnit.SECONDS);
        return answer != null && answer.getVolumeSizeLimit() > 0;
    }

    /** The next word of the master. */
    HeartbeatResponse awaitAnswer() throws InterruptedException {
        return Await.value("an answer for " + id, Await.LONGEST, () -> Optional.ofNullable(answers.poll(1, TimeUnit.SECONDS)));
    }

    void send(Heartbeat.Builder beat) {
        stream.onNext(beat.build());
    }

    void disconnect() {
        stream.onCompleted();
    }

    Heartbeat.Builder full() {
        return Heartbeat.newBuilder()
                .setIp("127.0.0.1").setPort(httpPort()).setGrpcPort(grpcPort == 0 ? server.port() : grpcPort)
                .setPublicUrl(publicUrl.isEmpty() ? url() : publicUrl).setId(id)
                .setDataCenter(dataCenter).setRack(rack)
                .putMaxVolumeCounts("", slots)
                .addLocationUuids("directory of " + id)
                .addAllVolumes(volumes.values())
                .setHasNoVolumes(volumes.isEmpty())
                .setHasNoEcShards(true);
    }

    String url() {
        return "127.0.0.1:" + httpPort();
    }

    /** Clients are told this name of it. */
    void isNamed(String name) {
        publicUrl = name;
    }

    /** Has masters call it where it does not answer. */
    void isCalledAt(int port) {
        grpcPort = port;
    }

    /** For tests that send files; without, nobody listens there. */
    void listensForHttpOn(int port) {
        httpPort = port;
    }

    /** A stable number if nobody listens. */
    private int httpPort() {
        return httpPort == 0 ? server.port() : httpPort;
    }

    @Override
    public void allocateVolume(AllocateVolumeRequest request, StreamObserver<AllocateVolumeResponse> answer) {
        if (refusesVolumes) {
            answer.onError(Status.UNKNOWN.withDescription("disk of " + id + " is full").asRuntimeException());
            return;
        }
        volumes.put(request.getVolumeId(), VolumeInformationMessage.newBuilder()
                .setId(request.getVolumeId()).setCollection(request.getCollection()).setVersion(3)
                .setReplicaPlacement(Integer.parseInt(request.getReplication())).setSize(8).build());
        answer.onNext(AllocateVolumeResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public void volumeDelete(VolumeDeleteRequest request, StreamObserver<VolumeDeleteResponse> answer) {
        volumes.remove(request.getVolumeId());
        answer.onNext(VolumeDeleteResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public void deleteCollection(DeleteCollectionRequest request, StreamObserver<DeleteCollectionResponse> answer) {
        if (refusesDeletions) {
            answer.onError(Status.UNKNOWN.withDescription(id + " deletes nothing").asRuntimeException());
            return;
        }
        volumes.values().removeIf(volume -> volume.getCollection().equals(request.getCollection()));
        answer.onNext(DeleteCollectionResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public void vacuumVolumeCheck(VacuumVolumeCheckRequest request, StreamObserver<VacuumVolumeCheckResponse> answer) {
        VolumeInformationMessage volume = volumes.get(request.getVolumeId());
        answer.onNext(VacuumVolumeCheckResponse.newBuilder()
                .setGarbageRatio((double) volume.getDeletedByteCount() / volume.getSize()).build());
        answer.onCompleted();
    }

    @Override
    public void vacuumVolumeCompact(VacuumVolumeCompactRequest request, StreamObserver<VacuumVolumeCompactResponse> answer) {
        calls.add("compact " + request.getVolumeId());
        if (refusesVacuum) {
            answer.onError(Status.UNKNOWN.withDescription("no space left on " + id).asRuntimeException());
            return;
        }
        compacting.accumulateAndGet(1, (now, one) -> {
            mostCompacting.accumulateAndGet(now + one, Math::max);
            return now + one;
        });
        answer.onNext(VacuumVolumeCompactResponse.newBuilder().setProcessedBytes(1).build());
        compacting.decrementAndGet();
        answer.onCompleted();
    }

    @Override
    public void vacuumVolumeCommit(VacuumVolumeCommitRequest request, StreamObserver<VacuumVolumeCommitResponse> answer) {
        calls.add("commit " + request.getVolumeId());
        VolumeInformationMessage volume = volumes.computeIfPresent(request.getVolumeId(), (unused, old) -> old.toBuilder()
                .setSize(old.getSize() - old.getDeletedByteCount()).setDeletedByteCount(0).setDeleteCount(0)
                .setCompactRevision(old.getCompactRevision() + 1).build());
        answer.onNext(VacuumVolumeCommitResponse.newBuilder().setVolumeSize(volume.getSize()).build());
        answer.onCompleted();
    }

    @Override
    public void vacuumVolumeCleanup(VacuumVolumeCleanupRequest request, StreamObserver<VacuumVolumeCleanupResponse> answer) {
        calls.add("cleanup " + request.getVolumeId());
        answer.onNext(VacuumVolumeCleanupResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public void ping(PingRequest request, StreamObserver<PingResponse> answer) {
        pings.incrementAndGet();
        if (leavesPings) return;
        answer.onNext(PingResponse.newBuilder().setStartTimeNs(PING_TIME).setStopTimeNs(PING_TIME).build());
        answer.onCompleted();
    }

    @Override
    public void close() {
        channels.close();
        server.close();
    }
}
