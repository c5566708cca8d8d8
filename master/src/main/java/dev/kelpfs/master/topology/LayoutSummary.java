package dev.kelpfs.master.topology;

import java.util.List;

/**
 * A layout at one moment.
 *
 * @param writable ids of the volumes that may be written
 * @param crowded how many of these ask for new ones beside them
 * @param underReplicated volumes with fewer copies than they should have
 */
public record LayoutSummary(LayoutKey key, List<Integer> writable, int crowded, int underReplicated) {
    public LayoutSummary {
        writable = List.copyOf(writable);
    }

    static List<LayoutSummary> of(Topology topology) {
        return topology.layouts().stream().map(layout -> of(layout, topology.settings)).toList();
    }

    private static LayoutSummary of(Layout layout, TopologySettings settings) {
        List<Volume> writable = layout.writable();
        int crowded = (int) writable.stream().filter(volume -> volume.load.estimateBytes() > settings.crowdedBytes()).count();
        int copies = layout.key.replication().copies();
        int lacking = (int) layout.volumes.values().stream().filter(volume -> volume.replicas.size() < copies).count();
        return new LayoutSummary(layout.key, writable.stream().map(volume -> volume.id.bits()).toList(), crowded, lacking);
    }
}
