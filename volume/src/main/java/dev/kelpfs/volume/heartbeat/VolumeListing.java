package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.volume.heartbeat.NodeSnapshot.ReportedVolume;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.master.VolumeShortInformationMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one stream has told its master about volumes, and from that what the next beat must say. Pure and immutable; a new
 * stream begins at {@link #START}.
 *
 * <p>Source: volume server, section 5.3; master, section 4.1.
 *
 * @param changesOnly the master compares digests, so a beat need only carry what changed
 * @param everythingNext the next beat lists all volumes nevertheless
 * @param reportedHashes hash of each volume in the last beat that carried its full description
 * @param announced all volumes that the master knows of, by full description or by a short one
 */
record VolumeListing(
        boolean changesOnly, boolean everythingNext, Map<Integer, Long> reportedHashes,
        Map<Integer, VolumeInformationMessage> announced) {
    static final VolumeListing START = new VolumeListing(false, true, Map.of(), Map.of());

    /** A message and what is known to be told once it is sent. */
    record Step(Heartbeat message, VolumeListing next) {}

    /** The same where there may be nothing to tell. */
    record Delta(Optional<Heartbeat> message, VolumeListing next) {}

    VolumeListing withChangesOnly() {
        return new VolumeListing(true, everythingNext, reportedHashes, announced);
    }

    VolumeListing withEverything() {
        return new VolumeListing(changesOnly, true, reportedHashes, announced);
    }

    /** The periodic beat. */
    Step beat(NodeSnapshot now) {
        Heartbeat.Builder message = now.head().toBuilder().setVolumeDigest(now.digest());
        Map<Integer, Long> hashes = new HashMap<>();
        for (ReportedVolume volume : now.volumes()) hashes.put(volume.id(), volume.hash());
        if (changesOnly && !everythingNext) {
            for (ReportedVolume volume : now.volumes()) {
                Long before = reportedHashes.get(volume.id());
                if (before == null || before != volume.hash()) message.addChangedVolumes(volume.message());
            }
            gone(now).forEach(message::addDeletedVolumes);
        } else {
            for (ReportedVolume volume : now.volumes()) message.addVolumes(volume.message());
            message.setHasNoVolumes(now.volumes().isEmpty());
            // Once is enough. No master takes harm from it, and ours gives out no id that it has seen, in whatever words.
            if (announced.isEmpty()) message.addAllDeletedVolumes(now.notServed());
        }
        return new Step(message.build(), new VolumeListing(changesOnly, false, Map.copyOf(hashes), byId(now)));
    }

    /** The message between two periodic beats about volumes that came or went since the last message. */
    Delta delta(NodeIdentity node, NodeSnapshot now) {
        List<VolumeShortInformationMessage> come = new ArrayList<>();
        for (ReportedVolume volume : now.volumes()) {
            if (!announced.containsKey(volume.id())) come.add(brief(volume.message()));
        }
        List<VolumeShortInformationMessage> gone = gone(now);
        if (come.isEmpty() && gone.isEmpty()) return new Delta(Optional.empty(), this);
        Heartbeat message = node.brief().addAllNewVolumes(come).addAllDeletedVolumes(gone).build();
        Map<Integer, VolumeInformationMessage> known = byId(now);
        Map<Integer, Long> hashes = new HashMap<>(reportedHashes);
        hashes.keySet().retainAll(known.keySet());
        return new Delta(
                Optional.of(message), new VolumeListing(changesOnly, everythingNext, Map.copyOf(hashes), known));
    }

    private List<VolumeShortInformationMessage> gone(NodeSnapshot now) {
        Map<Integer, VolumeInformationMessage> gone = new HashMap<>(announced);
        now.volumes().forEach(volume -> gone.remove(volume.id()));
        return gone.values().stream().map(VolumeListing::brief).toList();
    }

    private static Map<Integer, VolumeInformationMessage> byId(NodeSnapshot now) {
        Map<Integer, VolumeInformationMessage> byId = new HashMap<>();
        now.volumes().forEach(volume -> byId.put(volume.id(), volume.message()));
        return Map.copyOf(byId);
    }

    private static VolumeShortInformationMessage brief(VolumeInformationMessage volume) {
        return VolumeShortInformationMessage.newBuilder()
                .setId(volume.getId())
                .setCollection(volume.getCollection())
                .setReplicaPlacement(volume.getReplicaPlacement())
                .setVersion(volume.getVersion())
                .setTtl(volume.getTtl())
                .setDiskType(volume.getDiskType())
                .setDiskId(volume.getDiskId())
                .build();
    }
}
