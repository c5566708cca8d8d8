package dev.kelpfs.storage;

import dev.kelpfs.storage.volume.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings of a store.
 *
 * @param directories at least one; the position is the disk id
 * @param indexDirectory where index files go; empty = beside the data
 * @param threadsPerDisk most platform threads that block on one directory's disk at a time
 * @param queuePerDisk most pieces of work that wait for one of them; more are rejected
 * @param leastDurability what every write and deletion survives, whatever is asked for
 * @param lockWait how long to wait for another process that is giving a directory up
 */
public record StoreOptions(
        List<DataDirectoryOptions> directories,
        Optional<Path> indexDirectory,
        int threadsPerDisk,
        int queuePerDisk,
        Durability leastDurability,
        Duration lockWait) {
    public static final int DEFAULT_THREADS_PER_DISK = 32;
    public static final int DEFAULT_QUEUE_PER_DISK = 8192;
    public static final Duration DEFAULT_LOCK_WAIT = Duration.ofSeconds(15);

    public StoreOptions {
        directories = List.copyOf(directories);
        if (directories.isEmpty()) throw new IllegalArgumentException("a store needs at least one data directory");
        if (threadsPerDisk < 1 || queuePerDisk < 1) throw new IllegalArgumentException("threads and queue must be positive");
        if (lockWait.isNegative()) throw new IllegalArgumentException("negative wait " + lockWait);
    }

    /** The usual limits. */
    public static StoreOptions of(List<DataDirectoryOptions> directories) {
        return new StoreOptions(directories, Optional.empty(), DEFAULT_THREADS_PER_DISK, DEFAULT_QUEUE_PER_DISK,
                Durability.PROCESS_DEATH, DEFAULT_LOCK_WAIT);
    }
}
