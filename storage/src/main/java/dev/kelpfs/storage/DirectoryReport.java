package dev.kelpfs.storage;

import dev.kelpfs.core.DiskType;
import dev.kelpfs.disk.DiskSpace;
import java.nio.file.Path;
import java.util.List;

/**
 * What a server tells about one data directory.
 *
 * @param diskId its position
 * @param uuid text of its {@code vol_dir.uuid}
 * @param effectiveMaxVolumes most volumes that it takes now; what is in use while the disk is low
 * @param space as last checked
 * @param low less than the minimum is free
 * @param refused files that are no volume of a kind that is served, each with the reason
 */
public record DirectoryReport(
        int diskId,
        Path path,
        DiskType diskType,
        String uuid,
        List<String> tags,
        int volumes,
        int effectiveMaxVolumes,
        DiskSpace space,
        boolean low,
        List<String> refused) {}
