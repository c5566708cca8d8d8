package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Turns bytes into requests and pieces of bodies, but only while the connection wants the next one. What comes too early
 * (pipelined requests, a body whose window is full) stays undecoded and stops the reading from the socket, so a
 * connection never holds more than one decoded request and one receive buffer of undecoded bytes.
 *
 * <p>Confined to the event loop of its channel.
 */
final class RequestDecoder extends HttpRequestDecoder {
    /** Largest piece of a body that is handed on as one; pieces are slices of the receive buffer. */
    private static final int MAX_PIECE_BYTES = 64 << 10;

    private final Connection connection;
    private ChannelHandlerContext context;
    private boolean decoding;
    private boolean headStarted;
    private long bytesIn;

    RequestDecoder(HttpLimits limits, Connection connection) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.maxUriBytes())
                .setMaxHeaderSize(limits.maxHeaderBytes())
                .setMaxChunkSize(MAX_PIECE_BYTES));
        this.connection = connection;
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        headStarted = false;
        super.handlerRemoved0(ctx);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) bytesIn += bytes.readableBytes();
        if (connection.isLingering()) {
            ReferenceCountUtil.release(message);
            return;
        }
        decode(message);
        if (holdsBytes() && connection.isGateClosed()) ctx.channel().config().setAutoRead(false);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Not the inherited way: that one asks for more bytes whenever nothing was decoded, gate or not.
        discardSomeReadBytes();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // The inherited way would decode the rest past the gate when the client closes its side.
        ctx.fireUserEventTriggered(event);
    }

    /** Goes on after the gate opened: decodes what waited, then reads from the socket again. */
    void resume() throws Exception {
        if (decoding || context.isRemoved()) return;
        if (holdsBytes()) decode(Unpooled.EMPTY_BUFFER);
        if (!(holdsBytes() && connection.isGateClosed())) context.channel().config().setAutoRead(true);
    }

    /** Whether undecoded bytes wait. */
    boolean holdsBytes() {
        return actualReadableBytes() > 0;
    }

    /** Whether the decoder is on the stack, so that a resume would come from within. */
    boolean isDecoding() {
        return decoding;
    }

    /** Whether a part of a head has come, but not all of it. */
    boolean isHeadStarted() {
        return headStarted;
    }

    /** Bytes that ever came in. */
    long bytesIn() {
        return bytesIn;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (connection.isGateClosed()) return;
        boolean awaitsHead = connection.awaitsHead();
        // Line ends between requests are tolerated, and start nothing.
        if (awaitsHead && !headStarted) headStarted = in.getByte(in.readerIndex()) > ' ';
        super.decode(ctx, in, out);
        if (awaitsHead && !out.isEmpty()) headStarted = false;
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        // The client is gone: nobody waits for answers to the rest.
        in.skipBytes(in.readableBytes());
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
    }

    private void decode(Object message) throws Exception {
        decoding = true;
        try {
            super.channelRead(context, message);
        } finally {
            decoding = false;
        }
    }
}
