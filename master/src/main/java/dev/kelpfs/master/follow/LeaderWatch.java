package dev.kelpfs.master.follow;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.StateLog;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who leads, for those that ask the leader, and for those that must wait for one. Safe for all threads. */
public final class LeaderWatch {
    private final Supplier<ServerAddress> self;
    private final Ticker ticker;
    /** In the order in which they came. */
    private final NavigableMap<Long, Runnable> onChange = new ConcurrentSkipListMap<>();
    private final AtomicLong listenings = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed;
    /** Written under the lock. */
    private volatile Optional<Leader> current = Optional.empty();
    private volatile long term;
    private volatile boolean sawLeader;

    /** A leader in its term; this master itself, if it leads. */
    public record Leader(ServerAddress address, long term) {}

    /** @param self how this master calls itself now */
    public LeaderWatch(StateLog log, Supplier<ServerAddress> self, Ticker ticker) {
        this.self = self;
        this.ticker = ticker;
        this.changed = ticker.newCondition(lock);
        log.onLeadership(this::changed);
    }

    private void changed(Leadership now) {
        Optional<ServerAddress> leader = switch (now) {
            case Leadership.Leading _ -> Optional.of(self.get());
            case Leadership.Following(_, var other) -> other;
            case Leadership.Failed _ -> Optional.empty();
        };
        lock.lock();
        try {
            current = leader.map(address -> new Leader(address, now.term()));
            term = now.term();
            sawLeader |= current.isPresent();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        onChange.values().forEach(Runnable::run);
    }

    public Optional<Leader> current() {
        return current;
    }

    public long term() {
        return term;
    }

    /** True once there was a leader since the start of this process. */
    public boolean sawLeader() {
        return sawLeader;
    }

    /**
     * Waits for a leader other than one that failed.
     *
     * @param failed null if any will do
     * @return the leader, or nothing if none came in time
     */
    public Optional<Leader> await(@Nullable Leader failed, Duration longest) throws InterruptedException {
        long start = ticker.nanos();
        lock.lock();
        try {
            while (current.isEmpty() || current.get().equals(failed)) {
                long left = longest.toNanos() - ticker.since(start).toNanos();
                if (left <= 0) return Optional.empty();
                changed.await(left, TimeUnit.NANOSECONDS);
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    /** Has {@code action} run on every change, until it is taken back. Must be quick. */
    public Listening onChange(Runnable action) {
        Long number = listenings.getAndIncrement();
        onChange.put(number, action);
        return () -> onChange.remove(number);
    }

    /** Takes a listener back. */
    @FunctionalInterface
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }
}
