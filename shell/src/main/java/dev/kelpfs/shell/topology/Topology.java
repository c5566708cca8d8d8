package dev.kelpfs.shell.topology;

import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.wire.master.VolumeListRequest;
import dev.kelpfs.wire.master.VolumeListResponse;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The whole cluster, or what of it was asked for.
 *
 * @param volumeSizeLimitMb size at which a volume takes no more writes
 */
public record Topology(long volumeSizeLimitMb, List<DiskUsage> usage, List<DataCenterView> dataCenters, Sums sums) {
    public Topology {
        usage = List.copyOf(usage);
        dataCenters = List.copyOf(dataCenters);
    }

    /** Asks the master for everything. */
    public static Topology ask(Masters masters) throws AccessException {
        return of(answer(masters), VolumeFilter.OFF);
    }

    /** What the master says, not yet looked at. */
    public static VolumeListResponse answer(Masters masters) throws AccessException {
        return masters.ask("list of volumes", Masters.SHORT, stub -> stub.volumeList(VolumeListRequest.getDefaultInstance()));
    }

    /** The part of an answer that a filter takes. Pure. */
    public static Topology of(VolumeListResponse answer, VolumeFilter filter) {
        List<DataCenterView> centers = answer.getTopologyInfo().getDataCenterInfosList().stream()
                .filter(center -> filter.takesDataCenter(center.getId()))
                .map(center -> DataCenterView.of(center, filter))
                .filter(center -> filter.isOff() || !center.racks().isEmpty())
                .sorted(Comparator.comparing(DataCenterView::id))
                .toList();
        return new Topology(answer.getVolumeSizeLimitMb(), DiskUsage.of(answer.getTopologyInfo().getDiskInfosMap()), centers,
                Sums.of(centers.stream().map(DataCenterView::sums)));
    }

    /** All servers. */
    public Stream<NodeView> nodes() {
        return dataCenters.stream().flatMap(center -> center.racks().stream()).flatMap(rack -> rack.nodes().stream());
    }

    /** All copies of all volumes. */
    public Stream<VolumeRow> volumes() {
        return nodes().flatMap(node -> node.disks().stream()).flatMap(disk -> disk.volumes().stream());
    }

    /** All erasure-coded volumes, disk by disk. */
    public Stream<EcRow> ecVolumes() {
        return nodes().flatMap(node -> node.disks().stream()).flatMap(disk -> disk.ecVolumes().stream());
    }
}
