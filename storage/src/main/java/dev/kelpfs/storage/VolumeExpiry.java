package dev.kelpfs.storage;

import dev.kelpfs.core.Ttl;
import dev.kelpfs.storage.volume.VolumeNumbers;

/**
 * When a volume with a time to live is over (storage formats, section 7.1). A function of its numbers and the time.
 *
 * <p>The time counts from the last write. The reference counts from the largest modification time that a client gave:
 * there a volume of files with old ones ({@code ts}) goes before the files' time is over, and one with a future one never.
 */
final class VolumeExpiry {
    private static final long SUPERBLOCK_BYTES = 8;
    private static final long MAX_DELAY_MINUTES = 10;

    private VolumeExpiry() {}

    /** True if everything in it has outlived its time; it is no longer announced then. */
    static boolean isExpired(Ttl ttl, VolumeNumbers numbers, long sizeLimitBytes, long nowEpochSeconds) {
        if (ttl.isNone() || sizeLimitBytes == 0 || numbers.datBytes() <= SUPERBLOCK_BYTES) return false;
        return (nowEpochSeconds - numbers.modifiedEpochSeconds()) / 60 > ttl.minutes();
    }

    /** True if an expired volume may be deleted: a while later, so that nobody still reads from it. */
    static boolean isDeletable(Ttl ttl, VolumeNumbers numbers, long nowEpochSeconds) {
        long delayMinutes = Math.min(ttl.minutes() / 10, MAX_DELAY_MINUTES);
        return nowEpochSeconds > numbers.modifiedEpochSeconds() + 60 * (ttl.minutes() + delayMinutes);
    }
}
