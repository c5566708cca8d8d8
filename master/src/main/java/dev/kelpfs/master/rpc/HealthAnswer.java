package dev.kelpfs.master.rpc;

import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.state.MemberProgress;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.NodeSummary;
import dev.kelpfs.wire.kelp.ClusterHealth;
import dev.kelpfs.wire.kelp.DownServer;
import dev.kelpfs.wire.kelp.HeldBackServer;
import dev.kelpfs.wire.kelp.MasterHealth;
import dev.kelpfs.wire.kelp.MasterPulse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a master says is wrong, for those who ask over gRPC: what its status page shows in red. */
public final class HealthAnswer {
    private static final int MOST_SERVERS = 1000;
    private static final int MOST_CONFLICTS = 50;

    private HealthAnswer() {}

    /**
     * @param topology the servers as the leader sees them; empty if this master does not lead
     * @param waitsFor what keeps this master from taking part, or needs a person; empty if nothing does
     */
    public static ClusterHealth of(Standing standing, Optional<LiveTopology> topology, String waitsFor) {
        ClusterHealth.Builder health = ClusterHealth.newBuilder()
                .setSelf(standing.address().withBothPorts())
                .setLeads(topology.isPresent())
                .setWaitsFor(waitsFor)
                .setFailure(standing.failure());
        topology.ifPresent(servers -> tellAll(standing, servers, health));
        return health.build();
    }

    private static void tellAll(Standing standing, LiveTopology topology, ClusterHealth.Builder health) {
        standing.masters().forEach(master -> health.addMasters(master(master)));
        List<Standing.DownServer> down = standing.down();
        health.setDownInAll(down.size());
        down.stream().limit(MOST_SERVERS).forEach(server -> health.addDown(DownServer.newBuilder()
                .setServer(server.url())
                .setDataCenter(server.dataCenter())
                .setRack(server.rack())
                .setSinceEpochSeconds(server.since().getEpochSecond())
                .setVolumes(server.volumes())));
        topology.nodes().stream().filter(node -> !node.standing().isEmpty()).limit(MOST_SERVERS)
                .forEach(node -> health.addHeldBack(heldBack(node)));
        health.addAllConflicts(topology.conflicts(MOST_CONFLICTS));
    }

    private static MasterHealth master(MemberProgress master) {
        MasterPulse pulse = switch (master.pulse()) {
            case LEADS -> MasterPulse.PULSE_LEADS;
            case OK -> MasterPulse.PULSE_OK;
            case LATE -> MasterPulse.PULSE_LATE;
            case SILENT -> MasterPulse.PULSE_SILENT;
            case UNKNOWN -> MasterPulse.PULSE_UNKNOWN;
        };
        return MasterHealth.newBuilder()
                .setAddress(master.address().withBothPorts())
                .setPulse(pulse)
                .setEntriesBehind(master.entriesBehind().orElse(0))
                .setSilentMillis(master.silentFor().map(Duration::toMillis).orElse(0L))
                .build();
    }

    private static HeldBackServer heldBack(NodeSummary node) {
        return HeldBackServer.newBuilder()
                .setServer(node.place().url())
                .setDataCenter(node.place().dataCenter())
                .setRack(node.place().rack())
                .setReason(node.standing())
                .build();
    }
}
