package dev.kelpfs.storage.vacuum;

/** Told how a compaction goes on, by its thread; must not block. */
@FunctionalInterface
public interface CompactObserver {
    /** @param sourceBytes length of the records of the old data file that were read so far; called once a MiB or so */
    void processed(long sourceBytes);

    /**
     * A live record cannot be read and is left out, or the index is followed although the data say otherwise of the key, because
     * the options allow it.
     *
     * @param detail names file, offset and damage
     */
    default void dropped(long keyBits, String detail) {}

    /** Asked before every record; true ends the compaction. */
    default boolean isCancelled() {
        return false;
    }
}
