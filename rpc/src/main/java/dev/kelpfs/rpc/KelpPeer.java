package dev.kelpfs.rpc;

import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.stub.MetadataUtils;

/**
 * How a caller says that it is a process of Kelp, where the messages themselves are those of the reference and must not
 * be extended: a header of the call.
 */
public final class KelpPeer {
    private static final Metadata.Key<String> HEADER = Metadata.Key.of("kelp-peer", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<Boolean> IS_KELP = Context.key("kelp-peer");

    private KelpPeer() {}

    /** Adds the header to every call. */
    public static ClientInterceptor announced() {
        Metadata headers = new Metadata();
        headers.put(HEADER, "1");
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    /** Begins a call so that its handler can ask {@link #isCalling}. */
    public static <Q, A> ServerCall.Listener<Q> begin(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> handler) {
        if (!headers.containsKey(HEADER)) return handler.startCall(call, headers);
        return Contexts.interceptCall(Context.current().withValue(IS_KELP, true), call, headers, handler);
    }

    /** True if the call that this thread handles comes from a process of Kelp. */
    public static boolean isCalling() {
        return Boolean.TRUE.equals(IS_KELP.get());
    }
}
