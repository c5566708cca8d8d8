package dev.kelpfs.client;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.Ttl;

/**
 * Where a file should go. The empty text of {@code replication}, {@code dataCenter} and {@code rack} leaves the choice
 * to the master.
 */
public record Placement(
        CollectionName collection, String replication, Ttl ttl, DiskType diskType, String dataCenter, String rack) {
    /** The default collection, the master's replication, to be kept. */
    public static final Placement DEFAULT = new Placement(CollectionName.DEFAULT, "", Ttl.NONE, DiskType.HDD, "", "");

    public Placement inCollection(String name) {
        return new Placement(new CollectionName(name), replication, ttl, diskType, dataCenter, rack);
    }

    public Placement replicated(String xyz) {
        return new Placement(collection, xyz, ttl, diskType, dataCenter, rack);
    }

    public Placement keptFor(Ttl time) {
        return new Placement(collection, replication, time, diskType, dataCenter, rack);
    }

    public Placement onDisk(String type) {
        return new Placement(collection, replication, ttl, new DiskType(type), dataCenter, rack);
    }

    public Placement inDataCenter(String name) {
        return new Placement(collection, replication, ttl, diskType, name, rack);
    }

    /** In a rack of the data center that is asked for. */
    public Placement inRack(String name) {
        return new Placement(collection, replication, ttl, diskType, dataCenter, name);
    }
}
