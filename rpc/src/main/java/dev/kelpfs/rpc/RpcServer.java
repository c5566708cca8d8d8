package dev.kelpfs.rpc;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gRPC server. Handlers run on the runtime's executor, except those declared non-blocking. Every unary answer
 * carries the caller's {@code x-amz-request-id}, or a fresh one, in its trailer. Safe for all threads.
 */
public final class RpcServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
    private static final int STOP_SECONDS = 5;

    private final List<Server> servers;

    private RpcServer(List<Server> servers) {
        this.servers = servers;
    }

    /**
     * Listens on every address of the options, or on none.
     *
     * @param requestIds makes an id for a call that came without one
     * @throws IOException if an address cannot be bound; the message names it
     */
    public static RpcServer start(
            RpcRuntime runtime, RpcServerOptions options, List<? extends BindableService> services, Supplier<String> requestIds)
            throws IOException {
        List<Server> started = new ArrayList<>();
        int port = options.addresses().get(0).getPort();
        try {
            for (InetSocketAddress wanted : options.addresses()) {
                InetSocketAddress address = on(wanted, port);
                Server server = build(runtime, options, services, requestIds, address);
                start(server, address);
                started.add(server);
                if (port == 0) port = server.getPort();
            }
            for (InetSocketAddress wanted : options.alsoOn()) {
                InetSocketAddress address = on(wanted, port);
                Server server = build(runtime, options, services, requestIds, address);
                try {
                    start(server, address);
                    started.add(server);
                } catch (IOException taken) {
                    LOG.warn("{}; listening on the other addresses", taken.getMessage());
                }
            }
        } catch (IOException failed) {
            started.forEach(Server::shutdownNow);
            throw failed;
        }
        return new RpcServer(List.copyOf(started));
    }

    private static InetSocketAddress on(InetSocketAddress wanted, int port) {
        return wanted.getPort() == 0 && port != 0 ? new InetSocketAddress(wanted.getAddress(), port) : wanted;
    }

    /** The port it listens on, also when the options said 0. */
    public int port() {
        return servers.get(0).getPort();
    }

    /** Takes no new calls, gives running ones five seconds, then cuts them. */
    @Override
    public void close() {
        servers.forEach(Server::shutdown);
        for (Server server : servers) {
            try {
                if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) server.shutdownNow();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                server.shutdownNow();
            }
        }
    }

    private static Server build(
            RpcRuntime runtime, RpcServerOptions options, List<? extends BindableService> services,
            Supplier<String> requestIds, InetSocketAddress address) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .bossEventLoopGroup(runtime.loops())
                .workerEventLoopGroup(runtime.loops())
                .channelType(runtime.serverChannelType())
                // Finding the method costs nothing, so it stays on the loop; the supplier then says where the call runs.
                .directExecutor()
                .callExecutor(new ByMethod(options, runtime.handlers()))
                .maxInboundMessageSize(RpcLimits.MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(RpcLimits.MAX_HEADER_BYTES)
                .maxConcurrentCallsPerConnection(RpcLimits.MAX_STREAMS_PER_CONNECTION)
                .flowControlWindow(RpcLimits.FLOW_CONTROL_WINDOW_BYTES)
                .keepAliveTime(RpcLimits.KEEP_ALIVE_AFTER_IDLE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(RpcLimits.KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(RpcLimits.SHORTEST_CLIENT_PING_INTERVAL_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .intercept(new RequestIdTrailer(requestIds));
        services.forEach(builder::addService);
        builder.addService(ProtoReflectionServiceV1.newInstance());
        return builder.build();
    }

    private static void start(Server server, InetSocketAddress address) throws IOException {
        try {
            server.start();
        } catch (IOException failed) {
            throw withAddress(failed, address);
        }
    }

    private static IOException withAddress(IOException failed, InetSocketAddress address) {
        String where = address.getAddress().getHostAddress() + ":" + address.getPort();
        BindException named = new BindException(
                "cannot listen for gRPC on " + where + ": is another server running there? Choose another -port.grpc, or stop it");
        named.initCause(failed);
        return named;
    }

    /** Sends the calls that never wait to the event loop itself, all others to the handlers' executor. */
    private record ByMethod(RpcServerOptions options, Executor handlers) implements ServerCallExecutorSupplier {
        @Override
        public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata metadata) {
            boolean direct = options.nonBlockingMethods().contains(call.getMethodDescriptor().getFullMethodName());
            return direct ? Runnable::run : handlers;
        }
    }
}
