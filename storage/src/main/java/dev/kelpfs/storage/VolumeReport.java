package dev.kelpfs.storage;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.core.VolumeId;

/**
 * What a server tells about one volume.
 *
 * @param datBytes length of the data file, the reported size
 * @param indexedBytes sum of the body lengths of all stored needles, the size on the status page
 * @param version record version, 1 to 3
 * @param modifiedEpochSeconds when the data file was last written
 * @param diskId position of its directory
 * @param readOnlyReason for people; empty for a writable volume
 */
public record VolumeReport(
        VolumeId id,
        CollectionName collection,
        long datBytes,
        long indexedBytes,
        long files,
        long deleted,
        long deletedBytes,
        boolean readOnly,
        String readOnlyReason,
        ReplicaPlacement placement,
        int version,
        Ttl ttl,
        int revision,
        long modifiedEpochSeconds,
        DiskType diskType,
        int diskId) {}
