package dev.kelpfs.master.topology;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.master.placement.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The writable volumes of a layout at one moment. Picking takes no lock: the set is replaced as a whole, and a volume that
 * became full in between is passed over. Source: master, section 7.
 */
public final class WritableSet {
    static final WritableSet EMPTY = new WritableSet(List.of(), null);

    private static final int CANDIDATES = 3;
    /** Weights are compared in units of 1 MiB, so that three of them add up in an int. */
    private static final int WEIGHT_SHIFT = 20;
    private static final long MAX_WEIGHT = 1 << 28;

    private final Target[] targets;
    /** Drawn from when nothing here fits; null for none. */
    private final @Nullable WritableSet lessSure;

    /** @param lessSure volumes on servers of which it is less sure that they are there */
    WritableSet(List<Target> targets, @Nullable WritableSet lessSure) {
        this.targets = targets.toArray(Target[]::new);
        this.lessSure = lessSure;
    }

    public int size() {
        return targets.length + (lessSure == null ? 0 : lessSure.size());
    }

    public List<Target> targets() {
        List<Target> all = new ArrayList<>(List.of(targets));
        if (lessSure != null) all.addAll(lessSure.targets());
        return all;
    }

    /** True if a volume that fits the wish is far from full. */
    public boolean hasRoom(Wish wish) {
        for (Target target : targets) {
            if (!target.isCrowded() && target.admits(wish)) return true;
        }
        return lessSure != null && lessSure.hasRoom(wish);
    }

    /**
     * A volume to write to: of three drawn at random, one by its remaining room.
     *
     * @param random gives a number of 0 (inclusive) to its argument (exclusive)
     */
    public Optional<Target> pick(Wish wish, IntUnaryOperator random) {
        Optional<Target> sure = targets.length == 0 ? Optional.empty()
                : wish.isFree() ? pickAnywhere(random) : pickFirst(wish, random.applyAsInt(targets.length), random);
        return sure.isPresent() || lessSure == null ? sure : lessSure.pick(wish, random);
    }

    private Optional<Target> pickAnywhere(IntUnaryOperator random) {
        Target best = draw(random, 0);
        int total = weight(best);
        for (int i = 1; i < CANDIDATES; i++) {
            Target next = draw(random, i);
            int weight = weight(next);
            total += weight;
            // Keeps each of those seen with a probability of its share of the weight so far.
            if (weight > 0 && random.applyAsInt(total) < weight) best = next;
        }
        if (total > 0) return Optional.of(best);
        // Three full ones do not mean that all are.
        return pickFirst(Wish.anywhere(ReplicaPlacement.SINGLE), random.applyAsInt(targets.length), random);
    }

    private Target draw(IntUnaryOperator random, int index) {
        return targets.length <= CANDIDATES ? targets[index % targets.length] : targets[random.applyAsInt(targets.length)];
    }

    private Optional<Target> pickFirst(Wish wish, int start, IntUnaryOperator random) {
        Target best = targets[0];
        int total = 0;
        int seen = 0;
        for (int i = 0; i < targets.length && seen < CANDIDATES; i++) {
            Target next = targets[(start + i) % targets.length];
            int weight = weight(next);
            if (weight == 0 || !next.admits(wish)) continue;
            seen++;
            total += weight;
            if (random.applyAsInt(total) < weight) best = next;
        }
        return total > 0 ? Optional.of(best) : Optional.empty();
    }

    private static int weight(Target target) {
        long remaining = target.remainingBytes();
        return remaining <= 0 ? 0 : (int) Math.min(MAX_WEIGHT, (remaining >> WEIGHT_SHIFT) + 1);
    }
}
