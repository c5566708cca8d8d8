package dev.kelpfs.master.servers;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.volume.PingRequest;
import dev.kelpfs.wire.volume.VolumeServerGrpc;
import dev.kelpfs.wire.volume.VolumeServerGrpc.VolumeServerBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Calls to volume servers. They block, but never beyond their deadline; a caller on a virtual thread may be interrupted.
 * Safe for all threads.
 */
public final class VolumeServers {
    /** One call on a server. */
    @FunctionalInterface
    public interface Call<T> {
        /** May throw what gRPC throws. */
        T on(VolumeServerBlockingStub server);
    }

    private final RpcChannels channels;

    public VolumeServers(RpcChannels channels) {
        this.channels = channels;
    }

    /**
     * Calls a server.
     *
     * @param what it did not do, for the message: {@code did not make volume 3}
     * @throws IOException if the server could not be reached in time or refused; the message says which and why
     */
    public <T> T call(Place server, Duration deadline, String what, Call<T> call) throws IOException {
        ServerAddress address = address(server);
        try {
            return call.on(VolumeServerGrpc.newBlockingStub(channels.to(address))
                    .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS));
        } catch (StatusRuntimeException failed) {
            // The next try connects anew instead of waiting for the back-off of this connection.
            if (failed.getStatus().getCode() == Status.Code.UNAVAILABLE) channels.forget(address);
            throw new IOException(server.nodeId() + " " + what + ": " + reason(failed.getStatus(), deadline), failed);
        }
    }

    /**
     * Asks a server whether it is there.
     *
     * @throws StatusRuntimeException if it did not answer, or refused; the status says which
     */
    public void ping(ServerAddress address, Duration deadline) {
        try {
            VolumeServerGrpc.newBlockingStub(channels.to(address)).withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
                    .ping(PingRequest.getDefaultInstance());
        } catch (StatusRuntimeException failed) {
            if (failed.getStatus().getCode() == Status.Code.UNAVAILABLE) channels.forget(address);
            throw failed;
        }
    }

    private static String reason(Status status, Duration deadline) {
        String text = status.getDescription() == null ? "" : status.getDescription();
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> "no answer within " + deadline.toSeconds() + " s";
            case UNAVAILABLE -> "it cannot be reached" + (text.isEmpty() ? "" : " (" + text + ")");
            case UNIMPLEMENTED -> "it does not know this call";
            default -> text.isEmpty() ? status.getCode().toString() : text;
        };
    }

    /** Where a server listens for gRPC. */
    public static ServerAddress address(Place server) {
        ServerAddress http = ServerAddress.parse(server.url());
        return new ServerAddress(http.host(), http.httpPort(), server.grpcPort());
    }
}
