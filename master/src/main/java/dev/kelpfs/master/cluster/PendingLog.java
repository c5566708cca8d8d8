package dev.kelpfs.master.cluster;

import dev.kelpfs.master.state.Applied;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.MemberProgress;
import dev.kelpfs.master.state.NotCommittedException;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.wire.kelp.MasterCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The log of a master that does not know yet which cluster it belongs to: empty, without a leader, refusing everything, until
 * {@link #become} puts the real one in its place, or another one later. Safe for all threads.
 */
public final class PendingLog implements StateLog {
    private static final Leadership NOBODY = new Leadership.Following(0, Optional.empty());

    /** Guarded by itself when asked before there is a log. */
    private final MasterState empty = new MasterState();
    /** Guarded by this. */
    private final List<Consumer<Leadership>> listeners = new ArrayList<>();
    /** Written under the guard. */
    private volatile @Nullable StateLog real;

    /** The cluster is known, and this is its log; closed with this one. One that was there before is closed already. */
    public void become(StateLog log) {
        List<Consumer<Leadership>> all;
        synchronized (this) {
            real = log;
            all = List.copyOf(listeners);
        }
        all.forEach(log::onLeadership);
    }

    @Override
    public CompletableFuture<Applied> propose(MasterCommand command) {
        StateLog log = real;
        return log != null ? log.propose(command)
                : CompletableFuture.failedFuture(new NotCommittedException("this master belongs to no cluster yet"));
    }

    @Override
    public <T> T read(Function<MasterState, T> reader) {
        StateLog log = real;
        if (log != null) return log.read(reader);
        synchronized (empty) {
            return reader.apply(empty);
        }
    }

    @Override
    public Leadership leadership() {
        StateLog log = real;
        return log == null ? NOBODY : log.leadership();
    }

    @Override
    public boolean holdsLease() {
        StateLog log = real;
        return log != null && log.holdsLease();
    }

    @Override
    public void onLeadership(Consumer<Leadership> listener) {
        StateLog log;
        synchronized (this) {
            log = real;
            listeners.add(listener);
        }
        if (log != null) log.onLeadership(listener);
        else listener.accept(NOBODY);
    }

    @Override
    public List<MemberProgress> progress() {
        StateLog log = real;
        return log == null ? List.of() : log.progress();
    }

    @Override
    public void close() throws IOException {
        StateLog log = real;
        if (log != null) log.close();
    }
}
