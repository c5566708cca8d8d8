package dev.kelpfs.storage.volume;

import dev.kelpfs.storage.needle.RecordVersion;

/**
 * Content of a volume info file ({@code .vif}).
 *
 * @param remoteFiles number of files that lie in a remote tier
 * @param version record version; 0 if it does not say, else it overrides the superblock's
 * @param replication overrides the superblock's placement if not empty
 * @param offsetBytes 4 or 5, bytes of an offset in the index file; 0 if it does not say
 * @param datFileBytes length of the data file when it was erasure-coded
 * @param expireAtEpochSeconds 0 for never
 * @param erasureCoded true if it has parameters of erasure coding
 */
record VolumeInfo(
        int remoteFiles,
        int version,
        String replication,
        int offsetBytes,
        long datFileBytes,
        long expireAtEpochSeconds,
        boolean readOnly,
        boolean readOnlyCanDelete,
        boolean erasureCoded) {
    /** Bytes of an offset in the index files of this build. */
    static final int OFFSET_BYTES = 4;

    static final VolumeInfo NONE = new VolumeInfo(0, 0, "", 0, 0, 0, false, false, false);

    /** What a new volume gets. */
    static VolumeInfo fresh(RecordVersion version, long expireAtEpochSeconds) {
        return new VolumeInfo(0, version.number(), "", OFFSET_BYTES, 0, expireAtEpochSeconds, false, false, false);
    }

    VolumeInfo withReadOnly(boolean readOnly, boolean canDelete, long expireAtEpochSeconds) {
        return new VolumeInfo(remoteFiles, version, replication, offsetBytes, datFileBytes, expireAtEpochSeconds,
                readOnly, readOnly && canDelete, erasureCoded);
    }
}
