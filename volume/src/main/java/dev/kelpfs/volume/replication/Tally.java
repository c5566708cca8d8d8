package dev.kelpfs.volume.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Counts the answers of all peers to one change. Safe for all threads. */
final class Tally {
    private final Consumer<CopyOutcome> then;
    // Guarded by this.
    private final List<String> failures = new ArrayList<>(0);
    private int missing;
    private long deletedBytes;

    /** @param failure empty if the peer has the change */
    record Result(String failure, long deletedBytes) {}

    /** @param expected at least 1 */
    Tally(int expected, Consumer<CopyOutcome> then) {
        if (expected < 1) throw new IllegalArgumentException("a change is passed on to at least one peer");
        this.missing = expected;
        this.then = then;
    }

    void add(Result result) {
        CopyOutcome outcome;
        synchronized (this) {
            if (!result.failure.isEmpty()) failures.add(result.failure);
            deletedBytes = Math.max(deletedBytes, result.deletedBytes);
            if (--missing > 0) return;
            outcome = failures.isEmpty()
                    ? new CopyOutcome.Everywhere(deletedBytes)
                    : new CopyOutcome.Failed(String.join("; ", failures));
        }
        then.accept(outcome);
    }
}
