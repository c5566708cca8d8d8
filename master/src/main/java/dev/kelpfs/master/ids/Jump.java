package dev.kelpfs.master.ids;

import dev.kelpfs.master.state.Applied;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.wire.kelp.MasterCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves a mark of the state machine above ids that somebody else gave out. Safe for all threads. */
final class Jump {
    private static final Logger LOG = LoggerFactory.getLogger(Jump.class);

    private final String ids;
    private final StateLog log;
    private final ToLongFunction<MasterState> committed;
    private final LongFunction<MasterCommand> command;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private CompletableFuture<Applied> last = CompletableFuture.completedFuture(new Applied.RegistryChanged());

    /**
     * @param ids what they are, for the log
     * @param committed reads the mark
     * @param command moves the mark well above a floor
     */
    Jump(String ids, StateLog log, ToLongFunction<MasterState> committed, LongFunction<MasterCommand> command) {
        this.ids = ids;
        this.log = log;
        this.committed = committed;
        this.command = command;
    }

    /** Begins to move the mark above {@code floor}. */
    void above(long floor) {
        lock.lock();
        try {
            last = propose(floor);
        } finally {
            lock.unlock();
        }
    }

    private CompletableFuture<Applied> propose(long floor) {
        CompletableFuture<Applied> proposed = log.propose(command.apply(floor));
        proposed.whenComplete((applied, failed) -> {
            if (failed != null) LOG.error("{} could not be moved above {}; that is tried again", ids, floor, failed);
        });
        return proposed;
    }

    /** Waits until the committed mark is at least {@code mark}, trying again what failed. @return false if it fails again */
    boolean reaches(long mark) throws InterruptedException {
        if (log.read(committed::applyAsLong) >= mark) return true;
        CompletableFuture<Applied> pending;
        lock.lock();
        try {
            if (last.isDone()) last = propose(mark);
            pending = last;
        } finally {
            lock.unlock();
        }
        try {
            pending.get();
        } catch (ExecutionException logged) {
            return false;
        }
        return log.read(committed::applyAsLong) >= mark;
    }
}
