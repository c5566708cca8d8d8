package dev.kelpfs.http.client;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The connections of one event loop to one peer, and the exchanges that wait for one. Confined to that loop. The connection
 * that was used last is used next, so that few are kept when little is to do.
 */
final class PeerPool {
    private static final int MOST_CONNECTIONS = 64;
    private static final int MOST_WAITING = 1024;
    /** Less than any server keeps an idle connection. */
    private static final Duration IDLE_LIFE = Duration.ofSeconds(20);

    private final PeerConnector connector;
    private final Deque<PeerConnection> idle = new ArrayDeque<>();
    private final Set<PeerConnection> all = new LinkedHashSet<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int connecting;
    private boolean closed;

    /** @param sinceNanos when it began to wait */
    private record Waiting(PeerExchange exchange, long sinceNanos) {}

    PeerPool(PeerConnector connector) {
        this.connector = connector;
    }

    void start(PeerExchange exchange) {
        for (PeerConnection free = idle.pollLast(); free != null; free = idle.pollLast()) {
            if (!free.isOpen()) continue;
            free.begin(exchange);
            return;
        }
        startOnNew(exchange);
    }

    /** Starts it on a connection that nobody has used, or as soon as one becomes free. */
    void startOnNew(PeerExchange exchange) {
        if (waiting.size() >= MOST_WAITING) {
            exchange.fail(PeerFailure.BUSY, exchange.request().peer() + " is behind: " + MOST_WAITING + " requests wait for it");
            return;
        }
        waiting.addLast(new Waiting(exchange, connector.ticker().nanos()));
        connectIfUseful();
    }

    private void connectIfUseful() {
        if (closed || connecting >= waiting.size() || all.size() + connecting >= MOST_CONNECTIONS) return;
        connecting++;
        connector.connect(this::connected, this::refused);
    }

    private PeerConnection connected(Channel channel) {
        connecting--;
        PeerConnection connection = new PeerConnection(this, channel, connector.ticker());
        if (closed) channel.close();
        all.add(connection);
        return connection;
    }

    /** The peer takes no connection: whoever waits for one would wait in vain. */
    private void refused(PeerFailure kind, String reason) {
        connecting--;
        if (!all.isEmpty()) {
            Waiting first = waiting.pollFirst();
            if (first != null) first.exchange.fail(kind, reason);
            return;
        }
        List<Waiting> hopeless = new ArrayList<>(waiting);
        waiting.clear();
        hopeless.forEach(one -> one.exchange.fail(kind, reason));
    }

    /** This connection has nothing to do. */
    void free(PeerConnection connection) {
        Waiting next = waiting.pollFirst();
        if (next != null) connection.begin(next.exchange);
        else idle.addLast(connection);
    }

    /** This connection is closed. */
    void gone(PeerConnection connection) {
        all.remove(connection);
        idle.remove(connection);
        connectIfUseful();
    }

    /** Called every now and then. @return whether there is anything left to look after */
    boolean tidy() {
        for (PeerConnection connection : List.copyOf(all)) connection.checkPatience(IDLE_LIFE);
        while (!waiting.isEmpty()) {
            Waiting first = waiting.peekFirst();
            Duration patience = first.exchange.request().patience();
            if (connector.ticker().since(first.sinceNanos).compareTo(patience) <= 0) break;
            waiting.removeFirst();
            first.exchange.fail(PeerFailure.TIMEOUT, first.exchange.request().peer() + " had no connection free for "
                    + patience.toMillis() / 1e3 + " s");
        }
        return !all.isEmpty() || !waiting.isEmpty() || connecting > 0;
    }

    void close() {
        closed = true;
        List<Waiting> left = new ArrayList<>(waiting);
        waiting.clear();
        left.forEach(one -> one.exchange.fail(PeerFailure.BROKEN, "this server is stopping"));
        List.copyOf(all).forEach(PeerConnection::close);
    }
}
