package dev.kelpfs.master.state;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.kelp.ChangeMasters;
import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.FoundCluster;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import dev.kelpfs.wire.kelp.ReplicaName;
import dev.kelpfs.wire.kelp.ReserveKeys;
import dev.kelpfs.wire.kelp.ReserveVolumeIds;
import java.util.ArrayList;
import java.util.List;

/** Makes commands of the version that this release writes. */
public final class Commands {
    /** Nodes and replicas in one command: even with the longest names it is smaller than a log takes. */
    private static final int ITEMS_IN_ONE = 3000;

    private Commands() {}

    public static MasterCommand foundCluster(String clusterId) {
        return command().setFoundCluster(FoundCluster.newBuilder().setClusterId(clusterId)).build();
    }

    /** Keys above everything reserved so far, and above {@code floor}. */
    public static MasterCommand reserveKeys(long count, long floor) {
        return command().setReserveKeys(ReserveKeys.newBuilder().setCount(count).setFloor(floor)).build();
    }

    /** Volume ids above everything reserved so far, and above {@code floor}. */
    public static MasterCommand reserveVolumeIds(int count, long floor) {
        return command().setReserveVolumeIds(ReserveVolumeIds.newBuilder().setCount(count).setFloor((int) floor)).build();
    }

    public static MasterCommand changeRegistry(ChangeRegistry change) {
        return command().setChangeRegistry(change).build();
    }

    /**
     * A change of the registry of any size, as commands that a log takes: one, or if it is large several, in the order in which
     * the parts of one are applied.
     */
    public static List<MasterCommand> changesOfRegistry(ChangeRegistry change) {
        int items = change.getNodesCount() + change.getReplicasCount() + change.getRemovedReplicasCount();
        if (items <= ITEMS_IN_ONE) return List.of(changeRegistry(change));
        List<MasterCommand> commands = new ArrayList<>();
        for (List<RegisteredNode> nodes : parts(change.getNodesList())) {
            commands.add(changeRegistry(ChangeRegistry.newBuilder().addAllNodes(nodes).build()));
        }
        for (List<ReplicaName> removed : parts(change.getRemovedReplicasList())) {
            commands.add(changeRegistry(ChangeRegistry.newBuilder().addAllRemovedReplicas(removed).build()));
        }
        for (List<RegisteredReplica> replicas : parts(change.getReplicasList())) {
            commands.add(changeRegistry(ChangeRegistry.newBuilder().addAllReplicas(replicas).build()));
        }
        return commands;
    }

    private static <T> List<List<T>> parts(List<T> all) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += ITEMS_IN_ONE) {
            parts.add(all.subList(from, Math.min(all.size(), from + ITEMS_IN_ONE)));
        }
        return parts;
    }

    /** A person took this master out: it comes back by a person's word only. */
    public static MasterCommand masterTakenOut(ServerAddress master) {
        return changeMasters(ChangeMasters.newBuilder().addTakenOut(master.http()).build());
    }

    /** A person lets this master in, whether or not it was taken out before. */
    public static MasterCommand masterLetIn(ServerAddress master) {
        return changeMasters(ChangeMasters.newBuilder().addLetIn(master.http()).build());
    }

    static MasterCommand changeMasters(ChangeMasters change) {
        return command().setChangeMasters(change).build();
    }

    private static MasterCommand.Builder command() {
        return MasterCommand.newBuilder().setVersion(MasterState.VERSION);
    }
}
