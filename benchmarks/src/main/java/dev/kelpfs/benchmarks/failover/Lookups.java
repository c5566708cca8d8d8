package dev.kelpfs.benchmarks.failover;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a master where one volume lies, again and again, and counts. The counts are for whoever has ended it. */
final class Lookups {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Asking asking;
    private final String question;
    private final Thread thread;
    private volatile boolean ended;
    private long asked;
    private long failed;

    private Lookups(Asking asking, String master, String volume) {
        this.asking = asking;
        this.question = master + "/dir/lookup?volumeId=" + volume;
        this.thread = new Thread(this::run, "lookups");
    }

    /** Begins. */
    static Lookups start(Asking asking, String master, String volume) {
        Lookups lookups = new Lookups(asking, master, volume);
        lookups.thread.setDaemon(true);
        lookups.thread.start();
        return lookups;
    }

    private void run() {
        try {
            while (!ended) {
                asked++;
                if (!found()) failed++;
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean found() throws InterruptedException {
        try {
            HttpResponse<String> answer = asking.ask(question, LIMIT);
            boolean found = answer.statusCode() == 200 && answer.body().contains("\"url\"");
            if (!found) System.out.println("lookup " + question + " answered " + answer.statusCode() + " " + answer.body());
            return found;
        } catch (IOException away) {
            System.out.println("lookup " + question + " failed: " + away);
            return false;
        }
    }

    /** After {@link #end()}. */
    long asked() {
        return asked;
    }

    /** After {@link #end()}: those that were not answered with a place. */
    long failed() {
        return failed;
    }

    /** Asks no more; returns when the last question is answered. */
    void end() throws InterruptedException {
        ended = true;
        thread.join();
    }
}
