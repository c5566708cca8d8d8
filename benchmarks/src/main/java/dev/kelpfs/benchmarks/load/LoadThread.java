package dev.kelpfs.benchmarks.load;

import dev.kelpfs.core.Ticker;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** One thread of the own generator: a selector and its share of the connections. */
final class LoadThread implements Callable<LoadThread.Count> {
    /** Longer than any target that we make. */
    private static final int MAX_TARGET_BYTES = 512;

    private static final long SELECT_MILLIS = 50;

    private final Workload workload;
    private final Supplier<byte[]> targets;
    private final int connections;
    private final long durationNanos;
    private final Ticker ticker;
    private final byte[] head;
    private final byte[] rest;
    private final LatencyHistogram latencies = new LatencyHistogram();
    private long failures;

    /** What one thread saw. */
    record Count(LatencyHistogram latencies, long failures) {}

    LoadThread(Workload workload, Supplier<byte[]> targets, int connections, long durationNanos, Ticker ticker) {
        this.workload = workload;
        this.targets = targets;
        this.connections = connections;
        this.durationNanos = durationNanos;
        this.ticker = ticker;
        this.head = workload.head().getBytes(StandardCharsets.US_ASCII);
        byte[] tail = workload.tail().getBytes(StandardCharsets.US_ASCII);
        byte[] body = workload.body();
        this.rest = new byte[tail.length + body.length];
        System.arraycopy(tail, 0, rest, 0, tail.length);
        System.arraycopy(body, 0, rest, tail.length, body.length);
    }

    @Override
    public Count call() throws IOException {
        List<LoadConnection> open = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) open.add(connect(selector));
            long start = ticker.nanos();
            for (LoadConnection connection : open) sendNext(connection);
            while (ticker.nanos() - start < durationNanos) {
                selector.select(key -> serve(key, selector, open), SELECT_MILLIS);
            }
        } finally {
            for (LoadConnection connection : open) connection.close();
        }
        return new Count(latencies, failures);
    }

    private LoadConnection connect(Selector selector) throws IOException {
        return LoadConnection.open(workload, selector, head.length + MAX_TARGET_BYTES + rest.length);
    }

    private void sendNext(LoadConnection connection) throws IOException {
        connection.send(head, targets.get(), rest, ticker.nanos());
    }

    private void serve(SelectionKey key, Selector selector, List<LoadConnection> open) {
        LoadConnection connection = (LoadConnection) key.attachment();
        try {
            if (key.isWritable()) connection.flush();
            if (!key.isReadable()) return;
            int status = connection.receive();
            if (status == 0) return;
            latencies.record(ticker.nanos() - connection.sentNanos());
            if (status < 200 || status >= 400) failures++;
            sendNext(connection);
        } catch (IOException broken) {
            failures++;
            replace(connection, selector, open);
        }
    }

    /** A broken connection counts as one failure; if no new one can be made, the thread goes on with fewer. */
    private void replace(LoadConnection broken, Selector selector, List<LoadConnection> open) {
        open.remove(broken);
        try {
            broken.close();
            LoadConnection fresh = connect(selector);
            open.add(fresh);
            sendNext(fresh);
        } catch (IOException unreachable) {
            failures++;
        }
    }
}
