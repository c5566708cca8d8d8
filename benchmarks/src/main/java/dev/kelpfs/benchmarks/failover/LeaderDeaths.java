package dev.kelpfs.benchmarks.failover;

import dev.kelpfs.client.ClientOptions;
import dev.kelpfs.client.KelpClient;
import dev.kelpfs.client.KelpException;
import dev.kelpfs.client.NewFile;
import dev.kelpfs.client.Placement;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.process.ManagedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A running cluster whose leader is killed or stopped, again and again. Only one thread. */
final class LeaderDeaths implements AutoCloseable {
    private static final byte[] CONTENT = new byte[1024];
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final Asking asking;
    private final Ticker ticker;
    private final Curl curl;
    private final KelpClient client;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** What the rounds with one kind of death came to. */
    record Figures(List<Long> curlMillis, List<Long> clientMillis, long lookups, long failedLookups) {}

    private LeaderDeaths(Cluster cluster, Curl curl, Asking asking, Ticker ticker) {
        this.cluster = cluster;
        this.curl = curl;
        this.asking = asking;
        this.ticker = ticker;
        this.client = KelpClient.connect(ClientOptions.of(cluster.masters()));
    }

    /** Starts the cluster and waits until all is well. */
    static LeaderDeaths of(Cluster cluster, TestDirectory directory, Asking asking, Ticker ticker)
            throws IOException, InterruptedException {
        Path file = directory.resolve("file");
        Files.write(file, CONTENT);
        cluster.startAll();
        cluster.awaitWell();
        return new LeaderDeaths(cluster, new Curl(file), asking, ticker);
    }

    Figures measure(Death death, int rounds, String label) throws Exception {
        List<Long> curlMillis = new ArrayList<>();
        List<Long> clientMillis = new ArrayList<>();
        long lookups = 0;
        long failedLookups = 0;
        for (int round = 1; round <= rounds; round++) {
            int leader = cluster.awaitLeader();
            int survivor = (leader + 1) % Cluster.SERVERS;
            client.put(NewFile.of(CONTENT), Placement.DEFAULT);
            Lookups asked = Lookups.start(asking, cluster.master(survivor), volumeThatStays(survivor));
            ManagedProcess process = cluster.masterProcess(leader);
            process.signal(death.signal);
            long begun = ticker.nanos();
            Future<Long> byClient = threads.submit(() -> millisToWrite(begun, this::clientWrites));
            curlMillis.add(millisToWrite(begun, () -> curl.write(cluster.master(survivor))));
            clientMillis.add(byClient.get());
            process.awaitExit(Await.LONGEST);
            cluster.startAll();
            cluster.awaitWell();
            Thread.sleep(SETTLED);
            asked.end();
            lookups += asked.asked();
            failedLookups += asked.failed();
            System.out.printf("%s: leader %s, round %d of %d: curl %d ms, client %d ms, %d lookups, %d failed%n", label, death.word,
                    round, rounds, curlMillis.getLast(), clientMillis.getLast(), asked.asked(), asked.failed());
        }
        return new Figures(curlMillis, clientMillis, lookups, failedLookups);
    }

    /** A volume on the server that lives beside a surviving master. */
    private String volumeThatStays(int survivor) throws InterruptedException {
        return Await.value("an id on " + cluster.volume(survivor), Await.LONGEST, () -> {
            Optional<String> place = curl.assign(cluster.master(survivor), "?dataNode=" + cluster.volume(survivor));
            return place.map(found -> found.split("/")[1].split(",")[0]);
        });
    }

    /** One try at storing a file. */
    private interface Write {
        boolean acknowledged() throws InterruptedException;
    }

    private long millisToWrite(long begun, Write write) throws InterruptedException {
        while (!write.acknowledged()) Thread.sleep(20);
        return ticker.since(begun).toMillis();
    }

    private boolean clientWrites() {
        try {
            client.put(NewFile.of(CONTENT), Placement.DEFAULT);
            return true;
        } catch (KelpException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        client.close();
    }
}
