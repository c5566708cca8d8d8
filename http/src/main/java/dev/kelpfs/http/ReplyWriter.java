package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCounted;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;

/** Puts answers on the wire of one connection. Confined to its event loop. */
final class ReplyWriter {
    /** Bodies up to this size go out in one buffer with their head: copying them is cheaper than a gathering write. */
    private static final int COPIED_BODY_BYTES = 8 << 10;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    /** In place of a length. */
    private static final long NO_LENGTH = -1;
    private static final long CHUNKS = -2;
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Connection connection;

    ReplyWriter(Connection connection) {
        this.connection = connection;
    }

    /** Writes an answer, or starts the stream that will. */
    void write(HttpExchange exchange, Reply reply) {
        if (reply.replyBody() instanceof ReplyBody.Stream body && sendsBody(exchange, reply)) {
            try {
                connection.core().runtime().handlers().execute(new ReplyStream(connection, exchange, reply, body));
            } catch (RejectedExecutionException stopped) {
                connection.cutNow();
            }
            return;
        }
        connection.core().options().observer().replying(exchange.request(), reply);
        boolean keepAlive = connection.mayKeepAlive(exchange, reply);
        boolean bodyAllowed = allowsBody(reply.status());
        switch (reply.takeBody()) {
            case ReplyBody.Empty() -> {
                long given = exchange.isHead() ? reply.headLengthOrNotGiven() : Reply.NOT_GIVEN;
                writeHead(exchange, reply, keepAlive, bodyAllowed ? Math.max(0, given) : NO_LENGTH);
            }
            case ReplyBody.Stream(long length, BodyWriter unused) ->
                writeHead(exchange, reply, keepAlive, bodyAllowed && length >= 0 ? length : NO_LENGTH);
            case ReplyBody.Bytes(ByteBuf bytes) -> {
                if (sendsBody(exchange, reply)) {
                    writeWhole(exchange, reply, keepAlive, bytes);
                } else {
                    long length = bytes.readableBytes();
                    bytes.release();
                    writeHead(exchange, reply, keepAlive, bodyAllowed ? length : NO_LENGTH);
                }
            }
        }
        connection.answered(exchange, reply.status(), keepAlive);
    }

    /** Whether the body of this answer goes on the wire. */
    static boolean sendsBody(HttpExchange exchange, Reply reply) {
        return !exchange.isHead() && allowsBody(reply.status());
    }

    /** The head of a stream, when its writer has its first byte. */
    void beginStream(ReplyStream stream) {
        HttpExchange exchange = stream.exchange();
        if (!connection.isCurrent(exchange)) {
            stream.cut();
            return;
        }
        exchange.streamIs(stream);
        Reply reply = stream.reply();
        connection.core().options().observer().replying(exchange.request(), reply);
        boolean known = stream.body().length() >= 0;
        boolean chunked = !known && !isOld(exchange);
        // A client that knows no chunks sees the end of the body by the end of the connection.
        boolean keepAlive = (known || chunked) && connection.mayKeepAlive(exchange, reply);
        stream.sentHead(chunked, keepAlive);
        writeHead(exchange, reply, keepAlive, known ? stream.body().length() : chunked ? CHUNKS : NO_LENGTH);
    }

    /**
     * A piece of a stream, which this takes over: a buffer or a region of a file.
     *
     * @param weight what is to be acknowledged when it left
     */
    void piece(ReplyStream stream, ReferenceCounted piece, long bytes, int weight) {
        if (!connection.isCurrent(stream.exchange())) {
            piece.release();
            stream.acknowledge(weight, false);
            return;
        }
        ChannelHandlerContext context = connection.context();
        if (stream.isChunked()) {
            String start = (stream.takeFirst() ? "" : "\r\n") + Long.toHexString(bytes) + "\r\n";
            context.write(ByteBufUtil.writeAscii(context.alloc(), start));
        }
        context.writeAndFlush(piece).addListener(sent -> stream.acknowledge(weight, sent.isSuccess()));
    }

    /** All pieces of a stream went out. */
    void endStream(ReplyStream stream) {
        HttpExchange exchange = stream.exchange();
        if (!connection.isCurrent(exchange)) {
            exchange.releaseCollected();
            return;
        }
        if (stream.isChunked()) {
            ByteBuf end = connection.allocator().buffer(2 + LAST_CHUNK.length);
            if (!stream.takeFirst()) end.writeByte('\r').writeByte('\n');
            connection.context().write(end.writeBytes(LAST_CHUNK));
        }
        connection.answered(exchange, stream.reply().status(), stream.isKeepAlive());
    }

    /** Refuses a request whose head is unusable; the connection must be closed afterwards. */
    void refuse(HttpException reason) {
        byte[] text = (reason.reason() + "\n").getBytes(StandardCharsets.UTF_8);
        Reply reply = Reply.error(reason.status(), "");
        HeadEncoder head = connection.headEncoder();
        head.begin(reason.status());
        head.fields(reply.headers());
        reply.release();
        head.raw(connection.core().date());
        head.contentLength(text.length);
        head.connection(false, false);
        head.end();
        ByteBuf out = connection.allocator().buffer(head.length() + text.length);
        head.copyTo(out);
        connection.context().write(out.writeBytes(text));
    }

    /** Tells a waiting client to send its body. */
    void writeContinue() {
        connection.context().writeAndFlush(Unpooled.wrappedBuffer(HeadEncoder.CONTINUE));
    }

    /**
     * Something that changes whenever the client takes bytes; 0 if nothing waits for it.
     */
    static long outputMark(Channel channel) {
        var waiting = channel.unsafe().outboundBuffer();
        if (waiting == null || waiting.totalPendingWriteBytes() == 0) return 0;
        long mark = waiting.totalPendingWriteBytes() * 31 + waiting.currentProgress();
        return mark * 31 + System.identityHashCode(waiting.current()) | 1;
    }

    private void writeWhole(HttpExchange exchange, Reply reply, boolean keepAlive, ByteBuf bytes) {
        int length = bytes.readableBytes();
        encodeHead(exchange, reply, keepAlive, length);
        HeadEncoder head = connection.headEncoder();
        ChannelHandlerContext context = connection.context();
        if (length <= COPIED_BODY_BYTES) {
            ByteBuf out = context.alloc().directBuffer(head.length() + length);
            head.copyTo(out);
            out.writeBytes(bytes);
            bytes.release();
            context.write(out, context.voidPromise());
        } else {
            ByteBuf out = context.alloc().directBuffer(head.length());
            head.copyTo(out);
            context.write(out, context.voidPromise());
            if (length <= WindowBudget.SMALL_BYTES) {
                context.write(bytes, context.voidPromise());
            } else {
                WindowBudget budget = connection.core().runtime().replyWindows();
                budget.took(length);
                context.write(bytes).addListener(sent -> budget.gave(length));
            }
        }
    }

    private void writeHead(HttpExchange exchange, Reply reply, boolean keepAlive, long length) {
        encodeHead(exchange, reply, keepAlive, length);
        HeadEncoder head = connection.headEncoder();
        ChannelHandlerContext context = connection.context();
        ByteBuf out = context.alloc().directBuffer(head.length());
        head.copyTo(out);
        context.write(out, context.voidPromise());
    }

    private void encodeHead(HttpExchange exchange, Reply reply, boolean keepAlive, long length) {
        HeadEncoder head = connection.headEncoder();
        head.begin(reply.status());
        head.fields(reply.headers());
        head.raw(connection.core().date());
        if (length >= 0) head.contentLength(length);
        else if (length == CHUNKS) head.chunked();
        head.connection(keepAlive, isOld(exchange));
        head.end();
    }

    private static boolean isOld(HttpExchange exchange) {
        return !HttpVersion.HTTP_1_1.equals(exchange.request().version());
    }

    private static boolean allowsBody(int status) {
        return status != NO_CONTENT && status != NOT_MODIFIED;
    }
}
