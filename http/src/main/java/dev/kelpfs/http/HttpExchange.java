package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An exchange of one {@link Connection}. */
final class HttpExchange implements Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);
    private static final int FIRST_SERVER_ERROR = 500;

    private final Connection connection;
    private final Request request;
    private final long startNanos;
    private final boolean keepAliveWanted;
    private final AtomicBoolean replied = new AtomicBoolean();
    // The event loop only; collected also by whoever drops an answer after the loop has stopped.
    private @Nullable ByteBuf collected;
    private @Nullable ReplyStream stream;

    HttpExchange(Connection connection, Request request, boolean keepAliveWanted, long startNanos) {
        this.connection = connection;
        this.request = request;
        this.keepAliveWanted = keepAliveWanted;
        this.startNanos = startNanos;
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public ByteBufAllocator allocator() {
        return connection.allocator();
    }

    @Override
    public boolean streamsAreBetter() {
        return connection.core().runtime().replyWindows().isTight();
    }

    @Override
    public boolean collectingIsTooDear() {
        return IncomingBody.counts(request.contentLength()) && connection.core().runtime().collectedBodies().isTight();
    }

    @Override
    public void collect(int maxBytes, Consumer<ByteBuf> then) {
        connection.collect(this, maxBytes, then);
    }

    @Override
    public void later(Runnable work) {
        connection.loop().execute(() -> {
            try {
                work.run();
            } catch (RuntimeException failure) {
                failUnlessReplied(failure);
            }
        });
    }

    @Override
    public void offload(BlockingHandler handler) {
        connection.streamBody(this);
        start(connection.core().runtime().handlers(), () -> runBlocking(handler));
    }

    @Override
    public void offload(Executor pool, Callable<Reply> work) {
        start(pool, () -> runBlocking(unused -> work.call()));
    }

    @Override
    public void reply(Reply reply) {
        if (!replied.compareAndSet(false, true)) {
            reply.release();
            throw new IllegalStateException("this request is answered already: " + request.method() + " " + request.rawPath());
        }
        deliver(reply);
    }

    @Override
    public void fail(Throwable failure) {
        reply(errorReply(failure));
    }

    /** Answers a failure that the server noticed itself; it is only logged if the handler has answered already. */
    void failUnlessReplied(Throwable failure) {
        if (replied.compareAndSet(false, true)) deliver(errorReply(failure));
        else if (!(failure instanceof HttpException || failure instanceof RequestBodyException)) {
            LOG.error("{} {}: the handler failed after its answer", request.method(), request.rawPath(), failure);
        }
    }

    /** Sends an answer in place of one that could not be begun. */
    void deliver(Reply reply) {
        if (connection.loop().inEventLoop()) {
            connection.send(this, reply);
            return;
        }
        try {
            connection.loop().execute(() -> connection.send(this, reply));
        } catch (RejectedExecutionException stopped) {
            drop(reply);
        }
    }

    Reply errorReply(Throwable failure) {
        Reply reply;
        try {
            reply = connection.core().options().errors().replyTo(request, failure);
        } catch (RuntimeException broken) {
            LOG.error("{} {}: no error answer could be made", request.method(), request.rawPath(), broken);
            reply = Reply.error(FIRST_SERVER_ERROR, "internal error");
        }
        if (reply.status() >= FIRST_SERVER_ERROR && !(failure instanceof HttpException)) {
            LOG.error("{} {} failed", request.method(), request.rawPath(), failure);
        }
        return reply;
    }

    boolean isKeepAliveWanted() {
        return keepAliveWanted;
    }

    boolean isHead() {
        return HttpMethod.HEAD.equals(request.method());
    }

    long startNanos() {
        return startNanos;
    }

    void keepCollected(ByteBuf bytes) {
        collected = bytes;
    }

    @Nullable ByteBuf collected() {
        return collected;
    }

    void streamIs(ReplyStream running) {
        stream = running;
    }

    /** Nobody waits for this answer any more. */
    void drop(Reply reply) {
        reply.release();
        releaseCollected();
    }

    /** The client has its answer, or left: stops a stream that still runs. */
    void end() {
        if (stream != null) stream.cut();
        stream = null;
    }

    /**
     * The handler is through with the collected body, as it has answered. Not earlier, whatever becomes of the client:
     * the handler may be reading it on another thread.
     */
    void releaseCollected() {
        ByteBuf bytes = collected;
        collected = null;
        if (bytes != null) bytes.release();
    }

    private void start(Executor executor, Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException busy) {
            fail(new HttpException(503, "too many requests are waiting; try again in a moment"));
        }
    }

    private void runBlocking(BlockingHandler handler) {
        Reply reply;
        try {
            reply = handler.handle(request);
        } catch (Throwable failure) {
            failUnlessReplied(failure);
            return;
        }
        if (reply.replyBody() instanceof ReplyBody.Stream body && ReplyWriter.sendsBody(this, reply)) {
            if (!replied.compareAndSet(false, true)) throw new IllegalStateException("this request is answered already");
            // This thread may wait, so it writes the body itself.
            new ReplyStream(connection, this, reply, body).run();
        } else {
            reply(reply);
        }
    }
}
