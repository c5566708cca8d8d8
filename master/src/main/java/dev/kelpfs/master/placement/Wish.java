package dev.kelpfs.master.placement;

import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;

/**
 * What is asked of a placement. The names bind the main copy only; an empty one binds nothing.
 *
 * @param diskType kind of disk that every copy lies on; the spots that are chosen from are those of this type
 * @param dataNode id of the server that takes the main copy
 */
public record Wish(ReplicaPlacement replication, DiskType diskType, String dataCenter, String rack, String dataNode) {
    /** On any hard disks. */
    public static Wish anywhere(ReplicaPlacement replication) {
        return new Wish(replication, DiskType.HDD, "", "", "");
    }

    boolean admits(Spot main) {
        return (dataCenter.isEmpty() || dataCenter.equals(main.dataCenter()))
                && (rack.isEmpty() || rack.equals(main.rack()))
                && (dataNode.isEmpty() || dataNode.equals(main.nodeId()));
    }

    /** True if nothing binds the main copy. */
    public boolean isFree() {
        return dataCenter.isEmpty() && rack.isEmpty() && dataNode.isEmpty();
    }
}
