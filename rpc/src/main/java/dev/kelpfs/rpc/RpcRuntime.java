package dev.kelpfs.rpc;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The threads behind all gRPC of one process: a few event loops that move bytes, and an executor that runs handlers
 * and callbacks. Made once per process, closed after the last server and channel. Safe for all threads.
 */
public final class RpcRuntime implements AutoCloseable {
    private final EventLoopGroup loops;
    private final boolean epoll;
    private final Executor handlers;

    private RpcRuntime(EventLoopGroup loops, boolean epoll, Executor handlers) {
        this.loops = loops;
        this.epoll = epoll;
        this.handlers = handlers;
    }

    /**
     * @param loopThreads event loop threads, at least 1
     * @param handlers runs everything that may block; a virtual thread each on a server, and never the calling thread
     */
    public static RpcRuntime start(int loopThreads, Executor handlers) {
        boolean epoll = Epoll.isAvailable();
        DefaultThreadFactory threads = new DefaultThreadFactory("kelp-rpc", true);
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                loopThreads, threads, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        return new RpcRuntime(loops, epoll, handlers);
    }

    EventLoopGroup loops() {
        return loops;
    }

    Class<? extends ServerChannel> serverChannelType() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    Class<? extends Channel> channelType() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    Executor handlers() {
        return handlers;
    }

    /** Stops the event loops; whatever is still open is cut. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }
}
