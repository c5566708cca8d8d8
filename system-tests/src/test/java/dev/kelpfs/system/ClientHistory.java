package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
import java.util.function.Supplier;

/**
 * What many clients saw that assign through any of the masters, write, look up and read back, whatever happens to the servers
 * meanwhile. Files have one copy, and nothing moves, so a volume is on one server for ever. What is wrong at any time is noted
 * at once: a key given out twice, a volume id that means two volumes, two masters that assign in one term, a lookup that says
 * "not found" of a volume that exists, names another server, or goes on saying that no server has it while one does; a file
 * that was acknowledged and is not there, or is another. Refusals (503) and broken connections are what they are.
 */
final class ClientHistory {
    private static final int CONTENT_BYTES = 100;
    private static final int SOME_WRITES = 30;
    /** Between two steps of a client: one that spins would keep the processors from the servers. */
    private static final long PAUSE_NANOS = 20_000_000;
    /** One assignment of so many is for a collection that does not exist yet, which takes a new volume id. */
    private static final int ASSIGNS_PER_COLLECTION = 100;

    private final HttpFiles http;
    private final Supplier<List<String>> masters;
    private final TermWatch terms;
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong collections = new AtomicLong();
    private final Set<Long> keys = ConcurrentHashMap.newKeySet();
    private final Map<VolumeId, Volume> volumes = new ConcurrentHashMap<>();
    private final List<Written> written = Collections.synchronizedList(new ArrayList<>());
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

    private record Written(FileId id, String server, Seed content) {}

    /** What a volume id means. */
    private record Volume(String server, String collection) {}

    ClientHistory(HttpFiles http, MasterCluster cluster) {
        this(http, cluster::masters);
    }

    /** @param masters host and port of all that are masters now */
    ClientHistory(HttpFiles http, Supplier<List<String>> masters) {
        this.http = http;
        this.masters = masters;
        this.terms = new TermWatch(http, masters, place -> saw(place, ""), wrong::add);
    }

    void start(int clientCount, Seed seed) {
        for (int i = 0; i < clientCount; i++) {
            SplittableRandom random = seed.derive(i).random();
            clients.add(Thread.ofVirtual().name("client-" + i).start(() -> work(random)));
        }
        terms.start();
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

    /** A volume in which a file lies, and has for long. */
    VolumeId someVolume() {
        return written.getFirst().id.volume();
    }

    void end() throws InterruptedException {
        over.set(true);
        for (Thread client : clients) client.join();
        terms.close();
    }

    private void work(SplittableRandom random) {
        while (!over.get()) {
            try {
                step(random);
            } catch (IOException away) {
                // Whoever was asked is gone or busy dying; the next step asks somebody else.
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void step(SplittableRandom random) throws IOException, InterruptedException {
        Optional<HttpFiles.Place> place = assign(random);
        if (place.isEmpty()) return;
        FileId id = place.get().id();
        Written file = new Written(id, place.get().url(), new Seed(random.nextLong()));
        Answer answer = http.post(file.server + "/" + id, "application/octet-stream", bytes(file.content));
        if (answer.status() == 404) wrong.add("a server was named for a volume that it does not have: " + id + ": " + answer);
        if (answer.status() != 201) return;
        written.add(file);
        acknowledged.incrementAndGet();
        lookUp(file, random);
        Written earlier = written.get(random.nextInt(written.size()));
        lookUp(earlier, random);
        readBack(earlier);
    }

    private Optional<HttpFiles.Place> assign(SplittableRandom random) throws IOException, InterruptedException {
        boolean fresh = random.nextInt(ASSIGNS_PER_COLLECTION) == 0;
        String collection = fresh ? "c" + collections.incrementAndGet() : "";
        String query = fresh ? "?writableVolumeCount=1&collection=" + collection : "";
        Optional<HttpFiles.Place> place = http.tryAssign(any(random), query);
        place.ifPresent(found -> saw(found, collection));
        return place;
    }

    private void saw(HttpFiles.Place place, String collection) {
        FileId id = place.id();
        if (!keys.add(id.key().bits())) wrong.add("the key of " + id + " was given out twice");
        Volume meant = new Volume(place.url(), collection);
        Volume before = volumes.putIfAbsent(id.volume(), meant);
        if (before != null && !before.equals(meant)) wrong.add("volume id " + id.volume() + " means " + before + " and " + meant);
    }

    private void lookUp(Written file, SplittableRandom random) throws IOException, InterruptedException {
        String master = any(random);
        Answer found = http.get(lookup(master, file.id));
        String of = "lookup of the volume of " + file.id + " at " + file.server + " through " + master + ": ";
        switch (found.status()) {
            case 200 -> {
                if (!isNamed(file, found)) wrong.add(of + "other servers: " + found.text());
            }
            case 503 -> expectFoundSoon(file, found);
            default -> wrong.add(of + found);
        }
    }

    /** Damage and absence are wrong at any time; a server that says that it cannot now is not. */
    private void readBack(Written file) throws IOException, InterruptedException {
        Answer answer = http.get(file.server + "/" + file.id);
        boolean same = answer.status() == 200 && Arrays.equals(answer.body(), bytes(file.content));
        if (!same && answer.status() != 503) wrong.add(file.id + " was acknowledged by " + file.server + ", which says now: " + answer);
    }

    /**
     * The server that took the file may just have been killed: then its volume is away. Or it was down for the masters and
     * is just back, or a master has just lost its leader: then it is announced in a moment. Anything else is a loss.
     */
    private void expectFoundSoon(Written file, Answer first) throws InterruptedException {
        try {
            Await.until("the volume of " + file.id + " is found", Duration.ofSeconds(10), () -> !isAlive(file.server) || isFound(file));
        } catch (AssertionError lost) {
            wrong.add("the volume of " + file.id + " was not found: " + first.text());
        }
    }

    /** Through any master: some may be down, or members no more. */
    private boolean isFound(Written file) throws InterruptedException {
        for (String master : masters.get()) {
            try {
                Answer answer = http.get(lookup(master, file.id));
                if (answer.status() == 200 && isNamed(file, answer)) return true;
            } catch (IOException away) {
                continue;
            }
        }
        return false;
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
        for (Written file : written) {
            try {
                Answer answer = http.get(file.server + "/" + file.id);
                boolean whole = answer.status() == 200 && Arrays.equals(answer.body(), bytes(file.content));
                if (!whole) lost.add(file.id + " at " + file.server + ": " + answer);
            } catch (IOException failed) {
                lost.add(file.id + ": " + failed);
            }
        }
        return lost;
    }

    private String any(SplittableRandom random) {
        List<String> now = masters.get();
        return now.get(random.nextInt(now.size()));
    }

    private static String lookup(String master, FileId id) {
        return master + "/dir/lookup?volumeId=" + id.volume();
    }

    private static boolean isNamed(Written file, Answer found) {
        for (var location : found.json().path("locations")) {
            if (location.path("url").asString("").equals(file.server)) return true;
        }
        return false;
    }

    private static byte[] bytes(Seed seed) {
        return seed.bytes(CONTENT_BYTES);
    }
}
