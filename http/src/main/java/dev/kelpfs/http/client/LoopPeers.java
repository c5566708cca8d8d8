package dev.kelpfs.http.client;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.HttpRuntime;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** All peers of one event loop. Confined to that loop, but for the constructor and {@link #run}. */
final class LoopPeers {
    private static final int TIDY_MILLIS = 250;

    private final EventLoop loop;
    private final HttpRuntime runtime;
    private final Ticker ticker;
    private final Map<String, PeerPool> pools = new HashMap<>();
    private boolean tidying;
    private boolean closed;

    LoopPeers(EventLoop loop, HttpRuntime runtime, Ticker ticker) {
        this.loop = loop;
        this.runtime = runtime;
        this.ticker = ticker;
    }

    boolean isCurrent() {
        return loop.inEventLoop();
    }

    /** Runs a task on the loop; throws {@link java.util.concurrent.RejectedExecutionException} when it has ended. */
    void run(Runnable task) {
        if (loop.inEventLoop()) task.run();
        else loop.execute(task);
    }

    void start(PeerExchange exchange) {
        if (closed) {
            exchange.fail(PeerFailure.BROKEN, "this server is stopping");
            return;
        }
        String peer = exchange.request().peer();
        pools.computeIfAbsent(peer, name -> new PeerPool(new PeerConnector(loop, runtime, ticker, name))).start(exchange);
        if (!tidying) tidyLater();
    }

    private void tidyLater() {
        tidying = true;
        loop.schedule(this::tidy, TIDY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tidy() {
        tidying = false;
        // A copy, as what fails here may begin something new.
        for (Map.Entry<String, PeerPool> entry : List.copyOf(pools.entrySet())) {
            if (!entry.getValue().tidy()) pools.remove(entry.getKey(), entry.getValue());
        }
        if (!pools.isEmpty() && !closed) tidyLater();
    }

    void close() {
        closed = true;
        List.copyOf(pools.values()).forEach(PeerPool::close);
        pools.clear();
    }
}
