package dev.kelpfs.master;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.StateLog;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins a term when this master is elected, and ends it when it leads no more. One thread does it; anybody may look. */
final class Terms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Terms.class);
    private static final Duration BEFORE_NEXT_TRY = Duration.ofMillis(200);

    private final StateLog log;
    private final Beginner beginner;
    private final Thread worker = Thread.ofVirtual().name("kelp-master-terms").unstarted(this::work);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed;
    /** Guarded by {@link #lock}. */
    private boolean look = true;
    /** Guarded by {@link #lock}; the worker looked at least once. */
    private boolean looked;
    /** Touched by the worker only. */
    private long termOfCurrent;
    private volatile @Nullable LeaderTerm current;

    /** Begins a term. */
    @FunctionalInterface
    interface Beginner {
        /** @throws IOException if what a leader needs first could not be committed */
        LeaderTerm begin() throws IOException;
    }

    Terms(StateLog log, Beginner beginner, Ticker ticker) {
        this.log = log;
        this.changed = ticker.newCondition(lock);
        this.beginner = beginner;
    }

    void start() {
        log.onLeadership(unused -> lookSoon());
        worker.start();
    }

    /** The term in which this master leads; null while it does not. */
    @Nullable LeaderTerm current() {
        return current;
    }

    /** Waits until a master that led from the start is ready to. */
    void awaitFirstLook() throws InterruptedException {
        lock.lock();
        try {
            while (!looked) changed.await();
        } finally {
            lock.unlock();
        }
    }

    private void lookSoon() {
        lock.lock();
        try {
            look = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            while (true) {
                boolean settled = follow(log.leadership());
                lock.lock();
                try {
                    looked = true;
                    changed.signalAll();
                    while (!look && settled) changed.await();
                    if (!settled && !look) changed.await(BEFORE_NEXT_TRY.toNanos(), TimeUnit.NANOSECONDS);
                    look = false;
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException closed) {
            end();
        }
    }

    /** @return false if it must be tried again though nothing changed */
    private boolean follow(Leadership now) {
        boolean goesOn = switch (now) {
            case Leadership.Leading(var term) -> term == termOfCurrent;
            // A single master whose state cannot be written any more goes on with what it reserved.
            case Leadership.Failed _ -> log.holdsLease();
            case Leadership.Following _ -> false;
        };
        if (current != null && !goesOn) {
            LOG.info("This master leads no more, its term {} is over", termOfCurrent);
            end();
        }
        if (!(now instanceof Leadership.Leading(var term)) || current != null) return true;
        try {
            current = beginner.begin();
            termOfCurrent = term;
            LOG.info("This master leads in term {}", term);
            return true;
        } catch (IOException | RuntimeException failed) {
            LOG.warn("This master was elected for term {}, but cannot lead yet: {}", term, String.valueOf(failed.getMessage()));
            LOG.debug("Why the term did not begin", failed);
            return false;
        }
    }

    private void end() {
        LeaderTerm over = current;
        current = null;
        if (over != null) over.close();
    }

    @Override
    public void close() {
        worker.interrupt();
        try {
            worker.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
