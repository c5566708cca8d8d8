package dev.kelpfs.master.raft;

import dev.kelpfs.rpc.ConnectFailures;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.kelp.RaftMessage;
import dev.kelpfs.wire.kelp.RaftTransportGrpc;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/**
 * Finds out at once that the process of the leader is gone: its connection breaks, and its port refuses the next one. A
 * machine that vanished or a network that is cut answers nothing; then the election timeout decides as ever. Safe for all
 * threads.
 */
final class LeaderProbe implements AutoCloseable {
    private final RpcChannels channels;
    private final Duration callLimit;
    private final Consumer<Followed> gone;
    /** Guarded by this. */
    private @Nullable Followed followed;

    /** A leader in its term. */
    record Followed(RaftPeerId leader, long term) {}

    /**
     * @param callLimit how long the leader may take to answer
     * @param gone told once, on a thread of its own, when the process of a leader that is followed is gone
     */
    LeaderProbe(RpcChannels channels, Duration callLimit, Consumer<Followed> gone) {
        this.channels = channels;
        this.callLimit = callLimit;
        this.gone = gone;
    }

    /** Watches this leader from now on, and no other. */
    void follow(Followed next) {
        synchronized (this) {
            if (next.equals(followed)) return;
            followed = next;
        }
        observe(next, channels.to(Member.of(next.leader).address()), false);
    }

    /** Watches nobody. */
    @Override
    public synchronized void close() {
        followed = null;
    }

    private synchronized boolean isFollowed(Followed leader) {
        return leader.equals(followed);
    }

    private void observe(Followed leader, ManagedChannel channel, boolean wasReady) {
        if (!isFollowed(leader)) return;
        ConnectivityState state = channel.getState(true);
        if (state == ConnectivityState.SHUTDOWN) return;
        // Who never had a connection may be on the wrong side of a firewall that refuses for another machine.
        if (wasReady && state != ConnectivityState.READY) {
            Thread.ofVirtual().name("kelp-leader-probe").start(() -> confirm(leader, channel));
        }
        channel.notifyWhenStateChanged(state, () -> observe(leader, channel, state == ConnectivityState.READY));
    }

    private void confirm(Followed leader, ManagedChannel channel) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(callLimit.toMillis(), TimeUnit.MILLISECONDS);
        channel.resetConnectBackoff();
        try {
            ClientCalls.blockingUnaryCall(
                    channel, RaftTransportGrpc.getExchangeMethod(), options, RaftMessage.getDefaultInstance());
        } catch (StatusRuntimeException failed) {
            // Any answer, a refusal of this empty message too, comes from a living process.
            if (ConnectFailures.isRefused(failed.getStatus()) && isFollowed(leader)) gone.accept(leader);
        }
    }
}
