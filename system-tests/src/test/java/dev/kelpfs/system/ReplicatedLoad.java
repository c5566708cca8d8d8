package dev.kelpfs.system;

import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that write, overwrite and delete files with copies, and repeat what failed until it is acknowledged, at any server
 * that has the volume: as a client does that wants its file stored under this id.
 */
final class ReplicatedLoad {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int MOST_TRIES = 600;

    private final VolumeCluster cluster;
    private final HttpFiles http;
    private final List<String> replications;
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    private final Map<HttpFiles.Place, Optional<byte[]>> contents = new ConcurrentHashMap<>();

    ReplicatedLoad(VolumeCluster cluster, HttpFiles http, List<String> replications) {
        this.cluster = cluster;
        this.http = http;
        this.replications = replications;
    }

    void start(int clientCount, Seed seed) {
        for (int i = 0; i < clientCount; i++) {
            SplittableRandom random = seed.derive(i).random();
            clients.add(Thread.ofVirtual().name("client-" + i).start(() -> work(random)));
        }
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** Requests that had to be repeated. */
    long failures() {
        return failures.get();
    }

    List<String> errors() {
        return List.copyOf(errors);
    }

    /** What every copy must hold now: the content, or nothing of a deleted file. To be asked after {@link #finish}. */
    Map<HttpFiles.Place, Optional<byte[]>> contents() {
        return contents;
    }

    void finish() throws InterruptedException {
        stopping.set(true);
        for (Thread client : clients) client.join();
    }

    private void work(SplittableRandom random) {
        List<HttpFiles.Place> own = new ArrayList<>();
        try {
            while (!stopping.get() && errors.isEmpty()) step(random, own);
        } catch (IOException | RuntimeException failed) {
            errors.add(failed.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(SplittableRandom random, List<HttpFiles.Place> own) throws IOException, InterruptedException {
        int dice = random.nextInt(10);
        if (dice < 8 || own.isEmpty()) {
            Optional<HttpFiles.Place> place = tryAssign(random);
            if (place.isEmpty()) {
                Thread.sleep(PAUSE);
                return;
            }
            store(place.get(), random);
            own.add(place.get());
            return;
        }
        HttpFiles.Place place = own.get(random.nextInt(own.size()));
        if (dice == 8) {
            store(place, random);
        } else {
            untilDone(place, "delete", url -> {
                int status = http.delete(url).status();
                return status == 202 || status == 404;
            });
            contents.put(place, Optional.empty());
            own.remove(place);
        }
    }

    /** While a server is dead the master may say that there are too few for the copies. */
    private Optional<HttpFiles.Place> tryAssign(SplittableRandom random) throws InterruptedException {
        try {
            return cluster.tryAssign(replications.get(random.nextInt(replications.size())));
        } catch (IOException refused) {
            failures.incrementAndGet();
            return Optional.empty();
        }
    }

    private void store(HttpFiles.Place place, SplittableRandom random) throws IOException, InterruptedException {
        int length = random.nextInt(20) == 0 ? random.nextInt(1, 300_000) : random.nextInt(1, 5_000);
        byte[] content = new Seed(random.nextLong()).bytes(length);
        untilDone(place, "store", url -> {
            int status = http.post(url, "application/octet-stream", content).status();
            return status == 201 || status == 204;
        });
        contents.put(place, Optional.of(content));
    }

    @FunctionalInterface
    private interface Try {
        boolean at(String url) throws IOException, InterruptedException;
    }

    private void untilDone(HttpFiles.Place place, String what, Try attempt) throws InterruptedException, IOException {
        List<String> servers = new ArrayList<>(List.of(place.url()));
        for (int i = 0; i < MOST_TRIES; i++) {
            String server = servers.get(i % servers.size());
            try {
                if (attempt.at(server + "/" + place.id())) {
                    acknowledged.incrementAndGet();
                    return;
                }
            } catch (IOException unreachable) {
                // The server was killed; it comes back.
            }
            failures.incrementAndGet();
            Thread.sleep(PAUSE);
            List<String> known = cluster.locations(place.id().volume());
            if (!known.isEmpty()) servers = known;
        }
        throw new IOException(what + " of " + place + " was never acknowledged");
    }
}
