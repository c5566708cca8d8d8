package dev.kelpfs.master.assign;

import dev.kelpfs.master.growth.GrowthRequest;
import dev.kelpfs.master.growth.GrowthSettings;
import dev.kelpfs.master.ids.FileKeys;
import dev.kelpfs.master.placement.Wish;
import dev.kelpfs.master.topology.LayoutKey;

/**
 * What is asked for.
 *
 * @param count keys in a row, 1 to {@link FileKeys#MAX_COUNT}
 * @param place where; its replication is that of the key
 * @param fileBytes expected size of one file; 0 if unknown
 * @param growVolumes volumes to make if some must be made; 0 leaves it to the settings
 * @param preallocateBytes disk space that is reserved for each of them
 * @param memoryMapMaxSizeMib handed through to servers
 */
public record AssignWish(
        long count, LayoutKey key, Wish place, long fileBytes, int growVolumes, long preallocateBytes, int memoryMapMaxSizeMib) {
    public AssignWish {
        if (count < 1 || count > FileKeys.MAX_COUNT) {
            throw new IllegalArgumentException("count must be 1 to " + FileKeys.MAX_COUNT + ", got " + Long.toUnsignedString(count));
        }
        if (fileBytes < 0) throw new IllegalArgumentException("dataSize must not be negative, got " + fileBytes);
        if (preallocateBytes < 0) throw new IllegalArgumentException("preallocate must not be negative, got " + preallocateBytes);
        growVolumes = Math.clamp(growVolumes, 0, GrowthSettings.MAX_VOLUMES);
    }

    GrowthRequest growth() {
        return new GrowthRequest(key, place, growVolumes, preallocateBytes, memoryMapMaxSizeMib, false);
    }
}
