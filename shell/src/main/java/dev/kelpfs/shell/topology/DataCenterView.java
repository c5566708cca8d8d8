package dev.kelpfs.shell.topology;

import dev.kelpfs.wire.master.DataCenterInfo;
import java.util.Comparator;
import java.util.List;

/** A data center and its racks. */
public record DataCenterView(String id, List<DiskUsage> usage, List<RackView> racks, Sums sums) {
    public DataCenterView {
        usage = List.copyOf(usage);
        racks = List.copyOf(racks);
    }

    static DataCenterView of(DataCenterInfo center, VolumeFilter filter) {
        List<RackView> racks = center.getRackInfosList().stream()
                .filter(rack -> filter.takesRack(rack.getId()))
                .map(rack -> RackView.of(rack, filter))
                .filter(rack -> filter.isOff() || !rack.nodes().isEmpty())
                .sorted(Comparator.comparing(RackView::id))
                .toList();
        return new DataCenterView(
                center.getId(), DiskUsage.of(center.getDiskInfosMap()), racks, Sums.of(racks.stream().map(RackView::sums)));
    }
}
