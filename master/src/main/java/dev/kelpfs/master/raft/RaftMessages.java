package dev.kelpfs.master.raft;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kelpfs.wire.kelp.RaftMessage;
import dev.kelpfs.wire.kelp.RaftMessageKind;
import java.io.IOException;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.server.protocol.RaftServerProtocol;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/** The library's messages inside ours. The library brings a relocated protobuf, so they travel as bytes. */
final class RaftMessages {
    private RaftMessages() {}

    static RaftMessage of(RaftMessageKind kind, MessageLite message) {
        return RaftMessage.newBuilder().setKind(kind).setBody(UnsafeByteOperations.unsafeWrap(message.toByteArray())).build();
    }

    /** Has a request answered by this master's consensus. */
    static RaftMessage serve(RaftServerProtocol server, RaftMessage request) throws IOException {
        ByteString body = request.getBody();
        MessageLite reply = switch (request.getKind()) {
            case REQUEST_VOTE -> server.requestVote(RequestVoteRequestProto.parseFrom(body.toByteArray()));
            case APPEND_ENTRIES -> server.appendEntries(AppendEntriesRequestProto.parseFrom(body.toByteArray()));
            case INSTALL_SNAPSHOT -> server.installSnapshot(InstallSnapshotRequestProto.parseFrom(body.toByteArray()));
            case START_LEADER_ELECTION ->
                server.startLeaderElection(StartLeaderElectionRequestProto.parseFrom(body.toByteArray()));
            case RAFT_MESSAGE_UNKNOWN, UNRECOGNIZED ->
                throw new IOException("a message of kind " + request.getKindValue() + " is not known to this release");
        };
        return of(request.getKind(), reply);
    }
}
