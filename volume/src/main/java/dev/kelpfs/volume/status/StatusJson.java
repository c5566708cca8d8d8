package dev.kelpfs.volume.status;

import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.http.JsonText;
import dev.kelpfs.storage.DirectoryReport;
import dev.kelpfs.storage.StoreReport;
import dev.kelpfs.storage.VolumeReport;
import java.util.List;
import java.util.StringJoiner;

/**
 * The text of {@code /status}. Pure.
 *
 * <p>Source: volume server, section 3.1.
 */
final class StatusJson {
    private StatusJson() {}

    /** @param refusal why a leader of another cluster is refused; empty leaves the member out, as the reference has none */
    static String of(StoreReport store, String refusal) {
        StringJoiner disks = new StringJoiner(",", "[", "]");
        store.directories().forEach(directory -> disks.add(disk(directory)));
        return "{\"Version\":" + JsonText.quote(KelpVersion.full())
                + ",\"DiskStatuses\":" + disks
                + ",\"Volumes\":" + volumes(store.volumes())
                + (refusal.isEmpty() ? "" : ",\"RefusedMaster\":" + JsonText.quote(refusal)) + "}";
    }

    private static String volumes(List<VolumeReport> reports) {
        if (reports.isEmpty()) return "null";
        StringJoiner volumes = new StringJoiner(",", "[", "]");
        reports.forEach(report -> volumes.add(volume(report)));
        return volumes.toString();
    }

    private static String disk(DirectoryReport directory) {
        StringJoiner members = new StringJoiner(",", "{", "}");
        text(members, "dir", directory.path().toString());
        number(members, "all", directory.space().totalBytes());
        number(members, "used", directory.space().usedBytes());
        number(members, "free", directory.space().freeBytes());
        double free = directory.space().freePercent();
        if (free != 0) members.add("\"percent_free\":" + (float) free);
        if (free != 100) members.add("\"percent_used\":" + (float) (100 - free));
        text(members, "disk_type", directory.diskType().readable());
        return members.toString();
    }

    private static void text(StringJoiner members, String name, String value) {
        if (!value.isEmpty()) members.add(JsonText.quote(name) + ":" + JsonText.quote(value));
    }

    private static void number(StringJoiner members, String name, long value) {
        if (value != 0) members.add(JsonText.quote(name) + ":" + value);
    }

    private static String volume(VolumeReport volume) {
        return "{\"Id\":" + volume.id()
                + ",\"Size\":" + volume.indexedBytes()
                + ",\"ReplicaPlacement\":" + placement(volume.placement())
                + ",\"Ttl\":{\"Count\":" + volume.ttl().count() + ",\"Unit\":" + volume.ttl().unitCode() + "}"
                + ",\"DiskType\":" + JsonText.quote(volume.diskType().tag())
                + ",\"DiskId\":" + volume.diskId()
                + ",\"Collection\":" + JsonText.quote(volume.collection().text())
                + ",\"Version\":" + volume.version()
                + ",\"FileCount\":" + volume.files()
                + ",\"DeleteCount\":" + volume.deleted()
                + ",\"DeletedByteCount\":" + volume.deletedBytes()
                + ",\"ReadOnly\":" + volume.readOnly()
                + ",\"CompactRevision\":" + volume.revision()
                + ",\"ModifiedAtSecond\":" + volume.modifiedEpochSeconds()
                + ",\"RemoteStorageName\":\"\"}";
    }

    private static String placement(ReplicaPlacement placement) {
        StringJoiner members = new StringJoiner(",", "{", "}");
        number(members, "node", placement.otherServers());
        number(members, "rack", placement.otherRacks());
        number(members, "dc", placement.otherDataCenters());
        return members.toString();
    }
}
