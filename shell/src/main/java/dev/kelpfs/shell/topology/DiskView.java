package dev.kelpfs.shell.topology;

import dev.kelpfs.wire.master.DataNodeInfo;
import dev.kelpfs.wire.master.DiskInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** One disk of a server and the volumes on it that were asked for. */
public record DiskView(String type, long id, DiskUsage usage, List<VolumeRow> volumes, List<EcRow> ecVolumes, Sums sums) {
    public DiskView {
        volumes = List.copyOf(volumes);
        ecVolumes = List.copyOf(ecVolumes);
    }

    boolean isEmpty() {
        return volumes.isEmpty() && ecVolumes.isEmpty();
    }

    /** The disks of a server by type and id: it may have several of one type, which the master counts together. */
    static List<DiskView> of(DataNodeInfo node, VolumeFilter filter) {
        List<DiskView> disks = new ArrayList<>();
        node.getDiskInfosMap().entrySet().stream()
                .sorted(Comparator.comparing(entry -> DiskUsage.typeName(entry.getKey())))
                .forEach(entry -> ids(entry.getValue()).forEach(id -> disks.add(of(entry, id, filter))));
        return disks;
    }

    private static TreeSet<Integer> ids(DiskInfo disk) {
        TreeSet<Integer> ids = new TreeSet<>(disk.getMaxVolumeCountByDiskMap().keySet());
        disk.getVolumeInfosList().forEach(volume -> ids.add(volume.getDiskId()));
        disk.getEcShardInfosList().forEach(volume -> ids.add(volume.getDiskId()));
        if (ids.isEmpty()) ids.add(disk.getDiskId());
        return ids;
    }

    private static DiskView of(Map.Entry<String, DiskInfo> entry, int id, VolumeFilter filter) {
        DiskInfo disk = entry.getValue();
        boolean alone = ids(disk).size() == 1;
        List<VolumeRow> all = disk.getVolumeInfosList().stream()
                .filter(volume -> volume.getDiskId() == id)
                .map(VolumeRow::of)
                .sorted(Comparator.comparing(VolumeRow::id))
                .toList();
        List<VolumeRow> volumes = all.stream().filter(filter::takes).toList();
        List<EcRow> coded = disk.getEcShardInfosList().stream()
                .filter(volume -> volume.getDiskId() == id)
                .map(EcRow::of)
                .filter(filter::takes)
                .sorted(Comparator.comparing(EcRow::id))
                .toList();
        Sums sums = Sums.of(volumes.stream().map(VolumeRow::sums)).plus(Sums.of(coded.stream().map(EcRow::sums)));
        DiskUsage usage = alone ? DiskUsage.of(entry.getKey(), disk) : usage(entry.getKey(), disk, id, all);
        return new DiskView(DiskUsage.typeName(entry.getKey()), Integer.toUnsignedLong(id), usage, volumes, coded, sums);
    }

    private static DiskUsage usage(String type, DiskInfo disk, int id, List<VolumeRow> volumes) {
        long most = disk.getMaxVolumeCountByDiskOrDefault(id, 0);
        return new DiskUsage(DiskUsage.typeName(type), volumes.size(), most,
                volumes.stream().filter(volume -> !volume.readOnly()).count(), Math.max(0, most - volumes.size()),
                volumes.stream().filter(volume -> !volume.remoteStorageName().isEmpty()).count());
    }
}
