package dev.kelpfs.master.topology;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The volumes that take the same files. Guarded by the topology's lock. */
final class Layout {
    final LayoutKey key;
    final SortedMap<Integer, Volume> volumes = new TreeMap<>(Integer::compareUnsigned);

    Layout(LayoutKey key) {
        this.key = key;
    }

    List<Volume> writable() {
        return volumes.values().stream().filter(volume -> volume.writability instanceof Writability.Writable).toList();
    }

    /** Volumes on servers that are surely there are drawn from first. */
    WritableSet writableSet(TopologySettings settings) {
        List<Volume> writable = writable();
        WritableSet set = WritableSet.EMPTY;
        for (Trust trust : List.of(Trust.PRESUMED, Trust.REACHABLE, Trust.CONFIRMED)) {
            List<Target> targets = writable.stream()
                    .filter(volume -> volume.trust() == trust)
                    .map(volume -> target(volume, settings))
                    .toList();
            if (!targets.isEmpty()) set = new WritableSet(targets, set);
        }
        return set;
    }

    private static Target target(Volume volume, TopologySettings settings) {
        Target known = volume.target;
        if (known != null) return known;
        Target made = new Target(volume.id, volume.places(), volume.load, settings.sizeLimitBytes(), settings.crowdedBytes());
        volume.target = made;
        return made;
    }
}
