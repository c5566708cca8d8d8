package dev.kelpfs.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.function.Supplier;

/** Gives unary calls back the request id they brought, or a fresh one, as the reference does. */
final class RequestIdTrailer implements ServerInterceptor {
    static final Metadata.Key<String> REQUEST_ID = Metadata.Key.of("x-amz-request-id", Metadata.ASCII_STRING_MARSHALLER);

    private final Supplier<String> freshIds;

    RequestIdTrailer(Supplier<String> freshIds) {
        this.freshIds = freshIds;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (call.getMethodDescriptor().getType() != MethodType.UNARY) return next.startCall(call, headers);
        return next.startCall(
                new SimpleForwardingServerCall<Q, A>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        String brought = headers.get(REQUEST_ID);
                        trailers.put(REQUEST_ID, brought == null || brought.isEmpty() ? freshIds.get() : brought);
                        super.close(status, trailers);
                    }
                },
                headers);
    }
}
