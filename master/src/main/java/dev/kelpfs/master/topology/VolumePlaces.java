package dev.kelpfs.master.topology;

import dev.kelpfs.core.CollectionName;
import java.util.List;

/** Where a volume is, as lookups are answered. */
public record VolumePlaces(CollectionName collection, List<Place> places) {
    public VolumePlaces {
        places = List.copyOf(places);
    }
}
