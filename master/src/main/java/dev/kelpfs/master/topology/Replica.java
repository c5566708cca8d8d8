package dev.kelpfs.master.topology;

import dev.kelpfs.wire.kelp.RegisteredReplica;
import dev.kelpfs.wire.master.VolumeInformationMessage;

/** One copy of a volume on one server. Guarded by the topology's lock. */
final class Replica {
    final Node node;
    final Volume volume;
    final LayoutKey key;

    /** The last report, or what the master asked for when it had the volume made. */
    VolumeInformationMessage info;
    /** Hash of {@link #info} as it goes into the server's digest; 0 before the first report. */
    long hash;
    /** False until a beat named it. */
    boolean reported;
    long createdNanos;
    /** Its server's list did not name it, but that list may be an old one. */
    boolean doubted;
    /** True once the registry holds what {@link #registration} says. */
    boolean inRegistry;

    Replica(Node node, Volume volume, LayoutKey key, VolumeInformationMessage info) {
        this.node = node;
        this.volume = volume;
        this.key = key;
        this.info = info;
    }

    boolean isFull(long sizeLimitBytes) {
        return info.getSize() >= sizeLimitBytes;
    }

    /** What the registry should hold about it. */
    RegisteredReplica registration(long sizeLimitBytes) {
        return RegisteredReplica.newBuilder()
                .setNodeId(node.id)
                .setVolumeId(info.getId())
                .setCollection(info.getCollection())
                .setReplicaPlacement(info.getReplicaPlacement())
                .setTtl(info.getTtl())
                .setDiskType(key.diskType().tag())
                .setReadOnly(info.getReadOnly())
                .setFull(isFull(sizeLimitBytes))
                .build();
    }
}
