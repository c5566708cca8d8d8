package dev.kelpfs.storage;

import dev.kelpfs.core.DiskType;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory that holds volumes.
 *
 * @param maxVolumes most volumes in it; 0 = as many as its free space has room for
 * @param tags free words for operators, lower case
 */
public record DataDirectoryOptions(Path path, DiskType diskType, int maxVolumes, MinFreeSpace minFreeSpace, List<String> tags) {
    public static final int DEFAULT_MAX_VOLUMES = 8;

    public DataDirectoryOptions {
        if (maxVolumes < 0) throw new IllegalArgumentException("most volumes of " + path + " must not be negative, got " + maxVolumes);
        tags = List.copyOf(tags);
    }

    /** A hard disk with the usual limits. */
    public static DataDirectoryOptions of(Path path) {
        return new DataDirectoryOptions(path, DiskType.HDD, DEFAULT_MAX_VOLUMES, MinFreeSpace.DEFAULT, List.of());
    }
}
