package dev.kelpfs.storage;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.storage.volume.VolumeName;

/**
 * A volume that is wanted.
 *
 * @param reserveBytes room to reserve for its data file; 0 for none
 */
public record NewVolume(
        VolumeId id, CollectionName collection, ReplicaPlacement placement, Ttl ttl, DiskType diskType, long reserveBytes) {
    /** What its files are called. */
    VolumeName name() {
        return new VolumeName(collection, id);
    }
}
