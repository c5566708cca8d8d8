package dev.kelpfs.master.raft;

import dev.kelpfs.master.state.MemberProgress;
import dev.kelpfs.master.state.Pulse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;

/** Reads from the library how far every member is. */
final class Progress {
    private Progress() {}

    /**
     * All voters, in the order of the configuration.
     *
     * @param heartbeat the longest time between two calls of a leader to a follower
     */
    static List<MemberProgress> of(RaftServer.Division division, RaftPeerId self, Duration heartbeat) {
        DivisionInfo info = division.getInfo();
        Map<RaftPeerId, Follower> followers = info.isLeader() ? followers(division, info) : Map.of();
        List<MemberProgress> members = new ArrayList<>();
        for (RaftPeer peer : division.getRaftConf().getCurrentPeers()) {
            RaftPeerId id = peer.getId();
            Optional<Follower> follower = Optional.ofNullable(followers.get(id));
            boolean leads = info.isLeader() ? id.equals(self) : id.equals(info.getLeaderId());
            OptionalLong behind = follower.isPresent() ? OptionalLong.of(follower.get().behind)
                    : info.isLeader() && id.equals(self) ? OptionalLong.of(0) : OptionalLong.empty();
            Optional<Duration> silent = follower.map(Follower::silent);
            members.add(new MemberProgress(Member.of(id).address(), leads, Pulse.of(leads, silent, heartbeat), behind, silent));
        }
        return members;
    }

    private record Follower(long behind, Duration silent) {}

    /** The library lists what it tells of its followers in one order. */
    private static Map<RaftPeerId, Follower> followers(RaftServer.Division division, DivisionInfo info) {
        RoleInfoProto role = info.getRoleInfoProto();
        long[] match = info.getFollowerMatchIndices();
        List<ServerRpcProto> told = role.getLeaderInfo().getFollowerInfoList();
        Map<RaftPeerId, Follower> followers = new HashMap<>();
        // It ceased to lead, or a member came or went, between the two questions; the next look shows all again.
        if (match == null || told.size() != match.length) return followers;
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        for (int i = 0; i < match.length; i++) {
            long behind = last == null ? 0 : Math.max(0, last.getIndex() - match[i]);
            ServerRpcProto follower = told.get(i);
            followers.put(RaftPeerId.valueOf(follower.getId().getId()),
                    new Follower(behind, Duration.ofMillis(Math.max(0, follower.getLastRpcElapsedTimeMs()))));
        }
        return followers;
    }
}
