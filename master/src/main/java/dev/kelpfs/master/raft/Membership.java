package dev.kelpfs.master.raft;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.RaftException;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes who votes and who leads. Works at the leader only; calls wait. Safe for all threads. */
public final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    /**
     * A change that takes longer is helped on by an entry that changes nothing: on a busy machine the library sometimes
     * rests in the middle of a change until something is appended.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** After so many a majority is missing, and more of them would only fill the log. */
    private static final int MOST_PUSHES = 60;

    private final RaftServer server;
    private final RaftGroupId group;
    private final Member self;
    private final ClientId client;
    private final AtomicLong callIds;
    private final Runnable push;

    /** @param push appends an entry that changes nothing, without waiting */
    Membership(RaftServer server, RaftGroupId group, Member self, ClientId client, AtomicLong callIds, Runnable push) {
        this.server = server;
        this.group = group;
        this.self = self;
        this.client = client;
        this.callIds = callIds;
        this.push = push;
    }

    /**
     * Makes exactly these the members, in place of {@code before}. Newcomers get everything that was committed first, and
     * count from then on.
     *
     * @throws IOException if that was not committed: this master does not lead, another change is under way, the members
     *     are not {@code before} any more, or a newcomer cannot be reached
     */
    public void change(List<Member> before, List<Member> after) throws IOException {
        check(pushed(server.setConfigurationAsync(new SetConfigurationRequest(
                client, self.id(), group, callIds.incrementAndGet(),
                SetConfigurationRequest.Arguments.newBuilder()
                        .setServersInCurrentConf(peers(before))
                        .setServersInNewConf(peers(after))
                        .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                        .build()))));
    }

    private RaftClientReply pushed(CompletableFuture<RaftClientReply> reply) throws IOException {
        try {
            for (int pushes = 0; pushes < MOST_PUSHES; pushes++) {
                try {
                    return reply.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException slow) {
                    if (pushes == 0) LOG.info("The change of members takes long; if it goes on, look whether a majority of them answers");
                    push.run();
                }
            }
            return reply.get();
        } catch (ExecutionException failed) {
            throw new IOException(String.valueOf(failed.getCause().getMessage()), failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the members changed");
        }
    }

    /**
     * Has another member lead. Nothing is written in between.
     *
     * @throws IOException if it does not lead within the limit
     */
    public void transferTo(Member next, Duration limit) throws IOException {
        check(server.transferLeadership(new TransferLeadershipRequest(
                client, self.id(), group, callIds.incrementAndGet(), next.id(), limit.toMillis())));
    }

    private static List<RaftPeer> peers(List<Member> members) {
        return members.stream().map(Member::peer).toList();
    }

    private static void check(RaftClientReply reply) throws IOException {
        if (reply.isSuccess()) return;
        RaftException reason = reply.getException();
        throw new IOException(reason == null ? "the masters did not agree" : String.valueOf(reason.getMessage()), reason);
    }
}
