package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One request and its one answer. The next request of the same connection is not looked at before this one is answered.
 *
 * <p>{@link #collect} and {@link #offload} are for the event loop, one of them at most once per stage; {@link #reply} and
 * {@link #fail} are for any thread, one of them exactly once. If the client leaves before, the answer is dropped.
 */
public interface Exchange {
    Request request();

    /**
     * Brings the whole body to {@code then}, on the event loop: at once if it is here already. The buffer belongs to
     * the exchange and lives until the answer is handed over; {@code retain()} it to keep it longer. Larger than
     * {@code maxBytes}: answered 413. Cut short: {@code then} is never called. What {@code then} throws is answered by
     * the {@link ErrorReplies}.
     */
    void collect(int maxBytes, Consumer<ByteBuf> then);

    /**
     * Goes on here, on the event loop, after other connections have had their turn: for work that found something busy
     * and expects it to be free in microseconds. What {@code work} throws is answered by the {@link ErrorReplies}. Bound
     * how often you call it for one request.
     */
    void later(Runnable work);

    /** Goes on with a handler on a virtual thread; unless collected before, the body is there as a stream. */
    void offload(BlockingHandler handler);

    /**
     * Goes on in {@code pool}; a body not collected before is not available. If the pool refuses, 503 is answered.
     */
    void offload(Executor pool, Callable<Reply> work);

    /**
     * Answers. The server releases the reply's buffers in every case.
     *
     * @throws IllegalStateException if it was answered already
     */
    void reply(Reply reply);

    /** Answers with what the server's {@link ErrorReplies} makes of {@code failure}. */
    void fail(Throwable failure);

    /**
     * Whether so many clients are slow to take their answers that a large one is better produced while it is sent than held.
     * Any thread may ask.
     */
    boolean streamsAreBetter();

    /**
     * Whether so many bodies are being collected that this one had better not be, too; its handler may wait for memory, and
     * have it as a stream. Small ones may always be. Any thread may ask.
     */
    boolean collectingIsTooDear();

    /** Buffers that are cheap on this event loop; direct ones, pooled. */
    ByteBufAllocator allocator();
}
