package dev.kelpfs.master.topology;

import dev.kelpfs.core.DiskType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A server at one moment, all types of disks together.
 *
 * @param volumeIdsByType ids in ascending order, one list for each type of disk
 * @param standing what keeps its volumes from being written; empty if nothing does
 */
public record NodeSummary(
        Place place, long maxVolumes, long freeSlots, long ecShards, List<List<Integer>> volumeIdsByType, String standing) {
    public NodeSummary {
        volumeIdsByType = List.copyOf(volumeIdsByType);
    }

    public long volumes() {
        return volumeIdsByType.stream().mapToLong(List::size).sum();
    }

    /** All servers, by data center, rack and address. */
    static List<NodeSummary> of(Topology topology) {
        return topology.nodes().stream()
                .map(NodeSummary::of)
                .sorted(Comparator.comparing((NodeSummary node) -> node.place.dataCenter())
                        .thenComparing(node -> node.place.rack())
                        .thenComparing(node -> node.place.url()))
                .toList();
    }

    private static NodeSummary of(Node node) {
        long max = 0;
        long free = 0;
        long shards = 0;
        List<List<Integer>> ids = new ArrayList<>();
        for (DiskType type : node.disks.types(node.replicas.values())) {
            max += node.disks.maxVolumes(type);
            free += node.freeSlots(type);
            shards += node.ecShards.count(type);
            ids.add(node.replicas.values().stream()
                    .filter(replica -> replica.key.diskType().equals(type))
                    .map(replica -> replica.info.getId())
                    .toList());
        }
        String standing = switch (node.trust) {
            case PRESUMED -> "presumed: it was up when the last leader knew of it";
            case REACHABLE -> "reachable, its stream is not open yet";
            case CONFIRMED -> node.silent ? "silent" : node.inMaintenance ? "in maintenance" : node.distrust;
        };
        return new NodeSummary(node.place, max, free, shards, ids, standing);
    }
}
