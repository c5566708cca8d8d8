package dev.kelpfs.rpc;

import dev.kelpfs.core.ServerAddress;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Channels to other servers, one per gRPC address, opened when first asked for and shared by all callers. A channel
 * that nobody uses for half an hour drops its connection by itself and opens it again when needed. Safe for all threads.
 */
public final class RpcChannels implements AutoCloseable {
    private static final int IDLE_MINUTES = 30;

    private final Function<ServerAddress, ManagedChannel> opener;
    private final Map<String, ManagedChannel> byAddress = new ConcurrentHashMap<>();

    /** Channels over the network. @param runtime owned by the caller */
    public RpcChannels(RpcRuntime runtime) {
        this(server -> open(runtime, server));
    }

    /** @param opener makes a channel to the gRPC port of a server; must not connect yet */
    public RpcChannels(Function<ServerAddress, ManagedChannel> opener) {
        this.opener = opener;
    }

    /** The channel to the gRPC port of a server. The caller does not close it. */
    public ManagedChannel to(ServerAddress server) {
        return byAddress.computeIfAbsent(server.grpc(), address -> opener.apply(server));
    }

    /**
     * Forgets the channel of a server, so that the next call connects anew instead of waiting for the back-off of a
     * connection that failed. Calls still running on it end by themselves.
     */
    public void forget(ServerAddress server) {
        ManagedChannel old = byAddress.remove(server.grpc());
        if (old != null) old.shutdown();
    }

    /** Cuts all channels and the calls on them. */
    @Override
    public void close() {
        byAddress.values().forEach(ManagedChannel::shutdownNow);
        byAddress.clear();
    }

    private static ManagedChannel open(RpcRuntime runtime, ServerAddress server) {
        return NettyChannelBuilder.forTarget("dns:///" + server.grpc())
                .usePlaintext()
                .eventLoopGroup(runtime.loops())
                .channelType(runtime.channelType())
                .executor(runtime.handlers())
                .offloadExecutor(runtime.handlers())
                .maxInboundMessageSize(RpcLimits.MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(RpcLimits.MAX_HEADER_BYTES)
                .flowControlWindow(RpcLimits.FLOW_CONTROL_WINDOW_BYTES)
                .keepAliveTime(RpcLimits.KEEP_ALIVE_AFTER_IDLE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(RpcLimits.KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .idleTimeout(IDLE_MINUTES, TimeUnit.MINUTES)
                .build();
    }
}
