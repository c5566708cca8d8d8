package dev.kelpfs.master.placement;

import java.util.List;

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
}
