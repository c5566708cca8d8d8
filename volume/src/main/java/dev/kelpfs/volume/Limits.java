package dev.kelpfs.volume;

import java.time.Duration;

/**
 * Bounds of one volume server.
 *
 * @param fileBytes longest upload
 * @param concurrentUploadBytes announced bytes of running uploads above which new ones wait; 0 for no such limit
 * @param concurrentDownloadBytes bytes of running answers above which new ones wait; 0 for no such limit
 * @param uploadWait how long an upload above that limit waits before 429
 * @param downloadWait the same for reads
 * @param idle a connection without traffic for this long is closed
 * @param bodyMemoryBytes memory that bodies of running uploads may take together; above it uploads wait, then get 503
 * @param vacuumBytesPerSecond speed at which one vacuum reads; 0 for no limit
 */
public record Limits(
        long fileBytes, long concurrentUploadBytes, long concurrentDownloadBytes, Duration uploadWait, Duration downloadWait,
        Duration idle, long bodyMemoryBytes, long vacuumBytesPerSecond) {
    private static final long MIB = 1 << 20;

    public static final Limits DEFAULT = new Limits(
            256 * MIB, 0, 0, Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(30), 256 * MIB, 0);

    /** A record's data length is a signed 32-bit number on disk, with the other fields beside it. */
    private static final long MAX_FILE_BYTES = Integer.MAX_VALUE - MIB;

    public Limits {
        if (fileBytes < 1 || fileBytes > MAX_FILE_BYTES) {
            throw new IllegalArgumentException("the file size limit must be 1 to " + MAX_FILE_BYTES + " bytes, got " + fileBytes);
        }
        if (concurrentUploadBytes < 0 || concurrentDownloadBytes < 0) {
            throw new IllegalArgumentException("limits of running transfers must not be negative");
        }
        if (!uploadWait.isPositive() || !downloadWait.isPositive() || !idle.isPositive()) {
            throw new IllegalArgumentException("waits and the idle time must be positive");
        }
        if (vacuumBytesPerSecond < 0) throw new IllegalArgumentException("the speed of a vacuum must not be negative");
        if (bodyMemoryBytes < MIB) {
            throw new IllegalArgumentException("body memory must be at least 1 MiB, got " + bodyMemoryBytes);
        }
    }

    public Limits withFileBytes(long value) {
        return new Limits(
                value, concurrentUploadBytes, concurrentDownloadBytes, uploadWait, downloadWait, idle, bodyMemoryBytes,
                vacuumBytesPerSecond);
    }
}
