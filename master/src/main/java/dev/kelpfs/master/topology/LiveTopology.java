package dev.kelpfs.master.topology;

import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.placement.Choice;
import dev.kelpfs.master.placement.Spot;
import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.TopologyInfo;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The live picture for everybody. Events and thorough questions take its lock; picking a volume and looking one up read
 * published tables and never wait. Safe for all threads.
 */
public final class LiveTopology {
    /** Told, under the lock and in order, what clients must learn and which servers the registry must look at. Must be quick. */
    public interface Listener {
        void locationsChanged(LocationChange change);

        void registryDiffers(String nodeId);

        /** A server that was not connected before is now. */
        void serverCame(String nodeId);
    }

    private final Ticker ticker;
    private final Listener listener;
    private final Tables tables = new Tables();
    private final Change change;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final Topology topology;
    private final Beats beats;

    public LiveTopology(TopologySettings settings, Ticker ticker, Listener listener) {
        this.ticker = ticker;
        this.listener = listener;
        this.change = new Change(ticker);
        this.topology = new Topology(settings, tables);
        this.beats = new Beats(topology);
    }

    /** The volumes that may be written now; the empty set if there are none. Never waits. */
    public WritableSet writable(LayoutKey key) {
        return tables.writable.getOrDefault(key, WritableSet.EMPTY);
    }

    /** Where a volume is, if any connected server has it; of an erasure coded one, each of its shards. Never waits. */
    public Optional<VolumePlaces> locate(VolumeId volume) {
        VolumePlaces normal = tables.places.get(volume);
        return Optional.ofNullable(normal != null ? normal : tables.ecPlaces.get(volume));
    }

    /** File keys above it are not counted on from; a server that shows one gets no more files. */
    public long largestCountedKey() {
        return Beats.LARGEST_COUNTED_KEY;
    }

    /** For waiting until the picture changes. */
    public Change change() {
        return change;
    }

    public BeatOutcome beat(BeatStream stream, Heartbeat beat) {
        return event(effects -> beats.take(stream, beat, ticker.nanos(), effects));
    }

    public void streamEnded(BeatStream stream) {
        event(effects -> {
            topology.streamEnded(stream, effects);
            stream.over = true;
            return stream;
        });
    }

    /** Takes in a server that the registry says is up, with its volumes, before its stream is open. */
    public void presume(RegisteredNode node, List<RegisteredReplica> replicas) {
        event(effects -> {
            Presumption.presume(topology, node, replicas, ticker.nanos(), effects);
            return topology;
        });
    }

    /** A presumed server answered. */
    public void reachable(String nodeId) {
        event(_ -> {
            topology.node(nodeId).ifPresent(node -> Presumption.reachable(topology, node));
            return topology;
        });
    }

    /** A presumed or reachable server is not there; nothing happens if its stream is open by now. */
    public void refuted(String nodeId, String reason) {
        event(effects -> {
            topology.node(nodeId).filter(node -> node.trust != Trust.CONFIRMED)
                    .ifPresent(node -> topology.leave(node, reason, effects));
            return topology;
        });
    }

    /** The server that listens there, as it is connected now. @param url {@code host:port} of its HTTP, or its public address */
    public Optional<Suspect> suspect(String url) {
        return ask(rules -> rules.nodes().stream()
                .filter(node -> node.place.url().equals(url) || node.place.publicUrl().equals(url))
                .map(node -> new Suspect(node.place, node.stream)).findFirst());
    }

    /** A server that was looked at is not there, whatever its stream looks like; one with a newer stream stays. @return whether it went */
    public boolean refuted(Suspect suspect, String reason) {
        return event(effects -> {
            Optional<Node> there = topology.node(suspect.place().nodeId()).filter(node -> node.stream == suspect.stream());
            there.ifPresent(node -> topology.leave(node, reason, effects));
            return there.isPresent();
        });
    }

    /** How sure it is that the server is there; nothing if it is not in the picture. */
    public Optional<Trust> trust(String nodeId) {
        return ask(rules -> rules.node(nodeId).map(node -> node.trust));
    }

    /** To be called every few seconds. */
    public void tick() {
        event(effects -> {
            topology.tick(ticker.nanos(), effects);
            return topology;
        });
    }

    /** Has volumes of this kind listed even while there are none. */
    public void wanted(LayoutKey key) {
        event(_ -> topology.layout(key));
    }

    /** Notes how many writable volumes somebody wants of a layout that has some. Never waits. */
    public void wantsWritable(LayoutKey key, int count) {
        if (tables.writable.containsKey(key) && tables.wantedWritable.getOrDefault(key, 0) != count) tables.wantedWritable.put(key, count);
    }

    /** Which layouts have room where. */
    public List<LayoutRoom> room() {
        return ask(LayoutRoom::of);
    }

    /** A volume that was just made on these servers; those that left meanwhile are passed over. */
    public void created(List<String> nodeIds, VolumeInformationMessage info) {
        event(effects -> {
            for (String id : nodeIds) {
                topology.node(id).ifPresent(node -> {
                    Replica replica = topology.putReplica(node, info, effects);
                    if (!replica.reported) replica.createdNanos = ticker.nanos();
                });
            }
            return topology;
        });
    }

    /**
     * Chooses servers for a volume and reserves a slot on each until {@link #release}.
     *
     * @param rule chooses among all servers, which are given with what is free on them
     */
    public Choice reserve(DiskType type, Function<List<Spot>, Choice> rule) {
        return event(_ -> {
            Choice choice = rule.apply(topology.spots(type, ticker.nanos()));
            if (choice instanceof Choice.Chosen(var servers)) {
                for (Spot server : servers) {
                    topology.node(server.nodeId()).ifPresent(node -> node.reservedSlots.merge(type, 1L, Long::sum));
                }
            }
            return choice;
        });
    }

    public void release(DiskType type, List<Spot> servers) {
        event(effects -> {
            for (Spot server : servers) {
                topology.node(server.nodeId()).ifPresent(node ->
                        node.reservedSlots.computeIfPresent(type, (unused, count) -> count > 1 ? count - 1 : null));
            }
            effects.worthAnotherLook();
            return topology;
        });
    }

    /** Servers as places for volumes of a type of disk. */
    public List<Spot> spots(DiskType type) {
        return ask(rules -> rules.spots(type, ticker.nanos()));
    }

    /** Compares what the registry says about a server with the picture; what it must be told is added to the change. */
    public void compareWithRegistry(
            String nodeId, Optional<RegisteredNode> node, Map<Integer, RegisteredReplica> replicas, long nowEpochSeconds,
            ChangeRegistry.Builder toTell) {
        event(_ -> {
            RegistryDiff.collect(topology, nodeId, node, replicas, nowEpochSeconds, toTell);
            return topology;
        });
    }

    /** The server's place, if it is connected. */
    public Optional<Place> place(String nodeId) {
        return ask(rules -> rules.node(nodeId).map(node -> node.place));
    }

    /**
     * Everything that can be found now, one change per server; {@code register} runs before any later change is announced,
     * so that a new listener misses none.
     */
    public void snapshot(Consumer<List<LocationChange>> register) {
        ask(rules -> {
            List<LocationChange> all = new ArrayList<>();
            for (Node node : rules.nodes()) {
                all.add(LocationChange.there(node.place, node.replicas.keySet(), node.ecShards.volumeIds()));
            }
            register.accept(all);
            return all;
        });
    }

    /** The whole tree as it travels; volumes and EC shards only where the filter admits their collection and id. */
    public TopologyInfo describe(VolumeFilter filter) {
        return ask(rules -> TopologyMessages.tree(rules, filter));
    }

    /** All servers, by data center, rack and address. */
    public List<NodeSummary> nodes() {
        return ask(NodeSummary::of);
    }

    /** True if volumes of this kind would be writable, but the registry does not hold them yet. */
    public boolean awaitsRegistry(LayoutKey key) {
        return ask(rules -> rules.awaitsRegistry(key));
    }

    /** Layouts with their writable volumes. */
    public List<LayoutSummary> layouts() {
        return ask(LayoutSummary::of);
    }

    /** Per collection and layout what it holds. */
    public List<CollectionSummary> collections(Predicate<String> wanted) {
        return ask(rules -> CollectionSummary.of(rules, wanted));
    }

    /** What the erasure coded volumes hold, by id. */
    public List<EcUsage> ecUsage() {
        return ask(EcUsage::of);
    }

    /** Volumes whose copies contradict each other, in words; at most so many. */
    public List<String> conflicts(int limit) {
        return ask(rules -> rules.conflicts(limit));
    }

    /** Volumes with their copies, by id. */
    public List<VolumeView> volumes(VolumeFilter filter) {
        return ask(rules -> VolumeView.of(rules, filter));
    }

    /** Volumes whose copies are not as they should be, by id. */
    public List<VolumeView> defects() {
        return volumes(VolumeFilter.ALL).stream().filter(volume -> !volume.defect().isEmpty()).toList();
    }

    /**
     * Leaves a volume out of assignments until {@link #takeBack}, unless its layout has no other one with room.
     *
     * @return false if it stays in
     */
    public boolean setAside(VolumeId volume) {
        return event(_ -> topology.setAside(volume.bits()));
    }

    public void takeBack(VolumeId volume) {
        event(_ -> {
            topology.takeBack(volume.bits());
            return topology;
        });
    }

    /** Bytes that were promised to writers of a volume and are not known to be written. */
    public long pendingBytes(VolumeId volume) {
        return ask(rules -> Optional.ofNullable(rules.volume(volume.bits())).map(known -> known.load.pendingBytes()).orElse(0L));
    }

    /** A server rewrote its copy of a volume. @param bytes its size now */
    public void rewritten(String nodeId, VolumeId volume, boolean readOnly, long bytes) {
        event(effects -> {
            topology.node(nodeId).ifPresent(node -> topology.rewritten(node, volume.bits(), readOnly, bytes));
            effects.registryDiffers(nodeId);
            return topology;
        });
    }

    /** Connected servers that hold volumes of a collection, normal or erasure coded. */
    public List<Place> holders(String collection) {
        return ask(rules -> rules.nodes().stream().filter(node -> node.holds(collection)).map(node -> node.place).toList());
    }

    /** A server deleted everything of a collection. */
    public void collectionRemoved(String nodeId, String collection) {
        event(effects -> {
            topology.node(nodeId).ifPresent(node -> topology.removeCollection(node, collection, effects));
            return topology;
        });
    }

    /**
     * Has layouts of a collection listed no longer that hold no volume.
     *
     * @return false if there was none
     */
    public boolean forgetCollection(String collection) {
        return event(_ -> topology.forgetEmptyLayouts(collection));
    }

    /** A server says about one of its volumes whether it may be written; unknown ones change nothing. */
    public void markReadOnly(String host, int httpPort, VolumeId volume, boolean readOnly) {
        event(effects -> {
            topology.markReadOnly(host, httpPort, volume.bits(), readOnly, effects);
            return topology;
        });
    }

    /** Per shard id of an erasure coded volume the servers that hold the shard; empty if no server holds any. */
    public Map<Integer, List<Place>> ecShards(VolumeId volume) {
        return ask(rules -> EcShards.places(rules.nodes(), volume.bits()));
    }

    /** How many servers are connected. */
    public int nodeCount() {
        return ask(rules -> rules.nodes().size());
    }

    private <T> T ask(Function<Topology, T> question) {
        lock.lock();
        try {
            return question.apply(topology);
        } finally {
            lock.unlock();
        }
    }

    private <T> T event(Function<Effects, T> rule) {
        Effects effects = new Effects();
        T result;
        lock.lock();
        try {
            result = rule.apply(effects);
            topology.publish(ticker.nanos(), effects);
            effects.locationChanges().forEach(listener::locationsChanged);
            effects.unregistered().forEach(listener::registryDiffers);
            effects.arrivals().forEach(listener::serverCame);
        } finally {
            lock.unlock();
        }
        effects.carryOutEndings();
        if (effects.isWorthAnotherLook()) change.advance();
        return result;
    }
}
