package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.FileId;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What many clients saw that assign through any of the masters, write, and look up, whatever happens to the servers
 * meanwhile. What is wrong at any time is noted at once: a key given out twice, a lookup that says
 * "not found" of a volume that exists, or goes on saying that no server has it. Refusals and broken connections are what they are.
 */
final class ClientHistory {
    private static final int CONTENT_BYTES = 100;
    private static final int SOME_WRITES = 30;
    private static final long PAUSE_NANOS = 10_000_000;

    private final HttpFiles http;
    private final MasterCluster cluster;
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private final Set<Long> keys = ConcurrentHashMap.newKeySet();
    private final Map<FileId, Written> written = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

    private record Written(String url, Seed content) {}

    ClientHistory(HttpFiles http, MasterCluster cluster) {
        this.http = http;
        this.cluster = cluster;
    }

    void start(int clientCount, Seed seed) {
        for (int i = 0; i < clientCount; i++) {
            SplittableRandom random = seed.derive(i).random();
            clients.add(Thread.ofVirtual().name("client-" + i).start(() -> work(random)));
        }
    }

    /** How many writes were acknowledged. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Waits until some more writes were acknowledged; nothing wrong may have happened until then. */
    void expectMoreWrites(String what) throws InterruptedException {
        long before = acknowledged();
        Await.until(what, MasterCluster.LIMIT, () -> acknowledged() >= before + SOME_WRITES);
        assertThat(wrong()).isEmpty();
    }

    /** What must never happen and did. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    void end() throws InterruptedException {
        over.set(true);
        for (Thread client : clients) client.join();
    }

    private void work(SplittableRandom random) {
        while (!over.get()) {
            try {
                step(random);
            } catch (IOException away) {
                // Whoever was asked is gone or busy dying; the next step asks somebody else. Not at once: clients that
                // spin would keep the processors from the servers, and from the tests that come after.
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void step(SplittableRandom random) throws IOException, InterruptedException {
        Optional<HttpFiles.Place> place = http.tryAssign(cluster.master(random.nextInt(cluster.size())));
        if (place.isEmpty()) return;
        FileId id = place.get().id();
        if (!keys.add(id.key().bits())) wrong.add("the key of " + id + " was given out twice");
        Seed content = new Seed(random.nextLong());
        Answer answer = http.post(place.get().url() + "/" + id, "application/octet-stream", bytes(content));
        if (answer.status() != 201) return;
        written.put(id, new Written(place.get().url(), content));
        acknowledged.incrementAndGet();
        Answer found = http.get(cluster.master(random.nextInt(cluster.size())) + "/dir/lookup?volumeId=" + id.volume());
        if (found.status() == 404) wrong.add("a volume with a file in it is unknown: " + id + ": " + found.text());
        if (found.status() == 503) expectFoundSoon(id, place.get().url(), found);
    }

    /**
     * The server that took the file may just have been killed: then its volume is away. Or it was down for the masters and
     * is just back: then it is announced in a moment. Anything else is a loss.
     */
    private void expectFoundSoon(FileId id, String server, Answer first) throws InterruptedException {
        try {
            Await.until("the volume of " + id + " is found", Duration.ofSeconds(10), () -> !isAlive(server) || isFound(id));
        } catch (AssertionError lost) {
            wrong.add("the volume of " + id + " was not found: " + first.text());
        }
    }

    /** Through any master: some may be down, or members no more. */
    private boolean isFound(FileId id) throws InterruptedException {
        for (int i = 0; i < cluster.size(); i++) {
            if (isFound(cluster.master(i), id)) return true;
        }
        return false;
    }

    private boolean isFound(String master, FileId id) throws InterruptedException {
        try {
            return http.get(master + "/dir/lookup?volumeId=" + id.volume()).status() == 200;
        } catch (IOException away) {
            return false;
        }
    }

    private boolean isAlive(String server) throws InterruptedException {
        try {
            return http.get(server + "/healthz").status() == 200;
        } catch (IOException dead) {
            return false;
        }
    }

    /** Reads back everything that was acknowledged; all servers must be there. */
    List<String> lost() throws InterruptedException {
        List<String> lost = new ArrayList<>();
        for (Map.Entry<FileId, Written> entry : written.entrySet()) {
            try {
                Answer answer = http.get(entry.getValue().url() + "/" + entry.getKey());
                boolean whole = answer.status() == 200 && Arrays.equals(answer.body(), bytes(entry.getValue().content()));
                if (!whole) lost.add(entry.getKey() + " at " + entry.getValue().url() + ": " + answer);
            } catch (IOException failed) {
                lost.add(entry.getKey() + ": " + failed);
            }
        }
        return lost;
    }

    private static byte[] bytes(Seed seed) {
        byte[] bytes = new byte[CONTENT_BYTES];
        seed.random().nextBytes(bytes);
        return bytes;
    }
}
