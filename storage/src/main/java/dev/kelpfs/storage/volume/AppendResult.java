package dev.kelpfs.storage.volume;

/** What storing a needle can end in. Failures of the disk are exceptions instead. */
public sealed interface AppendResult {
    /**
     * It is stored, and durable if that was asked for.
     *
     * @param dataBytes length of the data
     * @param checksum CRC-32C of the data, the entity tag
     * @param appendEpochNanos its time in the volume's order
     */
    record Stored(int dataBytes, int checksum, long appendEpochNanos) implements AppendResult {}

    /** The same cookie and data are stored already; nothing was written. */
    record Unchanged(int dataBytes, int checksum) implements AppendResult {}

    /** The key is stored with another cookie. */
    record WrongCookie() implements AppendResult {}

    /** The volume takes no writes; the reason is for people. */
    record ReadOnly(String reason) implements AppendResult {}

    /** The volume has reached the largest offset that its index can express. */
    record VolumeFull(String detail) implements AppendResult {}

    /** No space is left on the disk; nothing was stored. */
    record DiskFull(String detail) implements AppendResult {}

    /** Not now: somebody else has the append right, or (for a queued append) the queue is full. */
    record Busy() implements AppendResult {
        static final Busy ANSWER = new Busy();
    }

    /** The volume was unmounted meanwhile. */
    record Unmounted() implements AppendResult {
        static final Unmounted ANSWER = new Unmounted();
    }
}
