package dev.kelpfs.master.topology;

import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import dev.kelpfs.wire.kelp.ReplicaName;
import java.util.Map;
import java.util.Optional;

/**
 * What the registry must be told so that it says about one server what the live picture shows. Replicas of which it says
 * so already are marked as registered on the way. Guarded like {@link Topology}.
 */
final class RegistryDiff {
    /** Of one command; the comparison after it finds the rest. */
    private static final int MAX_REPLICAS = 20_000;

    private RegistryDiff() {}

    /**
     * @param registeredNode what the registry says about the server, if it knows it
     * @param registered its replicas there by volume id
     * @param nowEpochSeconds for people who wonder since when a server is gone
     */
    static void collect(
            Topology topology, String nodeId, Optional<RegisteredNode> registeredNode, Map<Integer, RegisteredReplica> registered,
            long nowEpochSeconds, ChangeRegistry.Builder change) {
        Optional<Node> live = topology.node(nodeId);
        if (live.isEmpty()) {
            registeredNode.filter(RegisteredNode::getUp).ifPresent(up ->
                    change.addNodes(up.toBuilder().setUp(false).setDownSinceEpochSeconds(nowEpochSeconds)));
            return;
        }
        Node node = live.get();
        RegisteredNode wanted = node.registration();
        if (registeredNode.isEmpty() || !registeredNode.get().equals(wanted)) change.addNodes(wanted);
        for (Replica replica : node.replicas.values()) {
            RegisteredReplica facts = replica.registration(topology.settings.sizeLimitBytes());
            if (facts.equals(registered.get(replica.info.getId()))) topology.registered(replica);
            else if (change.getReplicasCount() < MAX_REPLICAS) change.addReplicas(facts);
        }
        // A leftover of a cut connection would have volumes forgotten that were made since.
        if (!node.stream.isProven) return;
        for (Integer id : registered.keySet()) {
            if (!node.replicas.containsKey(id)) {
                change.addRemovedReplicas(ReplicaName.newBuilder().setNodeId(nodeId).setVolumeId(id));
            }
        }
    }
}
