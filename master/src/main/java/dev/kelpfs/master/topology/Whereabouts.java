package dev.kelpfs.master.topology;

import dev.kelpfs.core.VolumeId;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What a master can say about where a volume is. "Nowhere" is said only by one that knows: of a volume whose servers are all
 * away it is not true, and a leader that may have been replaced cannot tell. Safe for all threads, and never waits.
 */
public final class Whereabouts {
    private static final String MAYBE_ELSEWHERE =
            "this master does not know the volume, and may lead no more; try again in a moment";

    private final Function<VolumeId, Optional<VolumePlaces>> locate;
    private final Function<VolumeId, List<String>> registered;
    private final BooleanSupplier knowsAll;

    /** What came of looking. */
    public sealed interface Found {
        /** It can be read there. */
        record Here(VolumePlaces where) implements Found {}

        /**
         * Servers have it, and none of them is connected.
         *
         * @param reason for people; does not say "not found", which clients take for a deletion
         */
        record Away(String reason) implements Found {}

        /** There is no such volume. */
        record Nowhere() implements Found {}

        /**
         * It is not known here, but another master may know it.
         *
         * @param reason for people, with what to do
         */
        record Unsure(String reason) implements Found {}
    }

    /**
     * @param locate where volumes are that can be read now; must not wait
     * @param registered the names of all servers that have a volume, also of those that are down; must not wait
     * @param knowsAll true if no other master can know of a volume that this one does not know; must not wait
     */
    public Whereabouts(
            Function<VolumeId, Optional<VolumePlaces>> locate, Function<VolumeId, List<String>> registered, BooleanSupplier knowsAll) {
        this.locate = locate;
        this.registered = registered;
        this.knowsAll = knowsAll;
    }

    /** Looks for a volume. @param collection the one it must belong to; empty for any */
    public Found find(VolumeId volume, String collection) {
        Optional<VolumePlaces> places = locate.apply(volume);
        boolean fits = places.isPresent() && (collection.isEmpty() || places.get().collection().text().equals(collection));
        if (fits) return new Found.Here(places.get());
        List<String> servers = places.isPresent() ? List.of() : registered.apply(volume);
        if (!servers.isEmpty()) {
            return new Found.Away(
                    "volume id " + volume + " is on " + String.join(", ", servers) + ", and none of these is connected; start one");
        }
        return knowsAll.getAsBoolean() ? new Found.Nowhere() : new Found.Unsure(MAYBE_ELSEWHERE);
    }
}
