package dev.kelpfs.disk.faulty;

import java.util.ArrayList;
import java.util.List;

/**
 * Walks through all sequences of choices, one power loss after another, as an odometer does. Use: make the losses,
 * look at what is left, and go on while {@link #next()} is true. Torn writes are torn at three places (after the first
 * byte, in the middle, before the last byte) or behind every byte.
 */
public final class EveryLoss implements Losses {
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
