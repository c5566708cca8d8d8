package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.HeartbeatResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import dev.kelpfs.wire.volume.AllocateVolumeResponse;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;

/** A volume server as a master sees one: beats over a stream, volumes made and deleted by calls. Holds no files. */
final class FakeVolumeServer extends VolumeServerGrpc.VolumeServerImplBase implements AutoCloseable {
    private final String id;
    private final String dataCenter;
    private final String rack;
    private final int slots;
    private final RpcServer server;
    private final RpcChannels channels;
    final Map<Integer, VolumeInformationMessage> volumes = new ConcurrentSkipListMap<>();
    final BlockingQueue<HeartbeatResponse> answers = new LinkedBlockingQueue<>();
    final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
    volatile boolean refusesVolumes;
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

    void send(Heartbeat.Builder beat) {
        stream.onNext(beat.build());
    }

    void disconnect() {
        stream.onCompleted();
    }

    Heartbeat.Builder full() {
        return Heartbeat.newBuilder()
                .setIp("127.0.0.1").setPort(httpPort()).setGrpcPort(server.port()).setPublicUrl(url()).setId(id)
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

    /** Nobody listens there; the number only has to be a stable one. */
    private int httpPort() {
        return server.port();
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
    public void close() {
        channels.close();
        server.close();
    }
}
