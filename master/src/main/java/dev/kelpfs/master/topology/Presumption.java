package dev.kelpfs.master.topology;

import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.util.Collection;

/**
 * The picture that a new leader begins with: servers that were up when its predecessor knew of them, with their volumes. They
 * are found and written to until a stream confirms them or something refutes it. Sizes are not known, which keeps no volume
 * from being written. Guarded like {@link Topology}.
 */
final class Presumption {
    private Presumption() {}

    /** Takes a server in that has no stream. A server that is connected already knows better. */
    static void presume(
            Topology topology, RegisteredNode registered, Collection<RegisteredReplica> replicas, long nowNanos, Effects effects) {
        if (topology.node(registered.getId()).isPresent()) return;
        Place place = new Place(
                registered.getId(), registered.getAddress(), registered.getPublicUrl(), registered.getGrpcPort(),
                registered.getDataCenter(), registered.getRack());
        String host = registered.getAddress().substring(0, Math.max(0, registered.getAddress().lastIndexOf(':')));
        BeatStream nobody = new BeatStream(reason -> { });
        Node node = new Node(registered.getId(), place, host, nobody);
        nobody.node = node;
        node.trust = Trust.PRESUMED;
        node.isKelp = registered.getKelp();
        node.lastBeatNanos = nowNanos;
        topology.add(node, effects);
        for (RegisteredReplica known : replicas) {
            Replica replica = topology.putReplica(node, info(known, topology.settings.sizeLimitBytes()), effects);
            replica.inRegistry = true;
            // The list of the server decides: what it does not name is gone.
            replica.reported = true;
        }
    }

    /** The server answered without having opened a stream yet. */
    static void reachable(Topology topology, Node node) {
        if (node.trust == Trust.PRESUMED) trust(topology, node, Trust.REACHABLE);
    }

    /** Sets how sure it is that a server is there; its volumes are sorted in anew. */
    static void trust(Topology topology, Node node, Trust trust) {
        if (node.trust == trust) return;
        node.trust = trust;
        for (Replica replica : node.replicas.values()) {
            replica.volume.target = null;
            topology.touch(replica.volume);
        }
    }

    private static VolumeInformationMessage info(RegisteredReplica replica, long sizeLimitBytes) {
        return VolumeInformationMessage.newBuilder()
                .setId(replica.getVolumeId())
                .setCollection(replica.getCollection())
                .setReplicaPlacement(replica.getReplicaPlacement())
                .setTtl(replica.getTtl())
                .setDiskType(replica.getDiskType())
                .setReadOnly(replica.getReadOnly())
                .setSize(replica.getFull() ? sizeLimitBytes : 0)
                .build();
    }
}
