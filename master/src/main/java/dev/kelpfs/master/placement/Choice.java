package dev.kelpfs.master.placement;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What choosing servers came to. */
public sealed interface Choice {
    /** One server for each copy, the main one first. */
    record Chosen(List<Spot> servers) implements Choice {
        public Chosen {
            servers = List.copyOf(servers);
        }
    }

    /** The known servers cannot satisfy the wish, however empty they are. */
    record Impossible(String reason) implements Choice {}

    /** The known servers could, but too few of them have a free slot. */
    record NoSlots(String reason) implements Choice {}

    /** There are free slots, on servers that do not answer or are silent at the moment. */
    record Hindered(String reason) implements Choice {
        private static final int MAX_NAMED = 3;

        /** @param reasons one for each of the servers */
        public static Hindered by(Collection<String> reasons) {
            String named = reasons.stream().limit(MAX_NAMED).collect(Collectors.joining("; "));
            int more = reasons.size() - MAX_NAMED;
            return new Hindered(more > 0 ? named + "; and " + more + " more servers" : named);
        }
    }
}
