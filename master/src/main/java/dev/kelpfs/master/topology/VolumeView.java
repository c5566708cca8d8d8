package dev.kelpfs.master.topology;

import dev.kelpfs.core.VolumeId;
import java.util.Comparator;
import java.util.List;

/**
 * A volume at one moment, for those who look after volumes.
 *
 * @param places one for each copy on a connected server, in the order in which they became known
 * @param deletedBytes of the copy that has most of them
 * @param deletedFiles of the copy that has most of them
 * @param readOnly true if a copy is
 * @param defect why its copies are not as they should be: too few, too many, contradicting each other; empty if they are
 */
public record VolumeView(
        VolumeId id, LayoutKey key, List<Place> places, long deletedBytes, long deletedFiles, boolean readOnly, String defect) {
    public VolumeView {
        places = List.copyOf(places);
    }

    static List<VolumeView> of(Topology topology, VolumeFilter filter) {
        return topology.volumes().stream()
                .filter(volume -> filter.admits(volume.key().collection().text(), volume.id.bits()))
                .map(volume -> of(volume, topology.settings))
                .sorted(Comparator.comparing(VolumeView::id))
                .toList();
    }

    private static VolumeView of(Volume volume, TopologySettings settings) {
        long deletedBytes = 0;
        long deletedFiles = 0;
        boolean readOnly = false;
        for (Replica replica : volume.replicas) {
            deletedBytes = Math.max(deletedBytes, replica.info.getDeletedByteCount());
            deletedFiles = Math.max(deletedFiles, replica.info.getDeleteCount());
            readOnly |= replica.info.getReadOnly();
        }
        return new VolumeView(
                volume.id, volume.key(), volume.places(), deletedBytes, deletedFiles, readOnly, volume.defect(settings));
    }
}
