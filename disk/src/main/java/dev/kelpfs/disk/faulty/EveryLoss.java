package dev.kelpfs.disk.faulty;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Walks through all sequences of choices, one power loss after another, as an odometer does. Use: make the losses,
 * look at what is left, and go on while {@link #next()} is true. Torn writes are torn at three places (after the first
 * byte, in the middle, before the last byte) or behind every byte. Of a write of up to four pages every subset of them
 * survives once; of a longer one the first, a middle or the last page alone, all but one of these, and every second page.
 */
public final class EveryLoss implements Losses {
    private static final int MOST_PAGES_FOR_ALL_SUBSETS = 4;

    private final List<int[]> digits = new ArrayList<>(); // value, bound
    private final boolean atEveryByte;
    private int position;

    /** Tears at three places. */
    public EveryLoss() {
        this(false);
    }

    private EveryLoss(boolean atEveryByte) {
        this.atEveryByte = atEveryByte;
    }

    /** Tears behind every byte; for a handful of unsynced writes at most. */
    public static EveryLoss tearingAtEveryByte() {
        return new EveryLoss(true);
    }

    @Override
    public int choose(int bound) {
        if (position == digits.size()) digits.add(new int[] {0, bound});
        int[] digit = digits.get(position++);
        if (digit[1] != bound) throw new IllegalStateException("the run differs from the one before; it must be repeatable");
        return digit[0];
    }

    @Override
    public int tear(int length) {
        if (atEveryByte) return 1 + choose(length - 1);
        return switch (choose(Math.min(3, length - 1))) {
            case 0 -> length - 1;
            case 1 -> 1;
            default -> length / 2;
        };
    }

    @Override
    public BitSet pages(int count) {
        if (count <= MOST_PAGES_FOR_ALL_SUBSETS) return BitSet.valueOf(new long[] {1 + choose((1 << count) - 2)});
        int[] marked = {0, count / 2, count - 1};
        int choice = choose(2 * marked.length + 2);
        BitSet pages = new BitSet(count);
        if (choice < 2 * marked.length) {
            pages.set(marked[choice / 2]);
            if (choice % 2 == 1) pages.flip(0, count);
            return pages;
        }
        for (int page = choice % 2; page < count; page += 2) pages.set(page);
        return pages;
    }

    /** Moves on to the next sequence; false when all have been seen. */
    public boolean next() {
        while (digits.size() > position) digits.removeLast();
        position = 0;
        while (!digits.isEmpty()) {
            int[] last = digits.getLast();
            if (++last[0] < last[1]) return true;
            digits.removeLast();
        }
        return false;
    }
}
