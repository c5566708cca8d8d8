package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: takes requests from the decoder one at a time, lets handlers answer them, and closes when it
 * must. All fields and methods are confined to its event loop, unless said otherwise.
 *
 * <p>What always holds: at most one exchange is current; the gate of the decoder is open only if the next thing that it
 * decodes has a place to go to; after {@code closing} is set no handler is called any more.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final ServerCore core;
    private final LoopState loopState;
    private final RequestDecoder decoder;
    private final ReplyWriter writer = new ReplyWriter(this);
    private final IncomingBody body;
    private final Patience patience;
    private ChannelHandlerContext context;
    private @Nullable HttpExchange current;
    private long requests;
    private boolean answered;
    private boolean continueOwed;
    private boolean inputEnded;
    private boolean closing;
    private boolean lingering;
    private boolean headRefused;
    private boolean unflushed;

    Connection(ServerCore core, LoopState loopState) {
        this.core = core;
        this.loopState = loopState;
        this.decoder = new RequestDecoder(core.options().limits(), this);
        this.body = new IncomingBody(core.runtime().collectedBodies());
        this.patience = new Patience(core.options().timeouts(), core.runtime().ticker().nanos());
    }

    RequestDecoder decoder() {
        return decoder;
    }

    ReplyWriter writer() {
        return writer;
    }

    ServerCore core() {
        return core;
    }

    ChannelHandlerContext context() {
        return context;
    }

    HeadEncoder headEncoder() {
        return loopState.headEncoder();
    }

    /** The loop of this connection; any thread may ask. */
    EventLoop loop() {
        return context.channel().eventLoop();
    }

    /** Buffers; any thread may ask. */
    ByteBufAllocator allocator() {
        return context.alloc();
    }

    /** Whether the kernel can move bytes of files to this socket; any thread may ask. Nobody between may have to see them. */
    boolean sendsFiles() {
        return context.channel() instanceof UnixChannel && context.pipeline().first() == decoder;
    }

    /** Bytes of a file for this connection that {@link #sendsFiles}; any thread may ask. */
    KernelRegion region(FileBytes bytes) {
        return new KernelRegion(bytes, (UnixChannel) context.channel());
    }

    boolean isCurrent(HttpExchange exchange) {
        return current == exchange && !answered && context.channel().isActive();
    }

    /** Whether the decoder must wait. */
    boolean isGateClosed() {
        if (closing) return true;
        // A client that sends requests and takes no answers gets no further.
        return current == null ? !context.channel().isWritable() : !body.wantsBytes();
    }

    boolean awaitsHead() {
        return current == null;
    }

    boolean isLingering() {
        return lingering;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        loopState.add(this);
        added.channel().closeFuture().addListener(closed -> loopState.remove(this));
        // Asked now, the channel still knows it after it is closed.
        added.channel().remoteAddress();
        added.channel().localAddress();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest head) {
            onHead(head);
        } else if (message instanceof HttpContent content) {
            onContent(content);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        settle();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) resume();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof ChannelInputShutdownReadComplete) {
            inputEnded = true;
            settle();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        HttpExchange exchange = current;
        current = null;
        if (exchange == null) return;
        body.breakOff(new RequestBodyException(400, "the client closed the connection within its request"));
        if (!answered) observeEnd(exchange, 0);
        exchange.end();
        body.releaseTargets();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) LOG.debug("connection {} broke", ctx.channel(), cause);
        else LOG.warn("connection {} is closed after an unexpected failure", ctx.channel(), cause);
        ctx.close();
    }

    /** Brings the whole body to {@code then}; see {@link Exchange#collect}. */
    void collect(HttpExchange exchange, int maxBytes, Consumer<ByteBuf> then) {
        if (current != exchange) return;
        if (body.isComplete()) {
            handOver(exchange, then);
        } else if (!body.isUndecided()) {
            throw new IllegalStateException("the body of this request has a taker already");
        } else if (body.announcedBytes() > maxBytes) {
            exchange.fail(new HttpException(413, "the body has " + body.announcedBytes() + " bytes, at most " + maxBytes
                    + " are taken here"));
        } else {
            body.collect(maxBytes, then);
            sendContinue();
            resume();
        }
    }

    /** Lets the body flow to the handler of a virtual thread as soon as that reads: until then it may wait for something else. */
    void streamBody(HttpExchange exchange) {
        if (current != exchange || !body.isUndecided()) return;
        BodyQueue queue = new BodyQueue(
                core.options().limits().requestWindowBytes(), core.runtime().requestWindows(),
                () -> onLoop(exchange, () -> {
                    sendContinue();
                    moreBody();
                }),
                () -> onLoop(exchange, this::moreBody));
        exchange.request().bodyComesFrom(queue);
        body.stream(queue);
    }

    private void moreBody() {
        body.queueHasRoom();
        resume();
    }

    /** Writes an answer, unless nobody waits for it any more. */
    void send(HttpExchange exchange, Reply reply) {
        if (!isCurrent(exchange)) {
            exchange.drop(reply);
            return;
        }
        try {
            writer.write(exchange, reply);
        } catch (RuntimeException bug) {
            // Half of an answer may be out; nothing but an end of the connection can follow it.
            LOG.error("the answer to {} {} could not be written", exchange.request().method(), exchange.request().rawPath(), bug);
            exchange.drop(reply);
            cutNow();
        }
    }

    boolean mayKeepAlive(HttpExchange exchange, Reply reply) {
        return exchange.isKeepAliveWanted()
                && !reply.isClosing()
                && !core.isDraining()
                && !continueOwed
                && body.isDrainable(core.options().limits().drainBytes());
    }

    /** The last byte of an answer is written. */
    void answered(HttpExchange exchange, int status, boolean keepAlive) {
        answered = true;
        observeEnd(exchange, status);
        exchange.releaseCollected();
        if (keepAlive) body.discard();
        flushSoon();
        if (keepAlive) advance();
        else closeAfterFlush();
    }

    /** Closes at once, so that the client sees an incomplete answer. */
    void cutNow() {
        closing = true;
        context.close();
    }

    /** The server is closing: an idle connection goes now, a busy one after its answer. */
    void drain() {
        if (current == null && !closing) closeAfterFlush();
    }

    /** A look at the clock. */
    void look(long nowNanos) {
        var look = new Patience.Look(waiting(), requests, decoder.bytesIn(), ReplyWriter.outputMark(context.channel()));
        switch (patience.look(look, nowNanos)) {
            case WAIT -> { }
            case CLOSE -> cutNow();
            case HEAD_TOO_SLOW -> refuse(new HttpException(408, "the head of the request took too long"));
            case BODY_TOO_SLOW -> {
                breakOff(new RequestBodyException(408, "the body of the request came too slowly"));
                settle();
            }
        }
    }

    private Patience.Waiting waiting() {
        if (lingering) return Patience.Waiting.GOODBYE;
        if (closing) return Patience.Waiting.HANDLER;
        if (current != null) return body.wantsBytes() ? Patience.Waiting.BODY : Patience.Waiting.HANDLER;
        return decoder.isHeadStarted() ? Patience.Waiting.REST_OF_HEAD : Patience.Waiting.REQUEST;
    }

    private void onHead(HttpRequest head) {
        HttpExchange exchange;
        try {
            if (head.decoderResult().isFailure()) throw HeadRules.undecodable(head.decoderResult().cause());
            requests++;
            long length = HeadRules.bodyLength(head, core.options().limits().maxHeaders());
            RequestTarget target = RequestTarget.parse(head.uri());
            continueOwed = HeadRules.expectsContinue(head) && length != 0;
            body.begin(length);
            Request request = new Request(head, target, length, context.channel());
            exchange = new HttpExchange(this, request, HttpUtil.isKeepAlive(head), core.nowForObserver());
        } catch (HttpException bad) {
            ReferenceCountUtil.release(head);
            refuse(bad);
            return;
        }
        current = exchange;
        answered = false;
        try {
            long max = core.options().limits().maxBodyBytes();
            if (body.announcedBytes() > max) {
                throw new HttpException(413, "the body has " + body.announcedBytes() + " bytes, at most " + max + " are taken");
            }
            core.routes().find(exchange.request()).handle(exchange);
        } catch (Throwable failure) {
            exchange.failUnlessReplied(failure);
        }
    }

    private void onContent(HttpContent content) {
        HttpExchange exchange = current;
        if (exchange == null || closing) {
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            breakOff(new RequestBodyException(400, "the chunks of the body are malformed"));
            return;
        }
        if (content.content().isReadable()) continueOwed = false;
        HttpLimits limits = core.options().limits();
        switch (body.accept(content.content(), context.alloc(), limits.maxBodyBytes(), limits.drainBytes())) {
            case TOO_LARGE -> breakOff(new RequestBodyException(413, "the body is larger than what is taken here"));
            case TOO_MUCH_DISCARDED -> closeAfterFlush();
            case YES -> {
                if (content instanceof LastHttpContent && !body.isComplete()) endBody(exchange);
            }
        }
    }

    private void endBody(HttpExchange exchange) {
        Consumer<ByteBuf> then = body.end();
        if (then != null) {
            exchange.keepCollected(body.takeCollected(context.alloc()));
            handOver(exchange, then);
        } else if (answered) {
            advance();
        }
    }

    private void handOver(HttpExchange exchange, Consumer<ByteBuf> then) {
        ByteBuf bytes = exchange.collected();
        try {
            then.accept(bytes == null ? Unpooled.EMPTY_BUFFER : bytes);
        } catch (Throwable failure) {
            exchange.failUnlessReplied(failure);
        }
    }

    /** The rest of the current body will not come, or cannot be taken. */
    private void breakOff(RequestBodyException cause) {
        HttpExchange exchange = current;
        if (exchange == null) return;
        boolean collecting = body.breakOff(cause);
        if (answered) closeAfterFlush();
        else if (collecting) exchange.failUnlessReplied(cause);
    }

    /** The exchange is over as soon as the rest of its body has come; then it is the turn of the next one. */
    private void advance() {
        if (body.isComplete()) {
            HttpExchange exchange = current;
            current = null;
            body.releaseTargets();
            if (exchange != null) exchange.end();
            if (core.isDraining()) {
                closeAfterFlush();
                return;
            }
        }
        resume();
    }

    private void resume() {
        if (closing || decoder.isDecoding()) return;
        try {
            decoder.resume();
        } catch (Exception failure) {
            exceptionCaught(context, failure);
        }
        settle();
    }

    /** After everything that was to be decoded is decoded: sends what was written, and notices an end of the input. */
    private void settle() {
        if (unflushed) {
            unflushed = false;
            context.flush();
        }
        if (!inputEnded || decoder.isDecoding()) return;
        if (lingering) {
            cutNow();
        } else if (current == null && !closing) {
            closeAfterFlush();
        } else if (current != null && body.wantsBytes()) {
            breakOff(new RequestBodyException(400, "the body ended after " + body.receivedBytes() + " bytes"
                    + (body.announcedBytes() < 0 ? "" : " of " + body.announcedBytes())));
        }
    }

    private void flushSoon() {
        if (decoder.isDecoding()) unflushed = true;
        else context.flush();
    }

    private void refuse(HttpException reason) {
        headRefused = true;
        writer.refuse(reason);
        closeAfterFlush();
    }

    private void closeAfterFlush() {
        if (closing) return;
        closing = true;
        // Closing while the client still sends would make the system throw away the answer on its way.
        boolean more = current == null ? decoder.holdsBytes() : !body.isComplete() || body.isBroken();
        boolean linger = !inputEnded && (more || headRefused);
        HttpExchange exchange = current;
        current = null;
        body.releaseTargets();
        if (exchange != null) exchange.end();
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (linger && written.isSuccess()) linger();
            else context.close();
        });
    }

    private void linger() {
        lingering = true;
        if (context.channel() instanceof DuplexChannel channel) channel.shutdownOutput();
        context.channel().config().setAutoRead(true);
    }

    private void sendContinue() {
        if (!continueOwed) return;
        continueOwed = false;
        writer.writeContinue();
    }

    private void observeEnd(HttpExchange exchange, int status) {
        ExchangeObserver observer = core.options().observer();
        if (observer == ExchangeObserver.NONE) return;
        observer.completed(exchange.request(), status, core.runtime().ticker().nanos() - exchange.startNanos());
    }

    /** Runs {@code task} on the loop while this exchange is current; any thread may call. */
    private void onLoop(HttpExchange exchange, Runnable task) {
        try {
            loop().execute(() -> {
                if (current == exchange) task.run();
            });
        } catch (RejectedExecutionException stopped) {
            LOG.debug("the event loop has stopped already", stopped);
        }
    }
}
