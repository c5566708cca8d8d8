package dev.kelpfs.http.client;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.HttpRuntime;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Speaks HTTP to other servers over kept connections. At most 64 connections to a peer from each event loop; more exchanges
 * wait, up to 1024, and further ones fail at once. A request that met a kept connection which the peer had just closed is
 * sent once more; apart from that, every request is sent once. Safe for all threads.
 */
public final class PeerClient implements AutoCloseable {
    private static final int CLOSE_SECONDS = 2;

    private final List<LoopPeers> loops = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    /** Uses the event loops of {@code runtime}; nothing is connected yet. */
    public PeerClient(HttpRuntime runtime, Ticker ticker) {
        for (EventExecutor loop : runtime.loops()) loops.add(new LoopPeers((EventLoop) loop, runtime, ticker));
    }

    /**
     * Sends a request and takes in the whole answer, of at most 64 KiB. On an event loop the exchange stays on that loop.
     *
     * @param then told the outcome, once, on an event loop; must not block. From then on the buffers of the request are not
     *     touched any more
     */
    public void send(PeerRequest request, Consumer<PeerOutcome> then) {
        start(new CollectedExchange(request, then));
    }

    /**
     * Sends a request and waits for the head of the answer. For virtual threads. The caller closes the answer.
     *
     * @throws PeerException if there was no answer; the message names the peer
     */
    public PeerAnswer open(PeerRequest request) throws PeerException, InterruptedException {
        StreamedExchange exchange = new StreamedExchange(request);
        start(exchange);
        return exchange.awaitHead();
    }

    private void start(PeerExchange exchange) {
        LoopPeers loop = loop();
        try {
            loop.run(() -> loop.start(exchange));
        } catch (RejectedExecutionException stopped) {
            exchange.fail(PeerFailure.BROKEN, "this server has stopped");
        }
    }

    private LoopPeers loop() {
        for (LoopPeers loop : loops) {
            if (loop.isCurrent()) return loop;
        }
        return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    }

    /** Fails what is under way and closes all connections; waits until that is done. Not for event loops. */
    @Override
    public void close() {
        CountDownLatch closed = new CountDownLatch(loops.size());
        for (LoopPeers loop : loops) {
            try {
                loop.run(() -> {
                    loop.close();
                    closed.countDown();
                });
            } catch (RejectedExecutionException stopped) {
                closed.countDown();
            }
        }
        try {
            closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
