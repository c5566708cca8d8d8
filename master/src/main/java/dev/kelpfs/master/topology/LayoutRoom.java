package dev.kelpfs.master.topology;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the writable volumes of a layout lie, for those who make new ones in time.
 *
 * @param writable volumes that may be written
 * @param crowded how many of these are nearly full
 * @param wanted how many writable ones somebody last asked for; 0 if nobody did
 * @param roomy racks that have a copy of a writable volume which is not crowded
 */
public record LayoutRoom(LayoutKey key, int writable, int crowded, int wanted, Set<Area> roomy) {
    /** A rack, with the data center that its name is unique in. */
    public record Area(String dataCenter, String rack) {}

    public LayoutRoom {
        roomy = Set.copyOf(roomy);
    }

    /** Of all layouts that have volumes. */
    static List<LayoutRoom> of(Topology topology) {
        return topology.layouts().stream().filter(layout -> !layout.volumes.isEmpty()).map(layout -> of(layout, topology)).toList();
    }

    private static LayoutRoom of(Layout layout, Topology topology) {
        List<Volume> writable = layout.writable();
        int crowded = 0;
        Set<Area> roomy = new HashSet<>();
        for (Volume volume : writable) {
            if (volume.load.estimateBytes() > topology.settings.crowdedBytes()) crowded++;
            else volume.places().forEach(place -> roomy.add(new Area(place.dataCenter(), place.rack())));
        }
        return new LayoutRoom(layout.key, writable.size(), crowded, topology.wantedWritable(layout.key), roomy);
    }
}
