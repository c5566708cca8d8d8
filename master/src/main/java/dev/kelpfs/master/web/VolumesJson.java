package dev.kelpfs.master.web;

import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.http.JsonText;
import dev.kelpfs.wire.master.DataCenterInfo;
import dev.kelpfs.wire.master.DataNodeInfo;
import dev.kelpfs.wire.master.DiskInfo;
import dev.kelpfs.wire.master.RackInfo;
import dev.kelpfs.wire.master.TopologyInfo;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The answer of {@code /vol/status}. Source: master, section 3.6. */
final class VolumesJson {
    private VolumesJson() {}

    static String of(TopologyInfo topology) {
        long max = topology.getDiskInfosMap().values().stream().mapToLong(DiskInfo::getMaxVolumeCount).sum();
        long free = topology.getDiskInfosMap().values().stream().mapToLong(DiskInfo::getFreeVolumeCount).sum();
        String centers = members(topology.getDataCenterInfosList().stream().map(VolumesJson::dataCenter));
        String volumes = Json.object(json -> json.put("Max", max).put("Free", free).raw("DataCenters", centers));
        return Json.object(json -> json.put("Version", KelpVersion.full()).raw("Volumes", volumes));
    }

    private static String dataCenter(DataCenterInfo center) {
        return member(center.getId(), members(center.getRackInfosList().stream().map(VolumesJson::rack)));
    }

    private static String rack(RackInfo rack) {
        return member(rack.getId(), members(rack.getDataNodeInfosList().stream().map(VolumesJson::node)));
    }

    private static String node(DataNodeInfo node) {
        List<String> volumes = node.getDiskInfosMap().values().stream()
                .flatMap(disk -> disk.getVolumeInfosList().stream())
                .map(VolumesJson::volume)
                .toList();
        return member(node.getId(), Json.array(volumes));
    }

    private static String volume(VolumeInformationMessage volume) {
        ReplicaPlacement placement = ReplicaPlacement.fromByte(volume.getReplicaPlacement());
        Ttl ttl = Ttl.fromWire(volume.getTtl());
        return Json.object(json -> json
                .put("Collection", volume.getCollection())
                .put("DiskType", volume.getDiskType())
                .put("RemoteStorageName", volume.getRemoteStorageName())
                .raw("ReplicaPlacement", Json.object(digits -> digits
                        .putIfAny("node", placement.otherServers())
                        .putIfAny("rack", placement.otherRacks())
                        .putIfAny("dc", placement.otherDataCenters())))
                .raw("Ttl", Json.object(parts -> parts.put("Count", ttl.count()).put("Unit", ttl.unitCode())))
                .put("Size", volume.getSize())
                .put("DeletedByteCount", volume.getDeletedByteCount())
                .put("ModifiedAtSecond", volume.getModifiedAtSecond())
                .put("Id", Integer.toUnsignedLong(volume.getId()))
                .put("DiskId", Integer.toUnsignedLong(volume.getDiskId()))
                .put("CompactRevision", Integer.toUnsignedLong(volume.getCompactRevision()))
                .put("FileCount", volume.getFileCount())
                .put("DeleteCount", volume.getDeleteCount())
                .put("Version", volume.getVersion())
                .put("ReadOnly", volume.getReadOnly()));
    }

    private static String member(String name, String json) {
        return JsonText.quote(name) + ":" + json;
    }

    private static String members(Stream<String> members) {
        return members.collect(Collectors.joining(",", "{", "}"));
    }
}
