package dev.kelpfs.http.client;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.HttpRuntime;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Makes connections from one event loop to one peer. A name is looked up by a virtual thread, never by the loop, and all
 * addresses that it has are tried in turn.
 */
final class PeerConnector {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int MOST_HEAD_BYTES = 128 << 10;
    private static final int MOST_LINE_BYTES = 8 << 10;
    private static final int MOST_PORT = 65_535;

    private final EventLoop loop;
    private final HttpRuntime runtime;
    private final Ticker ticker;
    private final String peer;

    /** @param peer {@code host:port} */
    PeerConnector(EventLoop loop, HttpRuntime runtime, Ticker ticker, String peer) {
        this.loop = loop;
        this.runtime = runtime;
        this.ticker = ticker;
        this.peer = peer;
    }

    Ticker ticker() {
        return ticker;
    }

    /** Connects; one of both is called on the loop. The connection is free once it is made. */
    void connect(Function<Channel, PeerConnection> made, BiConsumer<PeerFailure, String> refused) {
        int colon = peer.lastIndexOf(':');
        int port = colon < 1 ? 0 : port(peer.substring(colon + 1));
        if (port < 1) {
            refused.accept(PeerFailure.REFUSED, "\"" + peer + "\" is no host:port");
            return;
        }
        String host = peer.substring(0, colon);
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            connect(List.of(new InetSocketAddress(address(literal), port)), 0, made, refused);
            return;
        }
        Thread.ofVirtual().name("kelp-peer-name").start(() -> {
            List<InetSocketAddress> found = new ArrayList<>();
            String failure = "";
            try {
                for (InetAddress address : InetAddress.getAllByName(host)) found.add(new InetSocketAddress(address, port));
            } catch (UnknownHostException unknown) {
                failure = peer + ": the name \"" + host + "\" has no address";
            }
            String reason = failure;
            try {
                loop.execute(() -> {
                    if (found.isEmpty()) refused.accept(PeerFailure.REFUSED, reason);
                    else connect(found, 0, made, refused);
                });
            } catch (RejectedExecutionException stopping) {
                // The loop has ended, and all who waited on it with it.
            }
        });
    }

    private void connect(List<InetSocketAddress> addresses, int index, Function<Channel, PeerConnection> made,
            BiConsumer<PeerFailure, String> refused) {
        ChannelFuture attempt = bootstrap().connect(addresses.get(index));
        attempt.addListener(done -> {
            if (done.isSuccess()) {
                PeerConnection connection = made.apply(attempt.channel());
                attempt.channel().pipeline().addLast(connection);
                connection.ready();
            } else if (index + 1 < addresses.size()) {
                connect(addresses, index + 1, made, refused);
            } else if (done.cause() instanceof ConnectTimeoutException) {
                refused.accept(PeerFailure.TIMEOUT, peer + " took no connection for " + CONNECT_MILLIS / 1e3 + " s");
            } else {
                refused.accept(PeerFailure.REFUSED, peer + " cannot be reached: " + done.cause().getMessage());
            }
        });
    }

    private Bootstrap bootstrap() {
        return new Bootstrap()
                .group(loop)
                .channel(runtime.channelType())
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.ALLOCATOR, runtime.allocator())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpResponseDecoder(new HttpDecoderConfig()
                                .setMaxInitialLineLength(MOST_LINE_BYTES).setMaxHeaderSize(MOST_HEAD_BYTES)));
                    }
                });
    }

    private static int port(String digits) {
        try {
            int port = Integer.parseInt(digits);
            return port > MOST_PORT ? 0 : port;
        } catch (NumberFormatException noNumber) {
            return 0;
        }
    }

    private static InetAddress address(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address has 4 or 16 bytes", impossible);
        }
    }
}
