package dev.kelpfs.storage;

/** What deleting a volume can end in. */
public sealed interface DeleteVolumeResult {
    record Deleted() implements DeleteVolumeResult {}

    record NotFound() implements DeleteVolumeResult {}

    /** Only an empty one was to be deleted, and it is not. */
    record NotEmpty(long liveFiles) implements DeleteVolumeResult {}
}
