package dev.kelpfs.storage;

import dev.kelpfs.disk.DiskSpace;

/**
 * How much of a disk is to stay free: a share in percent or a number of bytes.
 *
 * @param percent 0 to 100; used if {@code bytes} is 0
 * @param bytes 0, or more than 100
 */
public record MinFreeSpace(double percent, long bytes) {
    /** One percent. */
    public static final MinFreeSpace DEFAULT = new MinFreeSpace(1, 0);

    public MinFreeSpace {
        if (!(percent >= 0 && percent <= 100)) throw new IllegalArgumentException("percent must be 0 to 100, got " + percent);
        if (bytes < 0) throw new IllegalArgumentException("negative size " + bytes);
    }

    /** True if less than this is free. */
    public boolean isMissedBy(DiskSpace space) {
        return bytes > 0 ? space.freeBytes() < bytes : space.freePercent() < percent;
    }

    @Override
    public String toString() {
        return bytes > 0 ? bytes + " bytes" : percent + " %";
    }
}
