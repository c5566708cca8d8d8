package dev.kelpfs.storage.vacuum;

/** What removing the files of a vacuum can end in. */
public sealed interface CleanupResult {
    /** There are none now. */
    record Clean() implements CleanupResult {}

    /** They are being put in place, or a marker says that they were; the next start settles that. */
    record Committing(String detail) implements CleanupResult {}
}
