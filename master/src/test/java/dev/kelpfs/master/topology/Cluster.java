package dev.kelpfs.master.topology;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A topology with a clock in the hand, and a registry that agrees as soon as it is asked to. */
final class Cluster implements LiveTopology.Listener {
    static final long LIMIT = 1000 << 20;

    long nanos = 1;
    final List<LocationChange> changes = new ArrayList<>();
    final Set<String> unregistered = new LinkedHashSet<>();
    final List<String> closed = new ArrayList<>();
    final LiveTopology topology = new LiveTopology(new TopologySettings(LIMIT, 0.9, false), () -> nanos, this);
    private final Map<String, Map<Integer, RegisteredReplica>> registry = new HashMap<>();

    BeatStream stream(String name) {
        return new BeatStream(reason -> closed.add(name + ": " + reason));
    }

    void pass(Duration time) {
        nanos += time.toNanos();
    }

    /** Has everything committed that differs. */
    void register() {
        for (String id : List.copyOf(unregistered)) {
            Map<Integer, RegisteredReplica> known = registry.computeIfAbsent(id, unused -> new HashMap<>());
            ChangeRegistry.Builder change = ChangeRegistry.newBuilder();
            topology.compareWithRegistry(id, Optional.empty(), known, 0, change);
            change.getReplicasList().forEach(replica -> known.put(replica.getVolumeId(), replica));
            change.getRemovedReplicasList().forEach(gone -> known.remove(gone.getVolumeId()));
            topology.compareWithRegistry(id, Optional.empty(), known, 0, ChangeRegistry.newBuilder());
        }
        unregistered.clear();
    }

    Set<Integer> registered(String nodeId) {
        return registry.getOrDefault(nodeId, Map.of()).keySet();
    }

    static Heartbeat.Builder beat(String id, int port, VolumeInformationMessage... volumes) {
        return Heartbeat.newBuilder()
                .setIp("10.0.0.1").setPort(port).setId(id).setDataCenter("dc").setRack("r")
                .putMaxVolumeCounts("", 10).addLocationUuids("uuid of " + id)
                .addAllVolumes(List.of(volumes)).setHasNoVolumes(volumes.length == 0);
    }

    static VolumeInformationMessage volume(int id, String replication, long size) {
        return VolumeInformationMessage.newBuilder()
                .setId(id).setSize(size).setVersion(3).setReplicaPlacement(ReplicaPlacement.parse(replication).toByte()).build();
    }

    static LayoutKey key(String replication) {
        return new LayoutKey(CollectionName.DEFAULT, ReplicaPlacement.parse(replication), Ttl.NONE, DiskType.HDD);
    }

    List<String> writable(String replication) {
        return topology.writable(key(replication)).targets().stream().map(target -> target.volume().toString()).toList();
    }

    @Override
    public void locationsChanged(LocationChange change) {
        changes.add(change);
    }

    @Override
    public void registryDiffers(String nodeId) {
        unregistered.add(nodeId);
    }

    @Override
    public void serverCame(String nodeId) {}
}
