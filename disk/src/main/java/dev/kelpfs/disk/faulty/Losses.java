package dev.kelpfs.disk.faulty;

import java.util.BitSet;
import java.util.random.RandomGenerator;

/** The choices of a power loss: what of the unsynced survives. */
public interface Losses {
    /** A number of 0 (inclusive) to {@code bound} (exclusive); 0 stands for "survives". */
    int choose(int bound);

    /** How many bytes of a torn write of {@code length} bytes survive: 1 to {@code length - 1}; only asked for 2 and more. */
    int tear(int length);

    /** Which pages of a write that touches {@code count} of them survive: at least one, and not all; only asked for 2 and more. */
    default BitSet pages(int count) {
        BitSet pages = new BitSet(count);
        for (int page = 0; page < count; page++) pages.set(page, choose(2) == 0);
        if (pages.isEmpty()) pages.set(choose(count));
        if (pages.cardinality() == count) pages.clear(choose(count));
        return pages;
    }

    /** Choices drawn at random. */
    static Losses random(RandomGenerator random) {
        return new Losses() {
            @Override
            public int choose(int bound) {
                return random.nextInt(bound);
            }

            @Override
            public int tear(int length) {
                return random.nextInt(1, length);
            }
        };
    }
}
