package dev.kelpfs.master.assign;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.master.growth.GrowthRequest;
import dev.kelpfs.master.placement.Wish;
import dev.kelpfs.master.topology.LayoutKey;
import java.util.OptionalLong;

/**
 * What is asked for as it came, in texts and plain numbers; empty texts and zeros mean the defaults.
 *
 * @param preallocateBytes empty for what the master is set to
 */
public record AssignForm(
        long count, String collection, String replication, String ttl, String diskType, String dataCenter, String rack,
        String dataNode, long fileBytes, int growVolumes, OptionalLong preallocateBytes, int memoryMapMaxSizeMib) {

    /**
     * What a master is set to.
     *
     * @param replication where a request names none
     * @param preallocateBytes disk space reserved for every new volume; 0 for none
     */
    public record Defaults(ReplicaPlacement replication, long preallocateBytes) {}

    /** @throws IllegalArgumentException if a text cannot be read; the message says what was expected and what came */
    public AssignWish read(Defaults defaults) {
        LayoutKey key = layout(defaults);
        return new AssignWish(count == 0 ? 1 : count, key, place(key), fileBytes, growVolumes,
                preallocateBytes.orElse(defaults.preallocateBytes), memoryMapMaxSizeMib);
    }

    /** The same as a request for new volumes. @throws IllegalArgumentException as {@link #read} does */
    public GrowthRequest readGrowth(Defaults defaults) {
        LayoutKey key = layout(defaults);
        return new GrowthRequest(
                key, place(key), growVolumes, preallocateBytes.orElse(defaults.preallocateBytes), memoryMapMaxSizeMib, true);
    }

    private LayoutKey layout(Defaults defaults) {
        ReplicaPlacement placement = replication.isEmpty() ? defaults.replication : ReplicaPlacement.parse(replication);
        CollectionName name = collection.isEmpty() ? CollectionName.DEFAULT : new CollectionName(collection);
        DiskType type = diskType.isEmpty() ? DiskType.HDD : new DiskType(diskType);
        return new LayoutKey(name, placement, Ttl.parse(ttl), type);
    }

    private Wish place(LayoutKey key) {
        return new Wish(key.replication(), key.diskType(), dataCenter, rack, dataNode);
    }
}
