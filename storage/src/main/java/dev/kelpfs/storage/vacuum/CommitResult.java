package dev.kelpfs.storage.vacuum;

/** What putting compacted files in place can end in. The volume is as before in every case but {@link Committed}. */
public sealed interface CommitResult {
    /**
     * The volume uses the new files, durably.
     *
     * @param wasReadOnly the volume took no writes before, and takes none now
     * @param datBytes length of the data file
     * @param revision how often the volume was vacuumed, modulo 65,536
     */
    record Committed(boolean wasReadOnly, long datBytes, int revision) implements CommitResult {}

    /** There are no compacted files, or not all of them. */
    record NothingCompacted(String detail) implements CommitResult {}

    /** The volume is still being compacted, or committed by somebody else. */
    record StillRunning() implements CommitResult {}

    /** The volume has failed in the meantime; the compacted files are kept until the cleanup. */
    record Refused(String reason) implements CommitResult {}

    /** Writes came faster than they could be followed; the compacted files are kept for another try. */
    record Outpaced(String detail) implements CommitResult {}

    /** A needle that was written meanwhile cannot be read; the compacted files are gone. */
    record Unreadable(long keyBits, String detail) implements CommitResult {}

    /** No space was left for what was written meanwhile; the compacted files are gone. */
    record NoSpace(String detail) implements CommitResult {}
}
