package dev.kelpfs.master.state;

import dev.kelpfs.wire.kelp.MasterCommand;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The one way to change the masters' state, and to read it. Safe for all threads.
 *
 * <p>What implementations promise: commands are applied in one order, the same on every master and after every restart;
 * a command is durable before it is applied; a future that completed normally is never taken back.
 */
public interface StateLog extends AutoCloseable {
    /** A command is at most so large, far above the largest change of the registry, which speaks of some ten thousand volumes. */
    int MAX_COMMAND_BYTES = 4 << 20;

    /**
     * Has a command committed and applied.
     *
     * @return completes with what applying came to; exceptionally with {@link NotCommittedException} if it was not
     *     committed, or if nobody can tell: the log takes nothing, has too much to do, or the command is too large. Dependent
     *     actions run on a thread of the log and must not wait.
     */
    CompletableFuture<Applied> propose(MasterCommand command);

    /** Why a command is refused that is larger than {@link #MAX_COMMAND_BYTES}; empty for all others. */
    static Optional<NotCommittedException> tooLarge(MasterCommand command) {
        int bytes = command.getSerializedSize();
        if (bytes <= MAX_COMMAND_BYTES) return Optional.empty();
        return Optional.of(new NotCommittedException("a command has at most " + MAX_COMMAND_BYTES + " bytes, got " + bytes));
    }

    /** Reads the applied state under its guard; {@code reader} must be quick and let nothing mutable out. */
    <T> T read(Function<MasterState, T> reader);

    Leadership leadership();

    /**
     * True while this master leads and no other can lead: what is answered from the state now is not older than what
     * another master could have given out. Never waits.
     */
    boolean holdsLease();

    /**
     * Has {@code listener} called with the standing now, and after every change of it, in order, by one thread at a time. The last
     * one is that this log failed or was closed.
     */
    void onLeadership(Consumer<Leadership> listener);

    /** All masters that keep this log, this one included; empty where it has no copies. */
    default List<MemberProgress> progress() {
        return List.of();
    }

    @Override
    void close() throws IOException;
}
