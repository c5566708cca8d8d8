package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.storage.DirectoryReport;
import dev.kelpfs.storage.StoreReport;
import dev.kelpfs.storage.VolumeReport;
import dev.kelpfs.volume.heartbeat.NodeSnapshot.ReportedVolume;
import dev.kelpfs.wire.master.DiskTag;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.master.VolumeShortInformationMessage;
import java.util.List;

/** Translates what the store reports into the words of the protocol. Pure. */
public final class StoreSnapshots {
    private StoreSnapshots() {}

    public static NodeSnapshot of(NodeIdentity node, StoreReport store) {
        Heartbeat.Builder head = node.full().setMaxFileKey(store.maxKey()).setHasNoEcShards(true);
        for (DirectoryReport directory : store.directories()) add(head, directory);
        return new NodeSnapshot(head.build(), volumes(store), notServed(store));
    }

    private static void add(Heartbeat.Builder head, DirectoryReport directory) {
        String type = directory.diskType().tag();
        head.putMaxVolumeCounts(type, head.getMaxVolumeCountsOrDefault(type, 0) + directory.effectiveMaxVolumes())
                .putDiskTotalBytes(type, head.getDiskTotalBytesOrDefault(type, 0) + directory.space().totalBytes())
                .putDiskFreeBytes(type, head.getDiskFreeBytesOrDefault(type, 0) + directory.space().freeBytes())
                .addLocationUuids(directory.uuid())
                .addDiskTags(DiskTag.newBuilder()
                        .setDiskId(directory.diskId())
                        .addAllTags(directory.tags())
                        .setType(type)
                        .setMaxVolumeCount(directory.effectiveMaxVolumes()));
    }

    private static List<ReportedVolume> volumes(StoreReport store) {
        return store.volumes().stream().map(StoreSnapshots::message).map(ReportedVolume::of).toList();
    }

    private static List<VolumeShortInformationMessage> notServed(StoreReport store) {
        return store.taken().stream()
                .map(id -> VolumeShortInformationMessage.newBuilder().setId(id.bits()).build())
                .toList();
    }

    private static VolumeInformationMessage message(VolumeReport volume) {
        return VolumeInformationMessage.newBuilder()
                .setId(volume.id().bits())
                .setSize(volume.datBytes())
                .setCollection(volume.collection().text())
                .setFileCount(volume.files())
                .setDeleteCount(volume.deleted())
                .setDeletedByteCount(volume.deletedBytes())
                .setReadOnly(volume.readOnly())
                .setReplicaPlacement(volume.placement().toByte())
                .setVersion(volume.version())
                .setTtl(volume.ttl().toWire())
                .setCompactRevision(volume.revision())
                .setModifiedAtSecond(volume.modifiedEpochSeconds())
                .setDiskType(volume.diskType().tag())
                .setDiskId(volume.diskId())
                .build();
    }
}
