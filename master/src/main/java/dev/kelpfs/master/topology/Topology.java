package dev.kelpfs.master.topology;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.placement.Hindrance;
import dev.kelpfs.master.placement.Spot;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the live picture. Plain objects without lock, clock or I/O: events come with their time, and what must
 * happen outside is put into {@link Effects}. Guarded by the lock of {@link LiveTopology}.
 *
 * <p>Invariants: every replica is on exactly one node's list and on its volume's; a volume has a replica; a volume is in the
 * layout of its first replica and in no other; {@link Tables} shows exactly what {@link #publish} last found.
 */
final class Topology {
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(60);

    final TopologySettings settings;
    private final Tables tables;
    private final SortedMap<String, Node> nodes = new TreeMap<>();
    private final Map<Integer, Volume> volumes = new HashMap<>();
    private final Map<LayoutKey, Layout> layouts = new LinkedHashMap<>();
    /** Volumes whose standing may have changed in this event, in order, so that equal events have equal outcomes. */
    private final Set<Volume> touched = new LinkedHashSet<>();
    private final Set<Layout> changedLayouts = new LinkedHashSet<>();
    /** Erasure coded volumes whose shards may have moved in this event. */
    private final Set<Integer> touchedEc = new HashSet<>();

    Topology(TopologySettings settings, Tables tables) {
        this.settings = settings;
        this.tables = tables;
    }

    Collection<Node> nodes() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    Optional<Node> node(String id) {
        return Optional.ofNullable(nodes.get(id));
    }

    Collection<Layout> layouts() {
        return Collections.unmodifiableCollection(layouts.values());
    }

    Collection<Volume> volumes() {
        return Collections.unmodifiableCollection(volumes.values());
    }

    /** Takes in a server that has no stream yet. */
    void add(Node node, Effects effects) {
        nodes.put(node.id, node);
        effects.worthAnotherLook();
    }

    /** Takes in a server, or gives the one with this id its new stream and place. */
    Node join(String id, Place place, String host, BeatStream stream, long nowNanos, Effects effects) {
        for (Node other : List.copyOf(nodes.values())) {
            // The same listener under another id: the server was renamed, so what the old name holds is what it holds.
            if (!other.id.equals(id) && other.place.url().equals(place.url())) leave(other, "replaced by " + id, effects);
        }
        Node known = nodes.get(id);
        Node node = known == null ? new Node(id, place, host, stream) : takeOver(known, place, host, stream, effects);
        if (known == null || known.trust != Trust.CONFIRMED) effects.arrived(id);
        Presumption.trust(this, node, Trust.CONFIRMED);
        nodes.put(id, node);
        node.isKelp = stream.isKelp;
        node.lastBeatNanos = nowNanos;
        stream.node = node;
        effects.registryDiffers(id);
        effects.worthAnotherLook();
        return node;
    }

    private Node takeOver(Node node, Place place, String host, BeatStream stream, Effects effects) {
        BeatStream old = node.stream;
        old.over = true;
        effects.end(old, "a newer stream of " + node.id + " took its place");
        node.stream = stream;
        if (!node.place.equals(place)) {
            Place before = node.place;
            node.place = place;
            node.host = host;
            for (Replica replica : node.replicas.values()) {
                effects.vanished(before, replica.info.getId());
                effects.appeared(place, replica.info.getId());
                moved(replica.volume);
            }
            for (int id : node.ecShards.volumeIds()) {
                effects.ecVanished(before, id);
                effects.ecAppeared(place, id);
                touchedEc.add(id);
            }
        }
        return node;
    }

    /** Removes a server and what it holds from the picture; the registry keeps its volumes and notes that it is down. */
    void leave(Node node, String reason, Effects effects) {
        node.stream.over = true;
        effects.end(node.stream, reason);
        for (Replica replica : List.copyOf(node.replicas.values())) removeReplica(replica, effects);
        for (int id : node.ecShards.volumeIds()) {
            effects.ecVanished(node.place, id);
            touchedEc.add(id);
        }
        nodes.remove(node.id);
        effects.registryDiffers(node.id);
        effects.worthAnotherLook();
    }

    /** The stream ended. Nothing happens if another one speaks for the server by now. */
    void streamEnded(BeatStream stream, Effects effects) {
        Node node = stream.node;
        if (node == null || stream.over || node.stream != stream) return;
        leave(node, "its stream ended", effects);
    }

    /** Time passes: servers that say nothing are not written to, later forgotten; full volumes are looked at again. */
    void tick(long nowNanos, Effects effects) {
        for (Node node : List.copyOf(nodes.values())) {
            long quiet = nowNanos - node.lastBeatNanos;
            if (quiet > GONE_NANOS) {
                leave(node, "no beat for " + TimeUnit.NANOSECONDS.toSeconds(quiet) + " s", effects);
            } else if (quiet > SILENT_NANOS && !node.silent) {
                node.silent = true;
                node.replicas.values().forEach(replica -> touched.add(replica.volume));
            }
        }
        for (Volume volume : volumes.values()) {
            boolean mayHaveChanged = volume.writability instanceof Writability.Full || volume.load.hasPending();
            if (mayHaveChanged) touched.add(volume);
        }
    }

    /** A beat came. */
    void heard(Node node, long nowNanos, Effects effects) {
        node.lastBeatNanos = nowNanos;
        if (!node.silent) return;
        node.silent = false;
        effects.worthAnotherLook();
        node.replicas.values().forEach(replica -> touched.add(replica.volume));
    }

    /** Notes that a server holds a volume, or what it says about it now. */
    Replica putReplica(Node node, VolumeInformationMessage info, Effects effects) {
        LayoutKey key = LayoutKey.of(info);
        Replica known = node.replicas.get(info.getId());
        if (known != null && known.key.equals(key)) {
            boolean registered = known.info.getReadOnly() == info.getReadOnly()
                    && known.isFull(settings.sizeLimitBytes()) == (info.getSize() >= settings.sizeLimitBytes());
            known.info = info;
            if (!registered) effects.registryDiffers(node.id);
            touched.add(known.volume);
            return known;
        }
        if (known != null) removeReplica(known, effects);
        Volume volume = volumes.computeIfAbsent(info.getId(), id -> new Volume(new VolumeId(id)));
        Replica replica = new Replica(node, volume, key, info);
        node.replicas.put(info.getId(), replica);
        volume.replicas.add(replica);
        moved(volume);
        effects.appeared(node.place, info.getId());
        effects.registryDiffers(node.id);
        return replica;
    }

    void removeReplica(Replica replica, Effects effects) {
        Node node = replica.node;
        Volume volume = replica.volume;
        LayoutKey before = volume.key();
        node.replicas.remove(replica.info.getId());
        node.digest ^= replica.hash;
        volume.replicas.remove(replica);
        effects.vanished(node.place, replica.info.getId());
        effects.registryDiffers(node.id);
        if (volume.replicas.isEmpty()) {
            volumes.remove(volume.id.bits());
            touched.remove(volume);
            tables.places.remove(volume.id);
            dropFromLayout(before, volume);
        } else {
            if (!volume.key().equals(before)) dropFromLayout(before, volume);
            moved(volume);
        }
    }

    /** A server holds nothing of a collection any more. */
    void removeCollection(Node node, String collection, Effects effects) {
        for (Replica replica : List.copyOf(node.replicas.values())) {
            if (replica.info.getCollection().equals(collection)) removeReplica(replica, effects);
        }
        changeShards(node, shards -> shards.removeCollection(collection), effects);
    }

    /** Changes which shards a server has. */
    void changeShards(Node node, Consumer<EcShards> change, Effects effects) {
        Set<Integer> before = node.ecShards.volumeIds();
        change.accept(node.ecShards);
        Set<Integer> after = node.ecShards.volumeIds();
        touchedEc.addAll(before);
        touchedEc.addAll(after);
        before.stream().filter(id -> !after.contains(id)).forEach(id -> effects.ecVanished(node.place, id));
        after.stream().filter(id -> !before.contains(id)).forEach(id -> effects.ecAppeared(node.place, id));
    }

    boolean forgetEmptyLayouts(String collection) {
        return layouts.values().removeIf(layout -> layout.volumes.isEmpty() && layout.key.collection().text().equals(collection));
    }

    void markReadOnly(String host, int httpPort, int volumeId, boolean readOnly, Effects effects) {
        for (Node node : nodes.values()) {
            Replica replica = node.listensOn(host, httpPort) ? node.replicas.get(volumeId) : null;
            if (replica == null || replica.info.getReadOnly() == readOnly) continue;
            // The digest is over what beats reported, so the hash stays; the next beat brings the change there too.
            replica.info = replica.info.toBuilder().setReadOnly(readOnly).build();
            touched.add(replica.volume);
            effects.registryDiffers(node.id);
        }
    }

    /** Leaves a volume out of assignments, unless its layout has no other one with room. */
    boolean setAside(int volumeId) {
        Volume volume = volumes.get(volumeId);
        if (volume == null) return false;
        Layout layout = layouts.get(volume.key());
        boolean others = layout != null && layout.writable().stream()
                .anyMatch(other -> other != volume && other.load.estimateBytes() <= settings.crowdedBytes());
        if (!others) return false;
        volume.setAside = true;
        touched.add(volume);
        return true;
    }

    void takeBack(int volumeId) {
        Volume volume = volumes.get(volumeId);
        if (volume == null) return;
        volume.setAside = false;
        touched.add(volume);
    }

    /** A server said what became of its copy; the next beat says the same. */
    void rewritten(Node node, int volumeId, boolean readOnly, long bytes) {
        Replica replica = node.replicas.get(volumeId);
        if (replica == null) return;
        replica.info = replica.info.toBuilder().setReadOnly(readOnly).setSize(bytes).build();
        touched.add(replica.volume);
    }

    /** The registry holds this replica as it is. */
    void registered(Replica replica) {
        if (replica.inRegistry) return;
        replica.inRegistry = true;
        touched.add(replica.volume);
    }

    /** Somebody wants to write to volumes of this kind; it is listed from now on. */
    Layout layout(LayoutKey key) {
        return layouts.computeIfAbsent(key, Layout::new);
    }

    /** Servers with disks of a type as places for volumes; slots promised to volumes under way are taken. */
    List<Spot> spots(DiskType type, long nowNanos) {
        List<Spot> spots = new ArrayList<>();
        for (Node node : nodes.values()) {
            if (node.disks.maxVolumes(type) == 0) continue;
            spots.add(new Spot(node.id, node.place.dataCenter(), node.place.rack(), node.host,
                    node.freeSlots(type) - node.reserved(type), hindrance(node, nowNanos)));
        }
        return spots;
    }

    private static Hindrance hindrance(Node node, long nowNanos) {
        if (node.silent) return new Hindrance.Silent(Duration.ofNanos(nowNanos - node.lastBeatNanos));
        return node.inMaintenance ? new Hindrance.Maintenance() : new Hindrance.None();
    }

    int wantedWritable(LayoutKey key) {
        return tables.wantedWritable.getOrDefault(key, 0);
    }

    boolean awaitsRegistry(LayoutKey key) {
        Layout layout = layouts.get(key);
        return layout != null && layout.volumes.values().stream()
                .anyMatch(volume -> volume.replicas.size() >= key.replication().copies()
                        && volume.replicas.stream().anyMatch(replica -> !replica.inRegistry && replica.node.isAssignable()));
    }

    /** Why volumes that should be writable are not, for people; at most so many lines. */
    List<String> conflicts(int limit) {
        return volumes.values().stream().map(Volume::conflict).filter(text -> !text.isEmpty()).sorted().limit(limit).toList();
    }

    @Nullable Volume volume(int id) {
        return volumes.get(id);
    }

    void touch(Volume volume) {
        touched.add(volume);
    }

    /** Ends an event: judges what was touched and shows it. */
    void publish(long nowNanos, Effects effects) {
        for (Volume volume : touched) {
            Writability now = volume.judge(settings, nowNanos);
            Layout layout = layout(volume.key());
            boolean isNew = layout.volumes.put(volume.id.bits(), volume) == null;
            boolean changed = !now.getClass().equals(volume.writability.getClass());
            volume.writability = now;
            if (isNew || changed || volume.target == null) changedLayouts.add(layout);
        }
        touched.clear();
        for (Layout layout : changedLayouts) {
            if (layout.volumes.isEmpty()) {
                layouts.remove(layout.key);
                tables.writable.remove(layout.key);
                tables.wantedWritable.remove(layout.key);
            } else {
                tables.writable.put(layout.key, layout.writableSet(settings));
            }
            effects.worthAnotherLook();
        }
        changedLayouts.clear();
        touchedEc.forEach(this::publishShards);
        touchedEc.clear();
    }

    private void publishShards(int volumeId) {
        VolumeId id = new VolumeId(volumeId);
        Optional<String> collection =
                nodes.values().stream().flatMap(node -> node.ecShards.collection(volumeId).stream()).findFirst();
        if (collection.isEmpty()) {
            tables.ecPlaces.remove(id);
            return;
        }
        List<Place> places = EcShards.places(nodes.values(), volumeId).values().stream().flatMap(List::stream).toList();
        if (places.isEmpty()) tables.ecPlaces.remove(id);
        else tables.ecPlaces.put(id, new VolumePlaces(new CollectionName(collection.get()), places));
    }

    private void dropFromLayout(LayoutKey key, Volume volume) {
        Layout layout = layouts.get(key);
        if (layout != null && layout.volumes.remove(volume.id.bits()) != null) changedLayouts.add(layout);
    }

    /** The places of a volume changed. */
    private void moved(Volume volume) {
        volume.target = null;
        touched.add(volume);
        tables.places.put(volume.id, new VolumePlaces(volume.key().collection(), volume.places()));
    }
}
