package dev.kelpfs.master.topology;

import dev.kelpfs.core.DiskType;
import dev.kelpfs.wire.master.DataCenterInfo;
import dev.kelpfs.wire.master.DataNodeInfo;
import dev.kelpfs.wire.master.DiskInfo;
import dev.kelpfs.wire.master.DiskTag;
import dev.kelpfs.wire.master.RackInfo;
import dev.kelpfs.wire.master.TopologyInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tree as it travels in VolumeList: counters summed up from disks to the top. Guarded like {@link Topology}. */
final class TopologyMessages {
    private static final String TOP = "topo";

    private TopologyMessages() {}

    static TopologyInfo tree(Topology topology, VolumeFilter filter) {
        TopologyInfo.Builder top = TopologyInfo.newBuilder().setId(TOP);
        byName(topology.nodes(), node -> node.place.dataCenter()).forEach((name, nodes) ->
                top.addDataCenterInfos(dataCenter(name, nodes, topology.settings, filter)));
        return top.putAllDiskInfos(sum(top.getDataCenterInfosList().stream().map(DataCenterInfo::getDiskInfosMap).toList())).build();
    }

    private static DataCenterInfo dataCenter(String name, List<Node> nodes, TopologySettings settings, VolumeFilter filter) {
        DataCenterInfo.Builder center = DataCenterInfo.newBuilder().setId(name);
        byName(nodes, node -> node.place.rack()).forEach((rack, there) -> center.addRackInfos(rack(rack, there, settings, filter)));
        return center.putAllDiskInfos(sum(center.getRackInfosList().stream().map(RackInfo::getDiskInfosMap).toList())).build();
    }

    private static RackInfo rack(String name, List<Node> nodes, TopologySettings settings, VolumeFilter filter) {
        RackInfo.Builder rack = RackInfo.newBuilder().setId(name);
        nodes.stream()
                .sorted(Comparator.comparing((Node node) -> node.place.url()))
                .forEach(node -> rack.addDataNodeInfos(node(node, settings, filter)));
        return rack.putAllDiskInfos(sum(rack.getDataNodeInfosList().stream().map(DataNodeInfo::getDiskInfosMap).toList())).build();
    }

    private static DataNodeInfo node(Node node, TopologySettings settings, VolumeFilter filter) {
        DataNodeInfo.Builder info = DataNodeInfo.newBuilder()
                .setId(node.id).setAddress(node.place.url()).setGrpcPort(node.place.grpcPort());
        for (DiskType type : node.disks.types(node.replicas.values())) {
            info.putDiskInfos(type.tag(), disk(node, type, settings, filter));
        }
        return info.build();
    }

    private static DiskInfo disk(Node node, DiskType type, TopologySettings settings, VolumeFilter filter) {
        DiskInfo.Builder disk = DiskInfo.newBuilder()
                .setType(type.tag())
                .setMaxVolumeCount(node.disks.maxVolumes(type))
                .setFreeVolumeCount(node.freeSlots(type))
                .setRemoteVolumeCount(node.remoteVolumes(type))
                .setDiskTotalBytes(node.disks.totalBytes(type))
                .setDiskFreeBytes(node.disks.freeBytes(type));
        long count = 0;
        long active = 0;
        for (Replica replica : node.replicas.values()) {
            if (!replica.key.diskType().equals(type)) continue;
            count++;
            if (!replica.info.getReadOnly() && !replica.isFull(settings.sizeLimitBytes())) active++;
            if (filter.admits(replica.info.getCollection(), replica.info.getId())) disk.addVolumeInfos(replica.info);
        }
        node.ecShards.of(type).stream()
                .filter(shards -> filter.admits(shards.getCollection(), shards.getId()))
                .forEach(disk::addEcShardInfos);
        for (DiskTag tag : node.disks.tags(type)) {
            disk.addAllTags(tag.getTagsList());
            if (tag.getMaxVolumeCount() > 0) disk.putMaxVolumeCountByDisk(tag.getDiskId(), tag.getMaxVolumeCount());
        }
        return disk.setVolumeCount(count).setActiveVolumeCount(active).build();
    }

    private static Map<String, DiskInfo> sum(List<Map<String, DiskInfo>> parts) {
        SortedMap<String, DiskInfo> sums = new TreeMap<>();
        for (Map<String, DiskInfo> part : parts) {
            part.forEach((type, disk) -> sums.merge(type, counters(disk), TopologyMessages::plus));
        }
        return sums;
    }

    private static DiskInfo counters(DiskInfo disk) {
        return plus(DiskInfo.newBuilder().setType(disk.getType()).build(), disk);
    }

    private static DiskInfo plus(DiskInfo a, DiskInfo b) {
        return DiskInfo.newBuilder()
                .setType(a.getType())
                .setVolumeCount(a.getVolumeCount() + b.getVolumeCount())
                .setMaxVolumeCount(a.getMaxVolumeCount() + b.getMaxVolumeCount())
                .setFreeVolumeCount(a.getFreeVolumeCount() + b.getFreeVolumeCount())
                .setActiveVolumeCount(a.getActiveVolumeCount() + b.getActiveVolumeCount())
                .setRemoteVolumeCount(a.getRemoteVolumeCount() + b.getRemoteVolumeCount())
                .setDiskTotalBytes(a.getDiskTotalBytes() + b.getDiskTotalBytes())
                .setDiskFreeBytes(a.getDiskFreeBytes() + b.getDiskFreeBytes())
                .build();
    }

    private static SortedMap<String, List<Node>> byName(Iterable<Node> nodes, Function<Node, String> name) {
        List<Node> all = new ArrayList<>();
        nodes.forEach(all::add);
        return all.stream().collect(Collectors.groupingBy(name, TreeMap::new, Collectors.toList()));
    }
}
