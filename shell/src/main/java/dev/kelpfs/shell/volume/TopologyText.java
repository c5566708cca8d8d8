package dev.kelpfs.shell.volume;

import dev.kelpfs.shell.topology.DataCenterView;
import dev.kelpfs.shell.topology.DiskUsage;
import dev.kelpfs.shell.topology.DiskView;
import dev.kelpfs.shell.topology.NodeView;
import dev.kelpfs.shell.topology.RackView;
import dev.kelpfs.shell.topology.Sums;
import dev.kelpfs.shell.topology.Topology;
import java.util.List;
import java.util.stream.Collectors;

/** The tree that {@code volume.list} prints; scripts read it line by line. Pure. Source: admin shell, section 6. */
final class TopologyText {
    /** Every level. */
    static final int ALL = 5;

    private static final int CENTER = 1;
    private static final int RACK = 2;
    private static final int NODE = 3;
    private static final int DISK = 4;

    private final StringBuilder text = new StringBuilder();
    private final int depth;

    private TopologyText(int depth) {
        this.depth = depth;
    }

    /** @param depth 0 for the topology alone, {@link #ALL} down to the volumes */
    static String of(Topology topology, int depth) {
        TopologyText text = new TopologyText(depth);
        text.topology(topology);
        return text.text.toString();
    }

    /** The line of the topology itself. */
    static String head(Topology topology) {
        return "Topology volumeSizeLimit:" + topology.volumeSizeLimitMb() + " MB" + usage(topology.usage());
    }

    private static String usage(List<DiskUsage> disks) {
        return disks.stream().map(disk -> " " + disk).collect(Collectors.joining());
    }

    private void topology(Topology topology) {
        line(0, head(topology));
        topology.dataCenters().forEach(this::center);
        Sums sums = topology.sums();
        text.append("total size:").append(sums.size()).append(" file_count:").append(sums.fileCount());
        if (sums.deletedFileCount() > 0) {
            text.append(" deleted_file:").append(sums.deletedFileCount()).append(" deleted_bytes:").append(sums.deletedBytes());
        }
        text.append('\n');
    }

    private void center(DataCenterView center) {
        line(CENTER, "DataCenter " + center.id() + usage(center.usage()));
        center.racks().forEach(this::rack);
        line(CENTER, "DataCenter " + center.id() + " " + center.sums());
    }

    private void rack(RackView rack) {
        line(RACK, "Rack " + rack.id() + usage(rack.usage()));
        rack.nodes().forEach(this::node);
        line(RACK, "Rack " + rack.id() + " " + rack.sums());
    }

    private void node(NodeView node) {
        line(NODE, "DataNode " + node.id() + usage(node.usage()));
        node.disks().forEach(this::disk);
        line(NODE, "DataNode " + node.id() + " " + node.sums());
    }

    private void disk(DiskView disk) {
        line(DISK, "Disk " + disk.usage() + " id:" + disk.id());
        disk.volumes().forEach(volume -> line(ALL, volume.toString()));
        disk.ecVolumes().forEach(volume -> line(ALL, volume.toString()));
        line(DISK, "Disk " + disk.type() + " " + disk.sums());
    }

    private void line(int level, String line) {
        if (level <= depth) text.repeat("  ", level).append(line).append('\n');
    }
}
