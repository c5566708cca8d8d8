package dev.kelpfs.master.growth;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.servers.VolumeServers;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import dev.kelpfs.wire.volume.PingRequest;
import dev.kelpfs.wire.volume.VolumeDeleteRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;

/** Has volumes made over gRPC. */
public final class RemoteVolumeMaker implements VolumeMaker {
    /** Making an empty volume takes milliseconds; preallocating a large one takes longer. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration REACH_DEADLINE = Duration.ofSeconds(2);
    private static final Duration PREALLOCATING_DEADLINE = Duration.ofSeconds(60);

    private final VolumeServers servers;

    public RemoteVolumeMaker(VolumeServers servers) {
        this.servers = servers;
    }

    @Override
    public void make(Place server, AllocateVolumeRequest request) throws IOException {
        Duration deadline = request.getPreallocate() > 0 ? PREALLOCATING_DEADLINE : DEADLINE;
        servers.call(server, deadline, "did not make volume " + Integer.toUnsignedString(request.getVolumeId()),
                stub -> stub.allocateVolume(request));
    }

    @Override
    public void reach(Place server) throws IOException {
        try {
            servers.call(server, REACH_DEADLINE, "does not answer", stub -> stub.ping(PingRequest.getDefaultInstance()));
        } catch (IOException failed) {
            // A server that has no ping answers all the same.
            boolean answered = failed.getCause() instanceof StatusRuntimeException refused
                    && refused.getStatus().getCode() == Status.Code.UNIMPLEMENTED;
            if (!answered) throw failed;
        }
    }

    @Override
    public void remove(Place server, VolumeId volume) throws IOException {
        VolumeDeleteRequest request = VolumeDeleteRequest.newBuilder().setVolumeId(volume.bits()).setOnlyEmpty(true).build();
        servers.call(server, DEADLINE, "did not remove volume " + volume, stub -> stub.volumeDelete(request));
    }
}
