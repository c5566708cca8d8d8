package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.raft.RaftLog;
import dev.kelpfs.master.state.Commit;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.state.Reconstruction;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.kelp.Introduction;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.kelp.MasterSnapshot;
import dev.kelpfs.wire.kelp.MastersGrpc;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How a single master becomes the first member of a cluster that others can join. */
public final class FirstMember {
    /** It has nobody to wait for; this is for a machine that stands still. */
    private static final Duration FOR_LEADERSHIP = Duration.ofSeconds(30);
    private static final Duration FOR_ANSWER = Duration.ofSeconds(2);

    private FirstMember() {}

    /**
     * Brings the state into a log of which this master is the only member, and reads it back.
     *
     * @param log empty and open
     * @throws IOException if not all of it is there in the end
     */
    public static void fill(RaftLog log, MasterSnapshot state) throws IOException {
        awaitLeadership(log);
        for (MasterCommand command : Reconstruction.commands(state)) {
            Commit.now(log, command, "the state of this single master could not be brought into a log for several");
        }
        if (!Reconstruction.isSame(state, log.read(MasterState::snapshot))) {
            throw new IOException("the state of this single master is another one in the log for several; nothing was changed");
        }
    }

    private static void awaitLeadership(RaftLog log) throws IOException {
        CompletableFuture<Boolean> leads = new CompletableFuture<>();
        log.onLeadership(now -> {
            if (now instanceof Leadership.Leading) leads.complete(true);
        });
        try {
            leads.get(FOR_LEADERSHIP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException never) {
            throw new IOException("a cluster of this master alone has no leader after " + FOR_LEADERSHIP.toSeconds() + " s", never);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while this master began to lead a cluster of one");
        }
    }

    /**
     * Looks whether a master can be taken in, before anything is changed for it.
     *
     * @param clusterId of this master
     * @throws IOException if it does not answer, or belongs to another cluster; the message says what to do
     */
    public static void check(RpcChannels channels, ServerAddress newcomer, ServerAddress self, String clusterId) throws IOException {
        try {
            channels.to(newcomer).resetConnectBackoff();
            Introduction theirs = MastersGrpc.newBlockingStub(channels.to(newcomer))
                    .withWaitForReady()
                    .withDeadlineAfter(FOR_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                    .introduce(Introduction.getDefaultInstance());
            if (theirs.getHasState() && !theirs.getClusterId().equals(clusterId)) {
                throw new IOException(newcomer.http() + " belongs to cluster " + theirs.getClusterId() + ", this master to " + clusterId
                        + "; only a master with an empty directory can be let in");
            }
        } catch (StatusRuntimeException noAnswer) {
            throw new IOException("no master answers at " + newcomer.grpc() + " within " + FOR_ANSWER.toSeconds() + " s; start one"
                    + " there with -peers=" + self.http() + "," + newcomer.http() + " and an empty directory, then add it again", noAnswer);
        }
    }
}
