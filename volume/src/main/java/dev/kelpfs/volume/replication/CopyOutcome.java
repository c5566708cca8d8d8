package dev.kelpfs.volume.replication;

/** What passing a change on can end in. */
public sealed interface CopyOutcome {
    /**
     * All servers have it.
     *
     * @param deletedBytes body size of a record that was deleted elsewhere; 0 if there was none
     */
    record Everywhere(long deletedBytes) implements CopyOutcome {}

    /** Some server has it not, or did not say so; the reason names each and is for people. */
    record Failed(String reason) implements CopyOutcome {}
}
