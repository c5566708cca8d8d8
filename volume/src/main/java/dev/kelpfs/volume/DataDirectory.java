package dev.kelpfs.volume;

import dev.kelpfs.core.DiskType;
import java.nio.file.Path;
import java.util.List;

/**
 * One directory with volumes.
 *
 * @param path must exist, be a directory and be writable when the server starts
 * @param maxVolumes slots; 0 derives them from the free space and the master's volume size limit
 * @param tags told to the master; they mean nothing here
 */
public record DataDirectory(Path path, DiskType diskType, int maxVolumes, MinFree minFree, List<String> tags) {
    /** Slots when nothing is said. */
    public static final int DEFAULT_MAX_VOLUMES = 8;

    public DataDirectory {
        tags = List.copyOf(tags);
        if (maxVolumes < 0) {
            throw new IllegalArgumentException("max volumes of " + path + " must not be negative, got " + maxVolumes);
        }
    }

    public static DataDirectory of(Path path) {
        return new DataDirectory(path, DiskType.HDD, DEFAULT_MAX_VOLUMES, MinFree.DEFAULT, List.of());
    }

    public DataDirectory withMaxVolumes(int value) {
        return new DataDirectory(path, diskType, value, minFree, tags);
    }

    /**
     * How much of the file system must stay free: below it the directory takes no more writes.
     *
     * @param percent share of the whole, 0 to 100; 0 when bytes count
     * @param bytes 0 when the share counts
     */
    public record MinFree(double percent, long bytes) {
        /** One percent. */
        public static final MinFree DEFAULT = new MinFree(1, 0);

        public MinFree {
            if (!(percent >= 0 && percent <= 100)) {
                throw new IllegalArgumentException("minimum free space must be 0 to 100 percent, got " + percent);
            }
            if (bytes < 0) throw new IllegalArgumentException("minimum free space must not be negative, got " + bytes);
        }
    }
}
