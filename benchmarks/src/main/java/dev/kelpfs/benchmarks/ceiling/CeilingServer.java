package dev.kelpfs.benchmarks.ceiling;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Netty's HTTP codec and a fixed 1 KiB; a process of its own, as the servers beside it are. */
public final class CeilingServer implements AutoCloseable {
    /** Size of every answer. */
    public static final int BODY_BYTES = 1024;

    private final EventLoopGroup loops;
    private final Channel channel;

    private CeilingServer(EventLoopGroup loops, Channel channel) {
        this.loops = loops;
        this.channel = channel;
    }

    /** Listens; port 0 takes any. */
    public static CeilingServer start(InetSocketAddress listen, int loopThreads) throws InterruptedException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(loopThreads, io);
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops).channel(type).childHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                connection.pipeline().addLast(new HttpServerCodec(), new CeilingHandler());
            }
        });
        return new CeilingServer(loops, bootstrap.bind(listen).sync().channel());
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Runs until killed. @param args host and port */
    public static void main(String[] args) throws InterruptedException {
        InetSocketAddress listen = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        CeilingServer server = start(listen, Runtime.getRuntime().availableProcessors());
        System.out.println("ceiling ready on " + server.address());
        server.channel.closeFuture().sync();
    }
}
