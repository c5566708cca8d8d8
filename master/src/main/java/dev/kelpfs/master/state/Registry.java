package dev.kelpfs.master.state;

import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import dev.kelpfs.wire.kelp.ReplicaName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which volumes exist on which nodes, as far as the masters agreed on it; sizes and free space are no part of it. A
 * replica may name a node that is not here. Sorted, so that equal content has one form. Guarded like {@link MasterState}.
 */
public final class Registry {
    private final NavigableMap<String, RegisteredNode> nodes = new TreeMap<>();
    /** By node id, then by volume id, compared unsigned. */
    private final NavigableMap<String, NavigableMap<Integer, RegisteredReplica>> replicas = new TreeMap<>();

    /** Node ids by volume id: {@link #replicas} seen from the other side. */
    private final Map<Integer, SortedSet<String>> holders = new HashMap<>();

    Registry() {}

    /** All nodes by id. */
    public Collection<RegisteredNode> nodes() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    public Optional<RegisteredNode> node(String id) {
        return Optional.ofNullable(nodes.get(id));
    }

    /** The replicas of one node by volume id. */
    public Collection<RegisteredReplica> replicas(String nodeId) {
        NavigableMap<Integer, RegisteredReplica> ofNode = replicas.get(nodeId);
        return ofNode == null ? List.of() : Collections.unmodifiableCollection(ofNode.values());
    }

    /** One replica. */
    public Optional<RegisteredReplica> replica(String nodeId, int volumeId) {
        NavigableMap<Integer, RegisteredReplica> ofNode = replicas.get(nodeId);
        return ofNode == null ? Optional.empty() : Optional.ofNullable(ofNode.get(volumeId));
    }

    /** Ids of the nodes that have a volume. */
    public Collection<String> holders(int volumeId) {
        return Collections.unmodifiableCollection(holders.getOrDefault(volumeId, Collections.emptySortedSet()));
    }

    /** All replicas by node and volume id. */
    List<RegisteredReplica> replicas() {
        List<RegisteredReplica> all = new ArrayList<>();
        replicas.values().forEach(ofNode -> all.addAll(ofNode.values()));
        return all;
    }

    void put(RegisteredNode node) {
        nodes.put(node.getId(), node);
    }

    void put(RegisteredReplica replica) {
        replicas.computeIfAbsent(replica.getNodeId(), id -> new TreeMap<>(Integer::compareUnsigned))
                .put(replica.getVolumeId(), replica);
        holders.computeIfAbsent(replica.getVolumeId(), id -> new TreeSet<>()).add(replica.getNodeId());
    }

    void remove(ReplicaName name) {
        NavigableMap<Integer, RegisteredReplica> ofNode = replicas.get(name.getNodeId());
        if (ofNode == null) return;
        ofNode.remove(name.getVolumeId());
        if (ofNode.isEmpty()) replicas.remove(name.getNodeId());
        SortedSet<String> ofVolume = holders.get(name.getVolumeId());
        if (ofVolume != null && ofVolume.remove(name.getNodeId()) && ofVolume.isEmpty()) holders.remove(name.getVolumeId());
    }
}
