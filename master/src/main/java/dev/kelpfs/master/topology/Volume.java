package dev.kelpfs.master.topology;

import dev.kelpfs.core.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A volume and its copies on connected servers, at least one. Guarded by the topology's lock, but for {@link #load}. */
final class Volume {
    /** A volume that was full stays closed for so long, so that it does not open and close with every beat. */
    private static final long HOLD_BACK_NANOS = TimeUnit.SECONDS.toNanos(30);

    final VolumeId id;
    final VolumeLoad load = new VolumeLoad();
    /** In the order in which they became known. */
    final List<Replica> replicas = new ArrayList<>();
    /** What it was last found to be. */
    Writability writability = new Writability.Blocked("not looked at yet");
    /** What assignments use while it is writable; null when it must be made anew. */
    @Nullable Target target;

    /** Somebody rewrites it, and there are others to write to meanwhile. */
    boolean setAside;

    private boolean heldBack;
    private long heldBackSinceNanos;

    Volume(VolumeId id) {
        this.id = id;
    }

    /** The layout it belongs to: that of its first copy. */
    LayoutKey key() {
        return replicas.getFirst().key;
    }

    /** That of the least sure of its servers. */
    Trust trust() {
        Trust least = Trust.CONFIRMED;
        for (Replica replica : replicas) {
            if (replica.node.trust.compareTo(least) > 0) least = replica.node.trust;
        }
        return least;
    }

    List<Place> places() {
        return replicas.stream().map(replica -> replica.node.place).toList();
    }

    /** Why its copies do not belong together; empty if they do. */
    String conflict() {
        LayoutKey first = key();
        for (Replica replica : replicas) {
            LayoutKey other = replica.key;
            if (!other.collection().equals(first.collection()) || !other.replication().equals(first.replication())
                    || !other.ttl().equals(first.ttl())) {
                return "volume " + id + " on " + replica.node.id + " has " + other.describe() + ", on "
                        + replicas.getFirst().node.id + " it has " + first.describe();
            }
        }
        return "";
    }

    /** Why its copies are not as they should be; empty if they are. */
    String defect(TopologySettings settings) {
        String conflict = conflict();
        if (!conflict.isEmpty()) return conflict;
        int wanted = key().replication().copies();
        boolean enough = settings.replicationIsMinimum() ? replicas.size() >= wanted : replicas.size() == wanted;
        return enough ? "" : replicas.size() + " of " + wanted + " copies are there";
    }

    /** Whether it may be written at this moment. */
    Writability judge(TopologySettings settings, long nowNanos) {
        String defect = defect(settings);
        if (!defect.isEmpty()) return new Writability.Blocked(defect);
        if (setAside) return new Writability.Blocked("is being vacuumed");
        for (Replica replica : replicas) {
            Node node = replica.node;
            if (replica.info.getReadOnly()) return new Writability.Blocked("read-only on " + node.id);
            if (replica.doubted) return new Writability.Blocked(node.id + " does not name it");
            if (!replica.inRegistry) return new Writability.Blocked("not yet in the registry for " + node.id);
            if (!node.isAssignable()) {
                return new Writability.Blocked(node.silent ? node.id + " is silent" : node.id + ": " + node.distrust);
            }
        }
        return judgeSize(settings, nowNanos);
    }

    private Writability judgeSize(TopologySettings settings, long nowNanos) {
        boolean full = load.estimateBytes() >= settings.sizeLimitBytes()
                || replicas.stream().anyMatch(replica -> replica.isFull(settings.sizeLimitBytes()));
        if (full) {
            if (!heldBack) heldBackSinceNanos = nowNanos;
            heldBack = true;
            return new Writability.Full("full");
        }
        if (heldBack && nowNanos - heldBackSinceNanos < HOLD_BACK_NANOS) return new Writability.Full("was full a moment ago");
        heldBack = false;
        return Writability.WRITABLE;
    }
}
