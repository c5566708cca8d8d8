package dev.kelpfs.master.topology;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.wire.master.VolumeInformationMessage;

/** What volumes must have in common to take the same files. */
public record LayoutKey(CollectionName collection, ReplicaPlacement replication, Ttl ttl, DiskType diskType) {
    /** @throws IllegalArgumentException if the report names a collection that cannot be */
    static LayoutKey of(VolumeInformationMessage volume) {
        return new LayoutKey(
                new CollectionName(volume.getCollection()),
                ReplicaPlacement.fromByte(volume.getReplicaPlacement()),
                Ttl.fromWire(volume.getTtl()),
                new DiskType(volume.getDiskType()));
    }

    /** For messages to people. */
    public String describe() {
        return "collection:" + collection + " replication:" + replication + " ttl:" + ttl;
    }
}
