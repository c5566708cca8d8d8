package dev.kelpfs.master.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/** Draws things at random, each as likely as its weight says. */
final class WeightedDraw {
    private WeightedDraw() {}

    /** One of the items; their weights are positive. */
    static <T> T one(List<T> items, ToLongFunction<T> weight, RandomGenerator random) {
        long total = items.stream().mapToLong(weight).sum();
        long drawn = random.nextLong(total);
        for (T item : items) {
            drawn -= weight.applyAsLong(item);
            if (drawn < 0) return item;
        }
        throw new IllegalStateException("weights changed while drawing");
    }

    /** Several different ones of the items, in the order drawn. */
    static <T> List<T> several(List<T> items, int count, ToLongFunction<T> weight, RandomGenerator random) {
        List<T> left = new ArrayList<>(items);
        List<T> drawn = new ArrayList<>();
        while (drawn.size() < count) {
            T item = one(left, weight, random);
            left.remove(item);
            drawn.add(item);
        }
        return drawn;
    }
}
