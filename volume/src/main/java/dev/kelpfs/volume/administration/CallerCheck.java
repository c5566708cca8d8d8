package dev.kelpfs.volume.administration;

import dev.kelpfs.http.WhiteList;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * Admits calls that change something from addresses on the white list only.
 *
 * <p>Source: volume server, section 4.1.
 */
public record CallerCheck(WhiteList whiteList) implements ServerInterceptor {
    /** Calls that everybody may make. */
    private static final Set<String> OPEN = Set.of(
            "VacuumVolumeCheck", "VolumeStatus", "VolumeServerStatus", "Ping", "GetState");

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getBareMethodName();
        if (whiteList.admitsAll() || OPEN.contains(method) || isAdmitted(call)) return next.startCall(call, headers);
        call.close(
                Status.PERMISSION_DENIED.withDescription("this address is not on the white list of the volume server"),
                new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private boolean isAdmitted(ServerCall<?, ?> call) {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress peer
                && whiteList.admits(peer.getAddress());
    }
}
