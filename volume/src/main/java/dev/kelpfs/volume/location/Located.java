package dev.kelpfs.volume.location;

import java.util.List;

/** What asking where a volume lies can end in. */
public sealed interface Located {
    /**
     * These servers have it, this one perhaps among them.
     *
     * @param holders at least one
     */
    record At(List<Holder> holders) implements Located {
        public At {
            holders = List.copyOf(holders);
            if (holders.isEmpty()) throw new IllegalArgumentException("a volume that is somewhere has a holder");
        }
    }

    /** The master knows no server with it. */
    record Nowhere() implements Located {}

    /** No master could be asked, or the volume exists and none of its servers is up; the reason is for people. */
    record Unknown(String reason) implements Located {}
}
