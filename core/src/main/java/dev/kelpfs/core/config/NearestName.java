package dev.kelpfs.core.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a mistyped one was probably meant to be. */
public final class NearestName {
    private NearestName() {}

    /**
     * The known name with the fewest edits (insert, remove, replace, swap of neighbours) from the given one, letter
     * case aside; empty when even the nearest differs in more than a third of its letters. A known name that ends in
     * the given one after a dot counts as one edit away: people leave prefixes out.
     */
    public static Optional<String> of(String given, Collection<String> known) {
        String wanted = given.toLowerCase(Locale.ROOT);
        String best = null;
        int bestEdits = Integer.MAX_VALUE;
        for (String name : known) {
            int edits = distance(wanted, name.toLowerCase(Locale.ROOT));
            if (edits < bestEdits || edits == bestEdits && best != null && name.compareTo(best) < 0) {
                best = name;
                bestEdits = edits;
            }
        }
        boolean near = best != null && bestEdits <= Math.max(1, (Math.max(given.length(), best.length()) + 2) / 3);
        return near ? Optional.of(best) : Optional.empty();
    }

    private static int distance(String given, String name) {
        if (!given.isEmpty() && (name.endsWith("." + given) || given.endsWith("." + name))) return 1;
        return edits(given, name);
    }

    /** Optimal string alignment distance. */
    private static int edits(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) last[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
