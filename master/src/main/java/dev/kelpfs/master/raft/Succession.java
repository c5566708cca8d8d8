package dev.kelpfs.master.raft;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who stands for election when the process of the leader is known to be gone: the survivors one after the other, in the
 * order of their ids, without waiting for the election timeout. Two at once would share the votes.
 */
final class Succession {
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);
    /** By so much each survivor lets the one before it go first; an election takes a fraction of it. */
    private static final Duration TURN = Duration.ofMillis(100);

    private final RaftServer server;
    private final RaftServer.Division division;
    private final RaftPeerId self;

    Succession(RaftServer server, RaftServer.Division division, RaftPeerId self) {
        this.server = server;
        this.division = division;
        this.self = self;
    }

    /** Waits for this master's turn and stands, unless another was elected or asked for a vote meanwhile. */
    void standIfInTurn(LeaderProbe.Followed gone) {
        List<RaftPeerId> survivors = division.getRaftConf().getCurrentPeers().stream().map(RaftPeer::getId)
                .filter(id -> !id.equals(gone.leader())).sorted(Comparator.comparing(RaftPeerId::toString)).toList();
        int turn = survivors.indexOf(self);
        if (turn < 0) return;
        try {
            Thread.sleep(TURN.multipliedBy(turn));
            DivisionInfo info = division.getInfo();
            if (info.getCurrentTerm() != gone.term() || !gone.leader().equals(info.getLeaderId())) return;
            LOG.info("The process of {}, which led, is gone; standing for election", Member.of(gone.leader()).address());
            stand(gone.leader());
        } catch (IOException | RuntimeException refused) {
            LOG.info("No election before the timeout: {}", refused.getMessage());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** As if the leader itself had handed over, which skips the question whether others still hear of it. */
    private void stand(RaftPeerId leader) throws IOException {
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        if (last == null) return;
        server.startLeaderElection(StartLeaderElectionRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(leader.toByteString())
                        .setReplyId(self.toByteString())
                        .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(division.getGroup().getGroupId())))
                .setLeaderLastEntry(last.toProto())
                .build());
    }
}
