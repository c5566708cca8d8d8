package dev.kelpfs.http.client;

import dev.kelpfs.core.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One connection to one peer, with at most one exchange on it. Confined to its event loop, but for {@link #onLoop}. */
final class PeerConnection extends ChannelInboundHandlerAdapter {
    private final PeerPool pool;
    private final Channel channel;
    private final Ticker ticker;

    private @Nullable PeerExchange exchange;
    /** Completes when the request is out. */
    private @Nullable ChannelFuture sent;
    private boolean answering;
    private boolean skipping;
    private boolean keepAlive;
    private int exchanges;
    private long movedAtNanos;
    private long pendingBytes;

    PeerConnection(PeerPool pool, Channel channel, Ticker ticker) {
        this.pool = pool;
        this.channel = channel;
        this.ticker = ticker;
        this.movedAtNanos = ticker.nanos();
    }

    /** The connection is made and can be used. */
    void ready() {
        if (channel.isActive()) pool.free(this);
        else pool.gone(this);
    }

    boolean isOpen() {
        return channel.isActive();
    }

    /** Runs a task on the event loop of this connection; for any thread. */
    void onLoop(Runnable task) {
        if (channel.eventLoop().inEventLoop()) task.run();
        else if (!channel.eventLoop().isShuttingDown()) channel.eventLoop().execute(task);
    }

    void begin(PeerExchange next) {
        exchange = next;
        answering = false;
        exchanges++;
        movedAtNanos = ticker.nanos();
        next.begun(this);
        PeerRequest request = next.request();
        channel.write(RequestHead.of(request, channel.alloc()));
        ChannelFuture last = null;
        for (ByteBuf piece : request.body()) last = channel.write(piece.retainedDuplicate());
        channel.flush();
        // What is flushed into the socket at once needs no waiting for.
        sent = last != null && !last.isDone() ? last : null;
        pendingBytes = pending();
    }

    void reading(boolean wanted) {
        channel.config().setAutoRead(wanted);
    }

    /** The reader of this exchange has room again. */
    void readingFor(PeerExchange reader) {
        if (exchange != reader) return;
        movedAtNanos = ticker.nanos();
        reading(true);
    }

    /** Nobody wants the rest of this exchange. */
    void abandon(PeerExchange unwanted) {
        if (exchange == unwanted) finish(false);
    }

    /** Ends what has waited too long. */
    void checkPatience(Duration idleLife) {
        PeerExchange running = exchange;
        if (running == null) {
            if (ticker.since(movedAtNanos).compareTo(idleLife) > 0) channel.close();
            return;
        }
        long pending = pending();
        if (pending < pendingBytes || running.isReaderBehind()) movedAtNanos = ticker.nanos();
        pendingBytes = pending;
        Duration patience = running.request().patience();
        if (ticker.since(movedAtNanos).compareTo(patience) > 0) {
            String what = pending > 0 ? "took no data" : answering ? "sent no more of its answer" : "did not answer";
            fail(PeerFailure.TIMEOUT, what + " for " + patience.toMillis() / 1e3 + " s");
        }
    }

    void close() {
        if (exchange != null) fail(PeerFailure.BROKEN, "this server is stopping");
        else channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        PeerExchange running = exchange;
        if (running == null || !(message instanceof HttpObject part) || part.decoderResult().isFailure()) {
            boolean malformed = running != null && message instanceof HttpObject;
            ReferenceCountUtil.release(message);
            if (malformed) fail(PeerFailure.BROKEN, "sent no proper HTTP answer");
            else channel.close();
            return;
        }
        movedAtNanos = ticker.nanos();
        if (part instanceof HttpResponse head) begins(running, head);
        if (!(part instanceof HttpContent content)) return;
        boolean last = content instanceof LastHttpContent;
        if (skipping) {
            content.release();
            if (last) skipping = false;
            return;
        }
        String refusal = running.content(content.content());
        if (!refusal.isEmpty()) fail(PeerFailure.BROKEN, refusal);
        else if (last) finish(true);
    }

    private void begins(PeerExchange running, HttpResponse head) {
        skipping = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (skipping) return;
        answering = true;
        keepAlive = HttpUtil.isKeepAlive(head);
        running.head(head);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        PeerExchange running = exchange;
        boolean unlucky = running != null && !answering && exchanges > 1 && running.takeRepeat();
        if (unlucky) {
            // The peer closed a connection that had been kept, before it saw this request.
            exchange = null;
            pool.gone(this);
            pool.startOnNew(running);
            return;
        }
        if (running != null) fail(PeerFailure.BROKEN, "closed the connection " + (answering ? "within its answer" : "without an answer"));
        pool.gone(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset is told apart from nothing else: channelInactive follows and decides what it means.
        if (exchange != null && !(cause instanceof IOException)) fail(PeerFailure.BROKEN, "failed: " + cause);
        channel.close();
    }

    private void finish(boolean complete) {
        PeerExchange done = exchange;
        boolean reusable = complete && keepAlive && (sent == null || sent.isDone());
        if (!reusable) {
            exchange = null;
            // Closing lets go of the request's buffers, which the end of the exchange promises.
            channel.close();
            if (complete && done != null) done.end();
            return;
        }
        exchange = null;
        sent = null;
        channel.config().setAutoRead(true);
        pool.free(this);
        if (done != null) done.end();
    }

    private void fail(PeerFailure kind, String reason) {
        PeerExchange failed = exchange;
        exchange = null;
        channel.close();
        if (failed != null) failed.fail(kind, failed.request().peer() + " " + reason);
    }

    private long pending() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        return out == null ? 0 : out.totalPendingWriteBytes();
    }
}
