package dev.kelpfs.benchmarks.ceiling;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** Answers every complete request with the same bytes. */
final class CeilingHandler extends ChannelInboundHandlerAdapter {
    /** One for all connections, for ever. */
    private static final ByteBuf BODY = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(CeilingServer.BODY_BYTES).writeZero(CeilingServer.BODY_BYTES).asReadOnly());

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        boolean complete = message instanceof LastHttpContent;
        ReferenceCountUtil.release(message);
        if (!complete) return;
        FullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, BODY.duplicate());
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream");
        answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, BODY.readableBytes());
        context.write(answer, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
