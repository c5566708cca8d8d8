package dev.kelpfs.http;

import dev.kelpfs.core.Ticker;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What all HTTP servers of one process share: event loops, buffers, virtual threads for handlers that wait, clocks.
 * Made once per process, closed after the last server. Safe for all threads.
 */
public final class HttpRuntime implements AutoCloseable {
    private static final int PAGE_BYTES = 8 << 10;
    /** Chunks of 1 MiB: an arena that is idle keeps little. */
    private static final int CHUNK_ORDER = 7;
    /** Freed buffers that an event loop keeps at hand, per size. */
    private static final int SMALL_CACHED = 256;
    private static final int NORMAL_CACHED = 32;
    private static final int CLOSE_SECONDS = 5;

    /** Streamed bodies on their way in, and answers on their way out, each: an eighth of the direct memory of servers. */
    private static final long WINDOW_BYTES = 64 << 20;
    private static final long COLLECTED_BYTES = 32 << 20;

    private final WindowBudget requestWindows = new WindowBudget(WINDOW_BYTES);
    private final WindowBudget collectedBodies = new WindowBudget(COLLECTED_BYTES);
    private final WindowBudget replyWindows = new WindowBudget(WINDOW_BYTES);
    private final EventLoopGroup loops;
    private final boolean epoll;
    private final PooledByteBufAllocator allocator;
    private final ExecutorService handlers;
    private final InstantSource clock;
    private final Ticker ticker;

    private HttpRuntime(
            EventLoopGroup loops, boolean epoll, PooledByteBufAllocator allocator, ExecutorService handlers, InstantSource clock,
            Ticker ticker) {
        this.loops = loops;
        this.epoll = epoll;
        this.allocator = allocator;
        this.handlers = handlers;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * Starts the event loops; on epoll where the system has it.
     *
     * @param loopThreads event loop threads, at least 1; one per core is a good number
     * @param clock for the {@code Date} header
     * @param ticker for timeouts and durations
     */
    public static HttpRuntime start(int loopThreads, InstantSource clock, Ticker ticker) {
        return start(loopThreads, clock, ticker, Epoll.isAvailable());
    }

    static HttpRuntime start(int loopThreads, InstantSource clock, Ticker ticker, boolean epoll) {
        if (loopThreads < 1) throw new IllegalArgumentException("at least one event loop is needed, got " + loopThreads);
        IoHandlerFactory io = epoll ? SteadyEpoll.factory() : NioIoHandler.newFactory();
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(loopThreads, new DefaultThreadFactory("kelp-http", true), io);
        // One direct arena a loop; a single one on the heap, as bodies are direct.
        PooledByteBufAllocator allocator = new PooledByteBufAllocator(
                true, 1, loopThreads, PAGE_BYTES, CHUNK_ORDER, SMALL_CACHED, NORMAL_CACHED, false);
        ExecutorService handlers =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kelp-http-handler-", 0).factory());
        return new HttpRuntime(loops, epoll, allocator, handlers, clock, ticker);
    }

    /** The pooled buffers of this process; direct by default. */
    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** Memory outside the heap that the buffers take, those kept for the next request included. */
    public long bufferBytes() {
        return allocator.metric().usedDirectMemory();
    }

    /** Stops the event loops and interrupts handlers that still run; close the servers first. */
    @Override
    public void close() {
        handlers.shutdownNow();
        loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    /** The event loops, for who brings connections of its own. */
    public EventLoopGroup loops() {
        return loops;
    }

    /** The kind of connection that fits the event loops. */
    public Class<? extends Channel> channelType() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    Class<? extends ServerChannel> serverChannelType() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    WindowBudget requestWindows() {
        return requestWindows;
    }

    WindowBudget collectedBodies() {
        return collectedBodies;
    }

    WindowBudget replyWindows() {
        return replyWindows;
    }

    ExecutorService handlers() {
        return handlers;
    }

    InstantSource clock() {
        return clock;
    }

    Ticker ticker() {
        return ticker;
    }
}
