package dev.kelpfs.master.topology;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

    WritableSet writableSet(TopologySettings settings) {
        return new WritableSet(writable().stream().map(volume -> target(volume, settings)).collect(Collectors.toList()));
    }

    private static Target target(Volume volume, TopologySettings settings) {
        Target known = volume.target;
        if (known != null) return known;
        Target made = new Target(volume.id, volume.places(), volume.load, settings.sizeLimitBytes(), settings.crowdedBytes());
        volume.target = made;
        return made;
    }
}
