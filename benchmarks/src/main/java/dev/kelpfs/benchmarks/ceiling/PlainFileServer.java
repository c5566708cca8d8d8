package dev.kelpfs.benchmarks.ceiling;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;

/**
 * Netty's HTTP codec and one file, given out by {@code sendfile} or by reading and writing it piece by piece; a process of its own, as
 * the servers beside it are.
 */
public final class PlainFileServer {
    private static final int PIECE_BYTES = 256 << 10;

    private PlainFileServer() {}

    /** Runs until killed. @param args host, port, file, and {@code sendfile} or {@code copy} */
    public static void main(String[] args) throws InterruptedException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        File file = new File(args[2]);
        boolean copies = args[3].equals("copy");
        Channel channel = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), io))
                .channel(type)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection.pipeline().addLast(new HttpServerCodec(), new ChunkedWriteHandler(), new Handler(file, copies));
                    }
                })
                .bind(new InetSocketAddress(args[0], Integer.parseInt(args[1]))).sync().channel();
        System.out.println("plain server ready on " + channel.localAddress());
        channel.closeFuture().sync();
    }

    private static final class Handler extends ChannelInboundHandlerAdapter {
        private final File file;
        private final boolean copies;

        Handler(File file, boolean copies) {
            this.file = file;
            this.copies = copies;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
            boolean complete = message instanceof LastHttpContent;
            ReferenceCountUtil.release(message);
            if (!complete) return;
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, file.length());
            context.write(head);
            context.write(copies
                    ? new ChunkedNioFile(FileChannel.open(file.toPath()), PIECE_BYTES)
                    : new DefaultFileRegion(file, 0, file.length()));
            context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
