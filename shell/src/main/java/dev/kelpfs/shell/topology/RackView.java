package dev.kelpfs.shell.topology;

import dev.kelpfs.wire.master.RackInfo;
import java.util.Comparator;
import java.util.List;

/** A rack and its servers. */
public record RackView(String id, List<DiskUsage> usage, List<NodeView> nodes, Sums sums) {
    public RackView {
        usage = List.copyOf(usage);
        nodes = List.copyOf(nodes);
    }

    static RackView of(RackInfo rack, VolumeFilter filter) {
        List<NodeView> nodes = rack.getDataNodeInfosList().stream()
                .map(node -> NodeView.of(node, filter))
                .filter(filter::takesNode)
                .filter(node -> filter.isOff() || !node.disks().isEmpty())
                .sorted(Comparator.comparing(NodeView::id))
                .toList();
        return new RackView(rack.getId(), DiskUsage.of(rack.getDiskInfosMap()), nodes, Sums.of(nodes.stream().map(NodeView::sums)));
    }
}
