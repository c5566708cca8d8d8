package dev.kelpfs.master.topology;

import dev.kelpfs.core.DiskType;
import dev.kelpfs.wire.master.DiskTag;
import dev.kelpfs.wire.master.Heartbeat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a server said about its disks, by type. Guarded by the topology's lock. */
final class NodeDisks {
    private final SortedMap<DiskType, Long> maxVolumes = new TreeMap<>();
    private final SortedMap<DiskType, Long> totalBytes = new TreeMap<>();
    private final SortedMap<DiskType, Long> freeBytes = new TreeMap<>();
    private List<DiskTag> tags = List.of();

    /** Takes over what a beat says; what it leaves out stays. A maximum of 0 is no statement. */
    void update(Heartbeat beat) {
        beat.getMaxVolumeCountsMap().forEach((type, count) -> {
            if (count != 0) maxVolumes.put(new DiskType(type), Integer.toUnsignedLong(count));
        });
        beat.getDiskTotalBytesMap().forEach((type, bytes) -> totalBytes.put(new DiskType(type), bytes));
        beat.getDiskFreeBytesMap().forEach((type, bytes) -> freeBytes.put(new DiskType(type), bytes));
        if (beat.getDiskTagsCount() > 0) tags = List.copyOf(beat.getDiskTagsList());
    }

    /** Types it has, including those of which it only named volumes. */
    Set<DiskType> types(Iterable<Replica> replicas) {
        Set<DiskType> types = new TreeSet<>(maxVolumes.keySet());
        replicas.forEach(replica -> types.add(replica.key.diskType()));
        return types;
    }

    long maxVolumes(DiskType type) {
        return maxVolumes.getOrDefault(type, 0L);
    }

    long totalBytes(DiskType type) {
        return totalBytes.getOrDefault(type, 0L);
    }

    long freeBytes(DiskType type) {
        return freeBytes.getOrDefault(type, 0L);
    }

    List<DiskTag> tags(DiskType type) {
        List<DiskTag> ofType = new ArrayList<>();
        for (DiskTag tag : tags) {
            if (new DiskType(tag.getType()).equals(type)) ofType.add(tag);
        }
        return ofType;
    }
}
