package dev.kelpfs.shell.volume;

import dev.kelpfs.shell.topology.DataCenterView;
import dev.kelpfs.shell.topology.NodeView;
import dev.kelpfs.shell.topology.RackView;
import dev.kelpfs.shell.topology.Topology;
import dev.kelpfs.shell.topology.VolumeFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Places that a list is narrowed down to and the cluster does not have: a mistyped name looks like an empty server else. Pure. */
final class UnknownPlaces {
    private UnknownPlaces() {}

    static List<String> warnings(Topology whole, VolumeFilter filter) {
        List<DataCenterView> centers = whole.dataCenters();
        List<RackView> racks = centers.stream().flatMap(center -> center.racks().stream()).toList();
        List<String> warnings = new ArrayList<>();
        if (centers.stream().noneMatch(center -> filter.takesDataCenter(center.id()))) {
            warnings.add(warning("data center", filter.dataCenter(), centers.stream().map(DataCenterView::id)));
        }
        if (racks.stream().noneMatch(rack -> filter.takesRack(rack.id()))) {
            warnings.add(warning("rack", filter.rack(), racks.stream().map(RackView::id)));
        }
        if (whole.nodes().noneMatch(filter::takesNode)) {
            warnings.add(warning("volume server", filter.dataNode(), whole.nodes().map(NodeView::id)));
        }
        return centers.isEmpty() ? List.of() : warnings;
    }

    private static String warning(String what, String wanted, Stream<String> known) {
        return "warning: the cluster has no " + what + " " + wanted + "; it has "
                + String.join(", ", known.distinct().sorted().toList());
    }
}
