package dev.kelpfs.master.state;

/** What applying one command came to. Every case is ordinary and the same on every master. */
public sealed interface Applied {
    /** The cluster has this identity now, or had it before. */
    record Founded(String clusterId) implements Applied {}

    /** The keys {@code first} to {@code first + count - 1} belong to the proposer. */
    record KeysReserved(long first, long count) implements Applied {}

    /** The volume ids {@code first} to {@code first + count - 1} belong to the proposer. */
    record VolumeIdsReserved(long first, int count) implements Applied {}

    /** The registry holds the change. */
    record RegistryChanged() implements Applied {}

    /** The list of masters that were taken out holds the change. */
    record MastersChanged() implements Applied {}

    /** Nothing was changed, because the command asks for what cannot be. */
    record Refused(String reason) implements Applied {}
}
