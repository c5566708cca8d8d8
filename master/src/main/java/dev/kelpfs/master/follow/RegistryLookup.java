package dev.kelpfs.master.follow;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.state.Registry;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.master.topology.VolumePlaces;
import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where volumes are, by the replicated registry: with or without a leader. Safe for all threads. */
public final class RegistryLookup {
    private final StateLog log;

    public RegistryLookup(StateLog log) {
        this.log = log;
    }

    /** The servers that have the volume and are up; nothing if there are none. */
    public Optional<VolumePlaces> locate(VolumeId volume) {
        return log.read(state -> locate(state.registry(), volume.bits()));
    }

    /** The names of all servers that have the volume, whether or not they are up. */
    public List<String> holders(VolumeId volume) {
        return log.read(state -> List.copyOf(state.registry().holders(volume.bits())));
    }

    private static Optional<VolumePlaces> locate(Registry registry, int volume) {
        List<Place> places = new ArrayList<>();
        String collection = "";
        for (String nodeId : registry.holders(volume)) {
            Optional<RegisteredNode> node = registry.node(nodeId).filter(RegisteredNode::getUp);
            Optional<RegisteredReplica> replica = registry.replica(nodeId, volume);
            if (node.isEmpty() || replica.isEmpty()) continue;
            if (places.isEmpty()) collection = replica.get().getCollection();
            places.add(place(node.get()));
        }
        CollectionName name = collection.isEmpty() ? CollectionName.DEFAULT : new CollectionName(collection);
        return places.isEmpty() ? Optional.empty() : Optional.of(new VolumePlaces(name, places));
    }

    /** A registered server as a place. */
    private static Place place(RegisteredNode node) {
        return new Place(node.getId(), node.getAddress(), node.getPublicUrl(), node.getGrpcPort(), node.getDataCenter(), node.getRack());
    }
}
