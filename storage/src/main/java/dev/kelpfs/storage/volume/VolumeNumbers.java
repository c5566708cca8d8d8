package dev.kelpfs.storage.volume;

/**
 * What a volume counts (storage formats, section 10.7).
 *
 * @param datBytes length of the data file
 * @param idxBytes length of the index file
 * @param files needles ever stored since the last vacuum, overwritten and deleted ones included
 * @param fileBytes sum of their body lengths
 * @param deleted needles overwritten or deleted
 * @param deletedBytes sum of their body lengths
 * @param maxKey largest key, unsigned
 * @param modifiedEpochSeconds when the data file was last written
 * @param revision how often the volume was vacuumed, modulo 65,536
 */
public record VolumeNumbers(
        long datBytes,
        long idxBytes,
        long files,
        long fileBytes,
        long deleted,
        long deletedBytes,
        long maxKey,
        long modifiedEpochSeconds,
        int revision) {
    /** Share of bytes that a vacuum would free, 0 to 1 (storage formats, section 11.1). */
    public double garbageRatio() {
        if (deleted > 0 && deletedBytes == 0) return datBytes == 0 ? 0 : (double) (datBytes - fileBytes - 8) / datBytes;
        return fileBytes == 0 ? 0 : (double) deletedBytes / fileBytes;
    }
}
