package dev.kelpfs.master.topology;

import java.util.Collection;
import java.util.List;

/** What changed about the volumes that can be found on one server; ids are unsigned. */
public record LocationChange(
        Place place, List<Integer> newVolumes, List<Integer> goneVolumes, List<Integer> newEcVolumes, List<Integer> goneEcVolumes) {
    public LocationChange {
        newVolumes = List.copyOf(newVolumes);
        goneVolumes = List.copyOf(goneVolumes);
        newEcVolumes = List.copyOf(newEcVolumes);
        goneEcVolumes = List.copyOf(goneEcVolumes);
    }

    static LocationChange gone(Place place, Collection<Integer> volumes, Collection<Integer> ecVolumes) {
        return new LocationChange(place, List.of(), List.copyOf(volumes), List.of(), List.copyOf(ecVolumes));
    }

    static LocationChange there(Place place, Collection<Integer> volumes, Collection<Integer> ecVolumes) {
        return new LocationChange(place, List.copyOf(volumes), List.of(), List.copyOf(ecVolumes), List.of());
    }

    boolean isEmpty() {
        return newVolumes.isEmpty() && goneVolumes.isEmpty() && newEcVolumes.isEmpty() && goneEcVolumes.isEmpty();
    }
}
