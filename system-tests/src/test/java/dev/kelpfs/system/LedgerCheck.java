package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Reads every file of a ledger and compares it byte for byte. */
final class LedgerCheck {
    private static final int READERS = 12;

    private LedgerCheck() {}

    static void run(HttpFiles http, Ledger ledger) throws InterruptedException {
        Iterator<Ledger.Entry> all = ledger.entries().iterator();
        ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(Thread.ofVirtual().name("reader-" + i).start(() -> {
                for (Ledger.Entry entry = next(all); entry != null; entry = next(all)) {
                    try {
                        entry.check(http.get(entry.place().url() + "/" + entry.place().id())).ifPresent(wrong::add);
                    } catch (Exception unreadable) {
                        wrong.add(entry.place().id() + " cannot be read: " + unreadable);
                    }
                }
            }));
        }
        for (Thread reader : readers) reader.join();
        assertThat(wrong).as("%d files were looked at", ledger.entries().size()).isEmpty();
    }

    private static Ledger.@Nullable Entry next(Iterator<Ledger.Entry> all) {
        synchronized (all) {
            return all.hasNext() ? all.next() : null;
        }
    }
}
