package dev.kelpfs.benchmarks.harness;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The middle of a few figures: one bad second of the machine does not move it. */
public final class Medians {
    private Medians() {}

    /** The median of one figure of all that was measured, which is something. */
    public static <T> double of(List<T> measured, ToDoubleFunction<T> figure) {
        if (measured.isEmpty()) throw new IllegalArgumentException("no figures, no median");
        double[] sorted = measured.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
