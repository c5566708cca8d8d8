package dev.kelpfs.cli.benchmark;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What happened in a phase so far. Safe for all threads. */
final class Tally {
    final Latencies latencies = new Latencies();
    private final AtomicLong total;
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    Tally(long requests) {
        this.total = new AtomicLong(requests);
    }

    /** One more request than was planned. */
    void oneMore() {
        total.incrementAndGet();
    }

    void completed(long nanos, long transferredBytes) {
        latencies.add(nanos);
        completed.increment();
        bytes.add(transferredBytes);
    }

    /** One that is not measured. */
    void completedUnmeasured() {
        completed.increment();
    }

    void failed() {
        failed.increment();
    }

    long total() {
        return total.get();
    }

    long completedCount() {
        return completed.sum();
    }

    long failedCount() {
        return failed.sum();
    }

    long bytes() {
        return bytes.sum();
    }
}
