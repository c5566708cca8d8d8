package dev.kelpfs.storage.vacuum;

/**
 * How a volume is compacted.
 *
 * @param preallocateBytes room that the new data file is to have at least; 0 for just what it needs
 * @param bytesPerSecond bound for what is read, on average over a second; 0 for none
 * @param dropUnreadable leaves out live records that cannot be read instead of stopping, and those that the index does not
 *     lead to, also in a volume that a check has found damaged; they are lost then
 * @param evenIfMarked compacts a volume that somebody marked read-only
 */
public record CompactOptions(long preallocateBytes, long bytesPerSecond, boolean dropUnreadable, boolean evenIfMarked) {
    /** No preallocation, no bound, nothing dropped, no marked volumes. */
    public static final CompactOptions DEFAULT = new CompactOptions(0, 0, false, false);

    public CompactOptions {
        if (preallocateBytes < 0) throw new IllegalArgumentException("negative preallocation " + preallocateBytes);
        if (bytesPerSecond < 0) throw new IllegalArgumentException("negative bytes per second " + bytesPerSecond);
    }

    public CompactOptions preallocating(long bytes) {
        return new CompactOptions(bytes, bytesPerSecond, dropUnreadable, evenIfMarked);
    }

    public CompactOptions atMost(long bytesPerSecondBound) {
        return new CompactOptions(preallocateBytes, bytesPerSecondBound, dropUnreadable, evenIfMarked);
    }

    public CompactOptions droppingUnreadable() {
        return new CompactOptions(preallocateBytes, bytesPerSecond, true, evenIfMarked);
    }

    public CompactOptions evenMarkedReadOnly() {
        return new CompactOptions(preallocateBytes, bytesPerSecond, dropUnreadable, true);
    }
}
