package dev.kelpfs.master.growth;

import dev.kelpfs.master.placement.Wish;
import dev.kelpfs.master.topology.LayoutKey;

/**
 * Volumes that somebody wants.
 *
 * @param wish where; its replication is that of the key
 * @param volumes how many logical ones; 0 leaves it to the settings
 * @param preallocateBytes disk space that servers reserve for each; 0 for none
 * @param memoryMapMaxSizeMib handed through to servers; 0 for none
 * @param evenIfRoom volumes are wanted, not a place to write: they are made even if there are writable ones with room
 */
public record GrowthRequest(
        LayoutKey key, Wish wish, int volumes, long preallocateBytes, int memoryMapMaxSizeMib, boolean evenIfRoom) {
    public GrowthRequest {
        if (!wish.replication().equals(key.replication())) {
            throw new IllegalArgumentException("wish and layout ask for " + wish.replication() + " and " + key.replication());
        }
        if (volumes < 0 || volumes > GrowthSettings.MAX_VOLUMES) {
            throw new IllegalArgumentException("0 to " + GrowthSettings.MAX_VOLUMES + " volumes at a time, not " + volumes);
        }
        if (preallocateBytes < 0) throw new IllegalArgumentException("preallocate must not be negative, got " + preallocateBytes);
    }
}
