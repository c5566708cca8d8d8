package dev.kelpfs.shell.topology;

import dev.kelpfs.wire.master.DiskInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Room for volumes on disks of one type.
 *
 * @param type never empty: {@code hdd} is what has no name on the wire
 * @param active volumes that take writes
 * @param remote volumes whose data lie in a tier
 */
public record DiskUsage(String type, long volumes, long maxVolumes, long active, long free, long remote) {
    private static final String UNNAMED = "hdd";

    /** Never empty. */
    public static String typeName(String wireName) {
        return wireName.isEmpty() ? UNNAMED : wireName;
    }

    static DiskUsage of(String type, DiskInfo disk) {
        return new DiskUsage(typeName(type), disk.getVolumeCount(), disk.getMaxVolumeCount(), disk.getActiveVolumeCount(),
                disk.getFreeVolumeCount(), disk.getRemoteVolumeCount());
    }

    /** By type, sorted. */
    static List<DiskUsage> of(Map<String, DiskInfo> disks) {
        return disks.entrySet().stream()
                .map(disk -> of(disk.getKey(), disk.getValue()))
                .sorted(Comparator.comparing(DiskUsage::type))
                .toList();
    }

    @Override
    public String toString() {
        return type + "(volume:" + volumes + "/" + maxVolumes + " active:" + active + " free:" + free + " remote:" + remote + ")";
    }
}
