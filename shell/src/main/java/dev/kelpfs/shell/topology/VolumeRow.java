package dev.kelpfs.shell.topology;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.wire.master.VolumeInformationMessage;

/**
 * One copy of a volume on one disk.
 *
 * @param modifiedAtSecond since the epoch
 * @param remoteStorageName empty unless its data lie in a tier
 */
public record VolumeRow(
        long id, long size, String replicaPlacement, String collection, long version, String ttl, long fileCount,
        long deleteCount, long deletedByteCount, boolean readOnly, long compactRevision, long modifiedAtSecond,
        String remoteStorageName) {
    static VolumeRow of(VolumeInformationMessage volume) {
        Ttl ttl = Ttl.fromBytes((byte) (volume.getTtl() >>> Byte.SIZE), (byte) volume.getTtl());
        return new VolumeRow(
                Integer.toUnsignedLong(volume.getId()), volume.getSize(),
                ReplicaPlacement.fromByte((byte) volume.getReplicaPlacement()).toString(), volume.getCollection(),
                volume.getVersion(), ttl.toString(), volume.getFileCount(), volume.getDeleteCount(),
                volume.getDeletedByteCount(), volume.getReadOnly(), Integer.toUnsignedLong(volume.getCompactRevision()),
                volume.getModifiedAtSecond(), volume.getRemoteStorageName());
    }

    /** Copies that its placement asks for. */
    public int copies() {
        return ReplicaPlacement.parse(replicaPlacement).copies();
    }

    Sums sums() {
        return new Sums(size, fileCount, deleteCount, deletedByteCount);
    }

    @Override
    public String toString() {
        return "volume Id:" + id + ", Size:" + size + ", ReplicaPlacement:" + replicaPlacement + ", Collection:" + collection
                + ", Version:" + version + ", Ttl:" + ttl + ", FileCount:" + fileCount + ", DeleteCount:" + deleteCount
                + ", DeletedByteCount:" + deletedByteCount + ", ReadOnly:" + readOnly + ", ModifiedAtSecond:" + modifiedAtSecond
                + (remoteStorageName.isEmpty() ? "" : ", RemoteStorageName:" + remoteStorageName) + " ";
    }
}
