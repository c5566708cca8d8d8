package dev.kelpfs.storage;

import dev.kelpfs.storage.volume.Volume;

/** What creating a volume can end in. */
public sealed interface AllocateResult {
    /** It exists now, is mounted and durable. */
    record Allocated(Volume volume) implements AllocateResult {}

    /** A volume of this id is mounted already. */
    record AlreadyMounted(Volume volume) implements AllocateResult {}

    /** Files of a volume of this id lie in a directory, and it cannot be made out of them; the reason is for people. */
    record Taken(String reason) implements AllocateResult {}

    /** No directory can take it; the detail names each and its reason. */
    record NoRoom(String detail) implements AllocateResult {}
}
