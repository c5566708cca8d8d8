package dev.kelpfs.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What all connections of one server share: its options, the count of connections, the {@code Date} header, and the
 * regular look at every connection's patience. Safe for all threads.
 */
final class ServerCore {
    private static final long LONGEST_LOOK_MILLIS = 500;
    private static final long SHORTEST_LOOK_MILLIS = 10;
    private static final int LOOKS_PER_TIMEOUT = 8;

    private final HttpRuntime runtime;
    private final HttpServerOptions options;
    private final Routes routes;
    /** One entry per event loop; filled at construction, then only read. */
    private final Map<EventExecutor, LoopState> loops = new HashMap<>();
    private final List<ScheduledFuture<?>> looks = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition connectionGone = lock.newCondition();
    /** Guarded by lock. */
    private int connections;

    private volatile boolean draining;
    private volatile byte[] date;
    /** Written by the first event loop only. */
    private long dateSecond;

    ServerCore(HttpRuntime runtime, HttpServerOptions options, Routes routes) {
        this.runtime = runtime;
        this.options = options;
        this.routes = routes;
        Instant now = runtime.clock().instant();
        dateSecond = now.getEpochSecond();
        date = dateLine(now);
    }

    /** Begins to look at connections regularly. */
    void start() {
        long every = lookEveryMillis(options.timeouts());
        boolean first = true;
        for (EventExecutor loop : runtime.loops()) {
            LoopState state = new LoopState(this::removeConnection);
            loops.put(loop, state);
            boolean writesDate = first;
            Runnable look = () -> look(state, writesDate);
            looks.add(loop.scheduleWithFixedDelay(look, every, every, TimeUnit.MILLISECONDS));
            first = false;
        }
    }

    HttpRuntime runtime() {
        return runtime;
    }

    HttpServerOptions options() {
        return options;
    }

    Routes routes() {
        return routes;
    }

    LoopState loopState(EventLoop loop) {
        LoopState state = loops.get(loop);
        if (state == null) throw new IllegalStateException("a connection on an event loop of another runtime");
        return state;
    }

    /** The line of the {@code Date} header. */
    byte[] date() {
        return date;
    }

    /** Monotonic time, or 0 if nobody would see it. */
    long nowForObserver() {
        return options.observer() == ExchangeObserver.NONE ? 0 : runtime.ticker().nanos();
    }

    boolean isDraining() {
        return draining;
    }

    /** Counts a new connection. @return false if there are too many */
    boolean addConnection() {
        lock.lock();
        try {
            if (connections >= options.limits().maxConnections()) return false;
            connections++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void removeConnection() {
        lock.lock();
        try {
            connections--;
            connectionGone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets connections finish what they are at; those still there at the end are cut. */
    void drain() {
        draining = true;
        loops.forEach((loop, state) -> loop.execute(() -> state.connections().forEach(Connection::drain)));
        if (!awaitNoConnections(options.timeouts().drain())) {
            loops.forEach((loop, state) -> loop.execute(() -> state.connections().forEach(Connection::cutNow)));
            awaitNoConnections(Duration.ofSeconds(1));
        }
        looks.forEach(look -> look.cancel(false));
    }

    private boolean awaitNoConnections(Duration atMost) {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (connections > 0 && left > 0) left = connectionGone.awaitNanos(left);
            return connections == 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void look(LoopState state, boolean writesDate) {
        if (writesDate) {
            Instant now = runtime.clock().instant();
            if (now.getEpochSecond() != dateSecond) {
                dateSecond = now.getEpochSecond();
                date = dateLine(now);
            }
        }
        long nowNanos = runtime.ticker().nanos();
        for (Connection connection : state.connections()) connection.look(nowNanos);
    }

    private static byte[] dateLine(Instant now) {
        return ("Date: " + HttpDates.format(now) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static long lookEveryMillis(HttpTimeouts timeouts) {
        long shortest = Long.MAX_VALUE;
        for (Duration time : List.of(timeouts.idle(), timeouts.head(), timeouts.body(), timeouts.linger())) {
            shortest = Math.min(shortest, time.toMillis());
        }
        return Math.clamp(shortest / LOOKS_PER_TIMEOUT, SHORTEST_LOOK_MILLIS, LONGEST_LOOK_MILLIS);
    }
}
