package dev.kelpfs.storage;

import dev.kelpfs.storage.volume.Volume;

/** What mounting a volume that lies on disk can end in. */
public sealed interface MountResult {
    record Mounted(Volume volume) implements MountResult {}

    record AlreadyMounted(Volume volume) implements MountResult {}

    /** No directory has files of it. */
    record NotFound() implements MountResult {}

    /** There are files, but of a kind or in a state that is not served. */
    record Refused(String reason) implements MountResult {}
}
