package dev.kelpfs.master.topology;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.digest.ReportHash;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.master.VolumeShortInformationMessage;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a heartbeat changes. The order is that of the reference: who speaks, disks, state, volumes by short lists, changed
 * and complete ones, EC shards, digest. Guarded like {@link Topology}. Source: master, section 4.1.
 */
final class Beats {
    private static final Logger LOG = LoggerFactory.getLogger(Beats.class);

    private static final String DEFAULT_DATA_CENTER = "DefaultDataCenter";
    private static final String DEFAULT_RACK = "DefaultRack";
    /** A volume that was just made may be missing from a list that was written before. */
    private static final long NEW_VOLUME_GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A stream that lived so long is no leftover of a network that was cut. */
    private static final long PROVEN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Above it the counter of keys is not raised any more: it would have no room left to go on. */
    static final long LARGEST_COUNTED_KEY = Long.MAX_VALUE - (1L << 40);

    private final Topology topology;

    Beats(Topology topology) {
        this.topology = topology;
    }

    BeatOutcome take(BeatStream stream, Heartbeat beat, long nowNanos, Effects effects) {
        if (stream.over) return new BeatOutcome.Ignored();
        Node bound = stream.node;
        if (isFarewell(beat)) {
            if (bound == null) return new BeatOutcome.Ignored();
            topology.leave(bound, "it said farewell", effects);
            return new BeatOutcome.Farewell();
        }
        if (bound != null) return apply(bound, beat, false, nowNanos, effects);
        if (beat.getIp().isEmpty()) return new BeatOutcome.Ignored();
        return bind(stream, beat, nowNanos, effects);
    }

    private static boolean isFarewell(Heartbeat beat) {
        return beat.getHasNoVolumes() && beat.getLocationUuidsCount() == 0 && beat.getMaxVolumeCountsCount() == 0;
    }

    private BeatOutcome bind(BeatStream stream, Heartbeat beat, long nowNanos, Effects effects) {
        if (!isFullVolumeBeat(beat)) {
            return new BeatOutcome.Refused("the first beat of a stream must name all volumes, or say that there are none");
        }
        Place place;
        String id = beat.getId().strip();
        try {
            int grpcPort = beat.getGrpcPort() == 0 ? beat.getPort() + ServerAddress.GRPC_PORT_DISTANCE : beat.getGrpcPort();
            String url = new ServerAddress(beat.getIp(), beat.getPort(), grpcPort).http();
            if (id.isEmpty()) id = url;
            place = new Place(id, url, orDefault(beat.getPublicUrl(), url), grpcPort,
                    orDefault(beat.getDataCenter(), DEFAULT_DATA_CENTER), orDefault(beat.getRack(), DEFAULT_RACK));
        } catch (IllegalArgumentException badAddress) {
            return new BeatOutcome.Refused("the beat names no usable address: " + badAddress.getMessage());
        }
        Optional<BeatOutcome> duplicate = duplicate(id, place, beat.getLocationUuidsList());
        if (duplicate.isPresent()) return duplicate.get();
        Node node = topology.join(id, place, beat.getIp(), stream, nowNanos, effects);
        return apply(node, beat, true, nowNanos, effects);
    }

    private Optional<BeatOutcome> duplicate(String id, Place place, List<String> directoryIds) {
        for (Node other : topology.nodes()) {
            if (other.id.equals(id) || other.place.url().equals(place.url())) continue;
            List<String> shared = directoryIds.stream().filter(other.directoryIds::contains).toList();
            if (!shared.isEmpty()) return Optional.of(new BeatOutcome.DuplicateDirectories(shared, other.id));
        }
        return Optional.empty();
    }

    private BeatOutcome apply(Node node, Heartbeat beat, boolean isFirst, long nowNanos, Effects effects) {
        topology.heard(node, nowNanos, effects);
        if (isFirst) node.stream.beganNanos = nowNanos;
        else if (!node.stream.isProven && nowNanos - node.stream.beganNanos >= PROVEN_NANOS) prove(node, effects);
        node.disks.update(beat);
        if (beat.getLocationUuidsCount() > 0) node.directoryIds = List.copyOf(beat.getLocationUuidsList());
        if (beat.hasState()) node.inMaintenance = beat.getState().getMaintenance();
        judgeKeys(node, beat);
        boolean ambiguous = applyVolumes(node, beat, nowNanos, effects);
        applyEcShards(node, beat, effects);
        if (isPulse(beat)) takePromisesBack(node, nowNanos);
        boolean differs = beat.hasVolumeDigest() && (ambiguous || beat.getVolumeDigest() != node.digest);
        return new BeatOutcome.Taken(isFirst, differs && !isFullVolumeBeat(beat));
    }

    /** What its lists did not name is gone. */
    private void prove(Node node, Effects effects) {
        node.stream.isProven = true;
        for (Replica replica : List.copyOf(node.replicas.values())) {
            if (replica.doubted) topology.removeReplica(replica, effects);
        }
        effects.registryDiffers(node.id);
    }

    /** Keys that cannot be counted on from: the server's volumes are read, but no file goes there any more. */
    private void judgeKeys(Node node, Heartbeat beat) {
        boolean countable = beat.getMaxFileKey() >= 0 && beat.getMaxFileKey() <= LARGEST_COUNTED_KEY;
        if (countable || !node.distrust.isEmpty()) return;
        node.distrust = "it holds the file key " + Long.toUnsignedString(beat.getMaxFileKey()) + ", too near to 2^63 or above";
        LOG.warn("No file is assigned to {} any more: {}. Find the volume and delete the file, then restart the server",
                node.id, node.distrust);
        node.replicas.values().forEach(replica -> topology.touch(replica.volume));
    }

    /** @return true if one volume id came twice */
    private boolean applyVolumes(Node node, Heartbeat beat, long nowNanos, Effects effects) {
        Set<Integer> fresh = new HashSet<>();
        for (VolumeShortInformationMessage added : beat.getNewVolumesList()) {
            fresh.add(added.getId());
            VolumeInformationMessage info = lengthened(added);
            Replica known = node.replicas.get(added.getId());
            // The short form knows no sizes: what is known of the same volume stays.
            if (known == null || !known.reported || known.info.getDiskId() != added.getDiskId()) report(node, info, nowNanos, effects);
        }
        for (VolumeShortInformationMessage gone : beat.getDeletedVolumesList()) {
            Replica known = node.replicas.get(gone.getId());
            if (known != null && !fresh.contains(gone.getId())) topology.removeReplica(known, effects);
        }
        for (VolumeInformationMessage changed : beat.getChangedVolumesList()) report(node, changed, nowNanos, effects);
        return isFullVolumeBeat(beat) && applyFullList(node, beat, nowNanos, effects);
    }

    private boolean applyFullList(Node node, Heartbeat beat, long nowNanos, Effects effects) {
        Set<Integer> named = new HashSet<>();
        boolean twice = false;
        for (VolumeInformationMessage info : beat.getVolumesList()) {
            twice |= !named.add(info.getId());
            report(node, info, nowNanos, effects);
        }
        for (Replica replica : List.copyOf(node.replicas.values())) {
            boolean mayBeOnItsWay = !replica.reported && nowNanos - replica.createdNanos < NEW_VOLUME_GRACE_NANOS;
            if (named.contains(replica.info.getId()) || mayBeOnItsWay) continue;
            if (node.stream.isProven) topology.removeReplica(replica, effects);
            else doubt(node, replica);
        }
        return twice;
    }

    private void doubt(Node node, Replica replica) {
        replica.doubted = true;
        node.digest ^= replica.hash;
        replica.hash = 0;
        topology.touch(replica.volume);
    }

    private void report(Node node, VolumeInformationMessage info, long nowNanos, Effects effects) {
        Replica replica;
        try {
            replica = topology.putReplica(node, info, effects);
        } catch (IllegalArgumentException unusable) {
            LOG.warn("Volume {} of {} is left out: {}", Integer.toUnsignedString(info.getId()), node.id, unusable.getMessage());
            return;
        }
        node.digest ^= replica.hash;
        replica.hash = ReportHash.of(info);
        node.digest ^= replica.hash;
        replica.reported = true;
        replica.doubted = false;
        if (!info.getReadOnly()) replica.volume.load.report(info.getSize(), info.getCompactRevision(), nowNanos);
    }

    private void takePromisesBack(Node node, long nowNanos) {
        for (Replica replica : node.replicas.values()) {
            if (replica.volume.load.hasPending()) {
                replica.volume.load.report(replica.info.getSize(), replica.info.getCompactRevision(), nowNanos);
            }
        }
    }

    private void applyEcShards(Node node, Heartbeat beat, Effects effects) {
        boolean complete = beat.getEcShardsCount() > 0 || beat.getHasNoEcShards();
        if (!complete && beat.getNewEcShardsCount() == 0 && beat.getDeletedEcShardsCount() == 0) return;
        topology.changeShards(node, shards -> {
            beat.getNewEcShardsList().forEach(shards::add);
            beat.getDeletedEcShardsList().forEach(shards::remove);
            if (complete) shards.set(beat.getEcShardsList());
        }, effects);
    }

    private static boolean isFullVolumeBeat(Heartbeat beat) {
        return beat.getVolumesCount() > 0 || beat.getHasNoVolumes();
    }

    /** Beats of the regular rhythm carry the whole of the disks; deltas in between do not. */
    private static boolean isPulse(Heartbeat beat) {
        return beat.getMaxVolumeCountsCount() > 0;
    }

    private static VolumeInformationMessage lengthened(VolumeShortInformationMessage info) {
        return VolumeInformationMessage.newBuilder()
                .setId(info.getId())
                .setCollection(info.getCollection())
                .setReplicaPlacement(info.getReplicaPlacement())
                .setVersion(info.getVersion())
                .setTtl(info.getTtl())
                .setDiskType(info.getDiskType())
                .setDiskId(info.getDiskId())
                .build();
    }

    private static String orDefault(String text, String other) {
        return text.isEmpty() ? other : text;
    }
}
