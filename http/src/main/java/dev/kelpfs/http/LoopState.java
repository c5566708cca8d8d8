package dev.kelpfs.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the connections of one server on one event loop share. Confined to that loop. */
final class LoopState {
    private final HeadEncoder headEncoder = new HeadEncoder();
    private final Set<Connection> connections = new HashSet<>();
    private final Runnable onRemoved;

    /** @param onRemoved called whenever a connection is gone */
    LoopState(Runnable onRemoved) {
        this.onRemoved = onRemoved;
    }

    HeadEncoder headEncoder() {
        return headEncoder;
    }

    void add(Connection connection) {
        connections.add(connection);
    }

    void remove(Connection connection) {
        if (connections.remove(connection)) onRemoved.run();
    }

    /** All connections now; they may come and go while the caller walks through them. */
    List<Connection> connections() {
        return new ArrayList<>(connections);
    }
}
