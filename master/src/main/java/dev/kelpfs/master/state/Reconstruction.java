package dev.kelpfs.master.state;

import dev.kelpfs.wire.kelp.ChangeMasters;
import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.kelp.MasterSnapshot;
import java.util.ArrayList;
import java.util.List;

/** A state as commands, for a log that begins empty. Pure. */
public final class Reconstruction {
    private Reconstruction() {}

    /**
     * Commands that bring an empty state to where this one is, but for the number of commands behind it. The one that gives
     * the cluster its identity is the last: whoever sees an identity sees everything.
     */
    public static List<MasterCommand> commands(MasterSnapshot state) {
        List<MasterCommand> commands = new ArrayList<>();
        long volumeId = Integer.toUnsignedLong(state.getHighestVolumeId());
        if (volumeId > 0) commands.add(Commands.reserveVolumeIds(1, volumeId - 1));
        if (state.getHighestKey() > 0) commands.add(Commands.reserveKeys(1, state.getHighestKey() - 1));
        if (state.getNodesCount() + state.getReplicasCount() > 0) {
            commands.addAll(Commands.changesOfRegistry(ChangeRegistry.newBuilder()
                    .addAllNodes(state.getNodesList()).addAllReplicas(state.getReplicasList()).build()));
        }
        if (state.getMastersTakenOutCount() > 0) {
            commands.add(Commands.changeMasters(ChangeMasters.newBuilder().addAllTakenOut(state.getMastersTakenOutList()).build()));
        }
        if (!state.getClusterId().isEmpty()) commands.add(Commands.foundCluster(state.getClusterId()));
        return commands;
    }

    /** True if both hold the same, whatever commands led there. */
    public static boolean isSame(MasterSnapshot one, MasterSnapshot other) {
        return one.toBuilder().clearAppliedIndex().build().equals(other.toBuilder().clearAppliedIndex().build());
    }
}
