package dev.kelpfs.master.growth;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import dev.kelpfs.wire.volume.VolumeDeleteRequest;
import dev.kelpfs.wire.volume.VolumeServerGrpc;
import dev.kelpfs.wire.volume.VolumeServerGrpc.VolumeServerBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Has volumes made over gRPC. */
public final class RemoteVolumeMaker implements VolumeMaker {
    /** Making an empty volume takes milliseconds; preallocating a large one takes longer. */
    private static final int DEADLINE_SECONDS = 10;
    private static final int PREALLOCATING_DEADLINE_SECONDS = 60;

    private final RpcChannels channels;

    public RemoteVolumeMaker(RpcChannels channels) {
        this.channels = channels;
    }

    @Override
    public void make(Place server, AllocateVolumeRequest request) throws IOException {
        int seconds = request.getPreallocate() > 0 ? PREALLOCATING_DEADLINE_SECONDS : DEADLINE_SECONDS;
        ServerAddress address = address(server);
        try {
            stub(address, seconds).allocateVolume(request);
        } catch (StatusRuntimeException failed) {
            throw failure(address, server.nodeId() + " did not make volume " + Integer.toUnsignedString(request.getVolumeId()), failed);
        }
    }

    @Override
    public void remove(Place server, VolumeId volume) throws IOException {
        ServerAddress address = address(server);
        try {
            stub(address, DEADLINE_SECONDS)
                    .volumeDelete(VolumeDeleteRequest.newBuilder().setVolumeId(volume.bits()).setOnlyEmpty(true).build());
        } catch (StatusRuntimeException failed) {
            throw failure(address, server.nodeId() + " did not remove volume " + volume, failed);
        }
    }

    private IOException failure(ServerAddress address, String what, StatusRuntimeException failed) {
        // The next try connects anew instead of waiting for the back-off of this connection.
        if (failed.getStatus().getCode() == Status.Code.UNAVAILABLE) channels.forget(address);
        return new IOException(what + ": " + failed.getStatus(), failed);
    }

    private VolumeServerBlockingStub stub(ServerAddress address, int deadlineSeconds) {
        return VolumeServerGrpc.newBlockingStub(channels.to(address)).withDeadlineAfter(deadlineSeconds, TimeUnit.SECONDS);
    }

    private static ServerAddress address(Place server) {
        ServerAddress http = ServerAddress.parse(server.url());
        return new ServerAddress(http.host(), http.httpPort(), server.grpcPort());
    }
}
