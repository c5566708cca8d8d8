package dev.kelpfs.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening HTTP/1.1 server. Safe for all threads. */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int ACCEPT_QUEUE = 1024;
    private static final byte[] TOO_MANY = ("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\n"
            + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);

    private final ServerCore core;
    private final List<Channel> listeners;

    private HttpServer(ServerCore core, List<Channel> listeners) {
        this.core = core;
        this.listeners = listeners;
    }

    /**
     * Listens on every address of the options, or on none. An address that this machine does not have (IPv6 switched
     * off) is passed over if another one of the same list works, and one that is only a convenience if it is taken.
     *
     * @throws IOException if an address cannot be bound; the message names it
     */
    public static HttpServer start(HttpRuntime runtime, HttpServerOptions options, Routes routes) throws IOException {
        ServerCore core = new ServerCore(runtime, options, routes);
        core.start();
        List<Channel> listeners = new ArrayList<>();
        try {
            bindAll(core, listeners);
        } catch (IOException | RuntimeException failed) {
            new HttpServer(core, listeners).close();
            throw failed;
        }
        return new HttpServer(core, List.copyOf(listeners));
    }

    /** The port it listens on, also when the options said 0. */
    public int port() {
        return portOf(listeners.get(0));
    }

    /** Where it listens. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream().map(listener -> (InetSocketAddress) listener.localAddress()).toList();
    }

    /**
     * Takes no new connections, lets running requests finish until the drain timeout, then cuts the rest. Waits for all
     * that; not for an event loop.
     */
    @Override
    public void close() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        core.drain();
    }

    private static void bindAll(ServerCore core, List<Channel> listeners) throws IOException {
        ServerBootstrap bootstrap = bootstrap(core);
        List<IOException> passedOver = new ArrayList<>();
        int port = core.options().addresses().get(0).getPort();
        for (InetSocketAddress wanted : core.options().addresses()) {
            InetSocketAddress address = on(wanted, port);
            var bound = bootstrap.bind(address).awaitUninterruptibly();
            if (bound.isSuccess()) {
                listeners.add(bound.channel());
                if (port == 0) port = portOf(bound.channel());
            } else if (isAbsent(bound.cause())) {
                passedOver.add(refused(address, bound.cause()));
            } else {
                throw refused(address, bound.cause());
            }
        }
        if (listeners.isEmpty()) throw passedOver.get(0);
        for (InetSocketAddress wanted : core.options().alsoOn()) {
            InetSocketAddress address = on(wanted, port);
            var bound = bootstrap.bind(address).awaitUninterruptibly();
            if (bound.isSuccess()) listeners.add(bound.channel());
            else passedOver.add(refused(address, bound.cause()));
        }
        passedOver.forEach(absent -> LOG.warn("{}; listening on the other addresses", absent.getMessage()));
    }

    private static InetSocketAddress on(InetSocketAddress wanted, int port) {
        boolean open = wanted.getPort() == 0 && port != 0 && wanted.getAddress() != null;
        return open ? new InetSocketAddress(wanted.getAddress(), port) : wanted;
    }

    private static ServerBootstrap bootstrap(ServerCore core) {
        HttpRuntime runtime = core.runtime();
        int window = core.options().limits().replyWindowBytes();
        return new ServerBootstrap()
                .group(runtime.loops(), runtime.loops())
                .channel(runtime.serverChannelType())
                .option(ChannelOption.SO_BACKLOG, ACCEPT_QUEUE)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, runtime.allocator())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(window / 2, window))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(core, channel);
                    }
                });
    }

    private static void accept(ServerCore core, Channel channel) {
        if (!core.addConnection()) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(TOO_MANY)).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        Connection connection = new Connection(core, core.loopState(channel.eventLoop()));
        channel.pipeline().addLast(connection.decoder(), connection);
    }

    private static boolean isAbsent(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("Cannot assign requested address")
                || message.contains("Can't assign requested address")
                || message.contains("Address family not supported")
                || message.contains("Protocol family unavailable")
                || message.contains("Unsupported address type");
    }

    private static IOException refused(InetSocketAddress address, Throwable cause) {
        String where = address.getHostString() + ":" + address.getPort();
        String advice = isAbsent(cause)
                ? ": this machine has no such address; choose another -ip or -ip.bind"
                : ": is another server running there? Choose another -port, or stop it";
        BindException named = new BindException("cannot listen for HTTP on " + where + advice + " (" + cause.getMessage() + ")");
        named.initCause(cause);
        return named;
    }

    private static int portOf(Channel listener) {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }
}
