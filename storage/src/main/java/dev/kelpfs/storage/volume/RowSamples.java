package dev.kelpfs.storage.volume;

/** The last few rows of an index file of some kind, kept in a ring for a closer look. */
final class RowSamples {
    private static final int LONGS = 3;

    private final long[] ring;
    private final int mask;
    private long added;

    /** @param most a power of two */
    RowSamples(int most) {
        this.mask = most - 1;
        ring = new long[LONGS * most];
    }

    /** @param inLine true if the record lies where the rows before and after leave room for it */
    void add(long keyBits, long entry, boolean inLine) {
        int at = ((int) added++ & mask) * LONGS;
        ring[at] = keyBits;
        ring[at + 1] = entry;
        ring[at + 2] = inLine ? 1 : 0;
    }

    int count() {
        return (int) Math.min(added, ring.length / LONGS);
    }

    long keyBits(int sample) {
        return ring[sample * LONGS];
    }

    long entry(int sample) {
        return ring[sample * LONGS + 1];
    }

    boolean inLine(int sample) {
        return ring[sample * LONGS + 2] == 1;
    }
}
