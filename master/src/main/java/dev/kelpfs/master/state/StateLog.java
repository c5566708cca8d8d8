package dev.kelpfs.master.state;

import dev.kelpfs.wire.kelp.MasterCommand;
import java.io.IOException;
import java.util.List;
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
    /**
     * Has a command committed and applied.
     *
     * @return completes with what applying came to; exceptionally with {@link NotCommittedException} if it was not
     *     committed, or if nobody can tell. Dependent actions run on a thread of the log and must not wait.
     */
    CompletableFuture<Applied> propose(MasterCommand command);

    /** Reads the applied state under its guard; {@code reader} must be quick and let nothing mutable out. */
    <T> T read(Function<MasterState, T> reader);

    Leadership leadership();

    /**
     * True while this master leads and no other can lead: what is answered from the state now is not older than what
     * another master could have given out. Never waits.
     */
    boolean holdsLease();

    /** Has {@code listener} called with the standing now, and after every change of it, in order, by one thread at a time. */
    void onLeadership(Consumer<Leadership> listener);

    /** All masters that keep this log, this one included; empty where it has no copies. */
    default List<MemberProgress> progress() {
        return List.of();
    }

    @Override
    void close() throws IOException;
}
