package dev.kelpfs.storage.vacuum;

/**
 * What compacting a volume can end in. In every case but {@link Compacted} nothing is left of it, and in every case the
 * volume itself is as before.
 */
public sealed interface CompactResult {
    /**
     * The new files wait for {@link Vacuum#commit}.
     *
     * @param copied needles in them
     * @param expired needles left out because their time is over
     * @param dropped needles left out because they cannot be read; only if the options allow it
     * @param datBytes length of the new data file
     */
    record Compacted(long copied, long expired, long dropped, long datBytes) implements CompactResult {}

    /** The volume is being compacted or committed already; this call has done nothing. */
    record AlreadyRunning() implements CompactResult {}

    /** The volume is in no state for it; the reason is for people. */
    record Refused(String reason) implements CompactResult {}

    /** The disk has too little space; the detail is for people. */
    record NoSpace(String detail) implements CompactResult {}

    /**
     * A live record cannot be read, or one is not dead that the index does not lead to. It is left as it is for a repair from
     * another copy, or by a rebuild of the index.
     *
     * @param keyBits its key
     * @param detail names file, offset, damage and what can be done
     */
    record Unreadable(long keyBits, String detail) implements CompactResult {}

    /** The observer or {@link Vacuum#cleanup} asked for the end. */
    record Cancelled() implements CompactResult {}

    /** The volume was unmounted before or meanwhile. */
    record Unmounted() implements CompactResult {}
}
