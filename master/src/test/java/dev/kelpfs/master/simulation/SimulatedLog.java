package dev.kelpfs.master.simulation;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.simulation.ConsensusDisk.Entry;
import dev.kelpfs.master.state.Applied;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.NotCommittedException;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.master.state.UnknownVersionException;
import dev.kelpfs.wire.kelp.MasterCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The log of a master whose consensus is simulated. As the real one it learns late that it leads or leads no more, says so
 * only when it knows what its predecessors committed, and cannot tell what becomes of proposals that were open then.
 */
final class SimulatedLog implements StateLog {
    private static final int NOTICED_NANOS = 20_000_000;
    private static final int ENTRIES_BETWEEN_SNAPSHOTS = 15;
    /** Of so many proposals one is refused though this master leads, and one fails though it may be committed. */
    private static final int FAILURES = 80;

    private record Proposal(long term, CompletableFuture<Applied> result) {}

    private final Life life;
    private final ConsensusDisk disk;
    private final History history;
    private final SplittableRandom random;
    private final Function<String, ServerAddress> addresses;
    private final MasterState state;
    private int appliedIndex;
    private final NavigableMap<Integer, Proposal> open = new TreeMap<>();
    private final List<Consumer<Leadership>> listeners = new ArrayList<>();
    private Leadership leadership = new Leadership.Following(0, Optional.empty());
    private boolean noticing;
    private boolean busy;
    private @Nullable ConsensusNode node;

    SimulatedLog(
            Life life, ConsensusDisk disk, History history, SplittableRandom random, Function<String, ServerAddress> addresses) {
        this.life = life;
        this.disk = disk;
        this.history = history;
        this.random = random;
        this.addresses = addresses;
        this.state = restored(disk);
        this.appliedIndex = disk.snapshotIndex;
    }

    private static MasterState restored(ConsensusDisk disk) {
        try {
            return disk.snapshot == null ? new MasterState() : MasterState.restore(disk.snapshot);
        } catch (UnknownVersionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void decidedBy(ConsensusNode decider) {
        node = decider;
    }

    private ConsensusNode node() {
        ConsensusNode known = node;
        if (known == null) throw new IllegalStateException("nobody decides yet");
        return known;
    }

    @Override
    public CompletableFuture<Applied> propose(MasterCommand command) {
        CompletableFuture<Applied> result = new CompletableFuture<>();
        int luck = random.nextInt(FAILURES);
        if (!node().leads() || luck == 0 || busy) {
            fail(result);
            return result;
        }
        int index = node().append(command);
        if (luck == 1) fail(result);
        else open.put(index, new Proposal(node().term(), result));
        return result;
    }

    /** Takes no proposals for a while. */
    void busyFor(Duration time) {
        busy = true;
        life.after(time, () -> busy = false);
    }

    private void fail(CompletableFuture<Applied> result) {
        life.start(() -> result.completeExceptionally(new NotCommittedException("whether " + life.machine.name + " leads is not known")));
    }

    @Override
    public <T> T read(Function<MasterState, T> reader) {
        return reader.apply(state);
    }

    @Override
    public Leadership leadership() {
        return leadership;
    }

    @Override
    public boolean holdsLease() {
        return leadership instanceof Leadership.Leading(long term)
                && node().lease.holds(life.machine.name, node().members(), term);
    }

    @Override
    public void onLeadership(Consumer<Leadership> listener) {
        listeners.add(listener);
        listener.accept(leadership);
    }

    @Override
    public void close() {}

    /** This master was elected; it leads once it knows all that was committed before. */
    void elected(long term) {
        history.elected(life.machine, term);
        standingMayHaveChanged();
    }

    /** It was replaced: what is open may be committed by the next leader, or not. */
    void deposed() {
        List<Proposal> lost = List.copyOf(open.values());
        open.clear();
        lost.forEach(proposal -> fail(proposal.result));
        standingMayHaveChanged();
    }

    /** Everything up to {@code index} is committed. */
    void committed(int index) {
        while (appliedIndex < index) {
            appliedIndex++;
            Entry entry = disk.at(appliedIndex);
            Applied applied = entry.command() == null ? new Applied.RegistryChanged() : apply(entry.command());
            history.applied(appliedIndex, entry, applied);
            Proposal proposal = open.remove(appliedIndex);
            if (proposal == null) continue;
            if (proposal.term == entry.term()) proposal.result.complete(applied);
            else fail(proposal.result);
        }
        if (appliedIndex - disk.snapshotIndex >= ENTRIES_BETWEEN_SNAPSHOTS) {
            disk.snapshot = state.snapshot();
            disk.snapshotIndex = appliedIndex;
        }
        standingMayHaveChanged();
    }

    private Applied apply(MasterCommand command) {
        try {
            return state.apply(state.appliedIndex() + 1, command);
        } catch (UnknownVersionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Whoever leads is noticed a moment later. */
    void standingMayHaveChanged() {
        if (noticing || current().equals(leadership)) return;
        noticing = true;
        life.after(Duration.ofNanos(random.nextInt(NOTICED_NANOS)), () -> {
            noticing = false;
            Leadership now = current();
            if (now.equals(leadership)) return;
            leadership = now;
            history.stands(life.machine, now);
            List.copyOf(listeners).forEach(listener -> listener.accept(now));
        });
    }

    private Leadership current() {
        long term = node().term();
        if (node().leads()) {
            return node().isReady() ? new Leadership.Leading(term) : new Leadership.Following(term, Optional.empty());
        }
        return new Leadership.Following(term, Optional.ofNullable(node().leader()).map(addresses));
    }
}
