package dev.kelpfs.system;

import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many clients that store, overwrite and delete files without a pause. An error before {@link #expectTrouble()} is an
 * error of the test; after it, it ends the client, as the server may have been killed.
 */
final class WriteLoad {
    private static final int OVERWRITE_PERCENT = 10;
    private static final int DELETE_PERCENT = 15;

    private final HttpFiles http;
    private final String master;
    private final Ledger ledger;
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicBoolean troubleExpected = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();

    WriteLoad(HttpFiles http, String master, Ledger ledger) {
        this.http = http;
        this.master = master;
        this.ledger = ledger;
    }

    void start(int clientCount, Seed seed) {
        for (int i = 0; i < clientCount; i++) {
            Seed own = seed.derive(i);
            clients.add(Thread.ofVirtual().name("client-" + i).start(() -> work(own)));
        }
    }

    /** How many changes were acknowledged. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** What went wrong while nothing should. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    /** From now on the server may be dead at any moment; clients end at their next error or change. */
    void expectTrouble() {
        troubleExpected.set(true);
    }

    void awaitEnd() throws InterruptedException {
        for (Thread client : clients) client.join();
    }

    private void work(Seed seed) {
        SplittableRandom random = seed.random();
        List<Ledger.Entry> own = new ArrayList<>();
        try {
            while (errors.isEmpty()) step(random, own);
        } catch (IOException failed) {
            if (!troubleExpected.get()) errors.add(failed.toString());
        } catch (AssertionError wrong) {
            errors.add(wrong.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(SplittableRandom random, List<Ledger.Entry> own) throws IOException, InterruptedException {
        int dice = random.nextInt(100);
        boolean change = dice < OVERWRITE_PERCENT + DELETE_PERCENT && !own.isEmpty();
        if (!change) {
            Optional<HttpFiles.Place> place = http.tryAssign(master);
            if (place.isEmpty()) return;
            Ledger.Entry entry = ledger.open(place.get());
            store(entry, random);
            own.add(entry);
            return;
        }
        Ledger.Entry entry = own.get(random.nextInt(own.size()));
        if (dice < OVERWRITE_PERCENT) {
            store(entry, random);
        } else {
            entry.begin(Optional.empty());
            expect(202, http.delete(entry.place().url() + "/" + entry.place().id()));
            entry.acknowledge();
            own.remove(entry);
        }
        acknowledged.incrementAndGet();
    }

    private void store(Ledger.Entry entry, SplittableRandom random) throws IOException, InterruptedException {
        Ledger.Content content = new Ledger.Content(new Seed(random.nextLong()), length(random));
        String url = entry.place().url() + "/" + entry.place().id();
        entry.begin(Optional.of(content));
        byte[] bytes = content.bytes();
        Answer answer = random.nextBoolean()
                ? http.post(url, "application/octet-stream", bytes)
                : http.postForm(url, "photo.bin", "application/octet-stream", bytes);
        expect(201, answer);
        entry.acknowledge();
        acknowledged.incrementAndGet();
    }

    /** Mostly small, as files in such a store are; now and then beyond what is written on the event loop. */
    private static int length(SplittableRandom random) {
        int dice = random.nextInt(100);
        if (dice < 70) return random.nextInt(1, 4 << 10);
        if (dice < 97) return random.nextInt(1, 80 << 10);
        return random.nextInt(1, 1 << 20);
    }

    private static void expect(int status, Answer answer) throws IOException {
        if (answer.status() != status) throw new IOException("expected " + status + ", got " + answer);
    }
}
