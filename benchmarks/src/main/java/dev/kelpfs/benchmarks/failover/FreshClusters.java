package dev.kelpfs.benchmarks.failover;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clusters started on empty directories, and the very first requests for an id: one at each of two masters, sent as soon as
 * its port is open, and never repeated.
 */
final class FreshClusters {
    private final Path weed;
    private final Asking asking;
    private final Ticker ticker;
    private final List<Long> plainMillis = new ArrayList<>();
    private final List<Long> copiedMillis = new ArrayList<>();
    private int refused;

    FreshClusters(Path weed, Asking asking, Ticker ticker) {
        this.weed = weed;
        this.asking = asking;
        this.ticker = ticker;
    }

    void measure(Form form) throws Exception {
        try (TestDirectory directory = TestDirectory.create("bench-fresh");
                Cluster cluster = new Cluster(form, weed, directory, asking, 0);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Curl curl = new Curl(weed);
            long begun = ticker.nanos();
            cluster.startAll();
            Future<Long> copied = threads.submit(() -> firstId(cluster, curl, 2, "?replication=001", begun));
            count(firstId(cluster, curl, 1, "", begun), plainMillis);
            count(copied.get(), copiedMillis);
        }
    }

    /** From the start to the first request that got an id. */
    List<Long> plainMillis() {
        return plainMillis;
    }

    /** The same for files with two copies. */
    List<Long> copiedMillis() {
        return copiedMillis;
    }

    /** First requests that got no id. */
    int refused() {
        return refused;
    }

    private void count(long millis, List<Long> times) {
        if (millis < 0) {
            refused++;
        } else {
            times.add(millis);
        }
    }

    /** Milliseconds, or -1 if the one request got no id. */
    private long firstId(Cluster cluster, Curl curl, int master, String query, long begun) throws InterruptedException {
        int port = Integer.parseInt(cluster.master(master).split(":")[1]);
        Await.until("the port of " + cluster.master(master) + " is open", Await.LONGEST, () -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return true;
            }
        });
        return curl.assign(cluster.master(master), query).isPresent() ? ticker.since(begun).toMillis() : -1;
    }
}
