package dev.kelpfs.master.raft;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.StatusLine;
import dev.kelpfs.wire.kelp.RaftMessage;
import dev.kelpfs.wire.kelp.RaftMessageKind;
import dev.kelpfs.wire.kelp.RaftTransportGrpc;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** Sends the library's messages to the gRPC ports of other masters. One blocking call each. Safe for all threads. */
final class GrpcTransport implements RaftServerRpc {
    /** A piece of a snapshot takes longer than anything else. */
    private static final Duration SNAPSHOT_LIMIT = Duration.ofSeconds(30);

    private final RpcType type;
    private final RaftServer server;
    private final Wiring wiring;

    /**
     * What it needs of the house.
     *
     * @param callLimit how long a vote or an append may take
     * @param lease told which followers answered
     */
    record Wiring(RpcChannels channels, RaftDoor door, Lease lease, Duration callLimit) {}

    GrpcTransport(RpcType type, RaftServer server, Wiring wiring) {
        this.type = type;
        this.server = server;
        this.wiring = wiring;
    }

    @Override
    public void start() {
        wiring.door.open(server);
    }

    @Override
    public void close() {
        wiring.door.close();
    }

    @Override
    public RpcType getRpcType() {
        return type;
    }

    /** The port is the master's business; the library only logs it. */
    @Override
    public InetSocketAddress getInetSocketAddress() {
        ServerAddress self = Member.of(server.getId()).address();
        return InetSocketAddress.createUnresolved(self.host(), self.grpcPort());
    }

    /** Nothing to remember: the id of a peer names its address. */
    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {}

    /** Nothing to repair: a broken connection is made anew by the next call. */
    @Override
    public void handleException(RaftPeerId peer, Exception failed, boolean reconnect) {}

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
        return RequestVoteReplyProto.parseFrom(
                call(request.getServerRequest().getReplyId(), RaftMessages.of(RaftMessageKind.REQUEST_VOTE, request), wiring.callLimit));
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request) throws IOException {
        ByteString to = request.getServerRequest().getReplyId();
        long sent = wiring.lease.now();
        AppendEntriesReplyProto reply = AppendEntriesReplyProto.parseFrom(
                call(to, RaftMessages.of(RaftMessageKind.APPEND_ENTRIES, request), wiring.callLimit));
        if (reply.getResult() != AppendResult.NOT_LEADER) {
            wiring.lease.answered(RaftPeerId.valueOf(to), request.getLeaderTerm(), sent);
        }
        return reply;
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request) throws IOException {
        return InstallSnapshotReplyProto.parseFrom(
                call(request.getServerRequest().getReplyId(), RaftMessages.of(RaftMessageKind.INSTALL_SNAPSHOT, request), SNAPSHOT_LIMIT));
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request) throws IOException {
        return StartLeaderElectionReplyProto.parseFrom(call(
                request.getServerRequest().getReplyId(),
                RaftMessages.of(RaftMessageKind.START_LEADER_ELECTION, request), wiring.callLimit));
    }

    private byte[] call(ByteString peer, RaftMessage request, Duration limit) throws IOException {
        ServerAddress to = Member.of(RaftPeerId.valueOf(peer)).address();
        ManagedChannel channel = wiring.channels.to(to);
        // Whoever was away must be found again at once, not after the back-off of a channel.
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) channel.resetConnectBackoff();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return ClientCalls.blockingUnaryCall(channel, RaftTransportGrpc.getExchangeMethod(), options, request).getBody().toByteArray();
        } catch (StatusRuntimeException failed) {
            if (Thread.interrupted()) throw new InterruptedIOException("interrupted while calling master " + to);
            throw new IOException("master " + to + " did not answer: " + StatusLine.of(failed.getStatus()), failed);
        }
    }
}
