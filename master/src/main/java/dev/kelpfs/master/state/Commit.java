package dev.kelpfs.master.state;

import dev.kelpfs.wire.kelp.MasterCommand;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;

/** Has a command committed and waits for it, where a caller can do nothing but give up if it was not. */
public final class Commit {
    private Commit() {}

    /**
     * Waits until the command is applied.
     *
     * @param failure what did not happen without it, for the message
     * @throws IOException if it was not committed, or was refused; the message begins with {@code failure}
     */
    public static Applied now(StateLog log, MasterCommand command, String failure) throws IOException {
        try {
            Applied applied = log.propose(command).get();
            if (applied instanceof Applied.Refused(var reason)) throw new IOException(failure + ": " + reason);
            return applied;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof NotCommittedException refused) {
                throw new IOException(failure + ": " + refused.getMessage(), refused);
            }
            throw new IOException(failure, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a change of the masters' state was committed");
        }
    }
}
