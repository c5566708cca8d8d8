package dev.kelpfs.disk;

/**
 * Space of a file system.
 *
 * @param totalBytes size of the file system
 * @param freeBytes what this process may still use
 */
public record DiskSpace(long totalBytes, long freeBytes) {
    public DiskSpace {
        if (totalBytes < 0 || freeBytes < 0) {
            throw new IllegalArgumentException("negative space " + totalBytes + ", " + freeBytes);
        }
    }

    /** Free share in percent; 0 for a file system without size. */
    public double freePercent() {
        return totalBytes == 0 ? 0 : 100.0 * freeBytes / totalBytes;
    }

    public long usedBytes() {
        return Math.max(0, totalBytes - freeBytes);
    }
}
