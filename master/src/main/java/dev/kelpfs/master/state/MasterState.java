package dev.kelpfs.master.state;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.kelp.ChangeMasters;
import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.kelp.MasterSnapshot;
import dev.kelpfs.wire.kelp.ReserveKeys;
import dev.kelpfs.wire.kelp.ReserveVolumeIds;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The deterministic state machine of the masters. No clock, no randomness, no I/O: what a command needs of them, its
 * proposer put in. Not safe for use by several threads; the log that owns it guards it.
 *
 * <p>Invariants: the cluster id is set once; {@code highestKey} and {@code highestVolumeId} never fall, and every range
 * that was ever handed out lies at or below them.
 */
public final class MasterState {
    /** Highest version of a command or snapshot whose rules this class knows. */
    public static final int VERSION = 1;

    /** No key above this is ever reserved, so that a key and a count always add up without a wrap. */
    public static final long LARGEST_KEY = Long.MAX_VALUE;

    /** No volume id above this is ever reserved. */
    public static final long LARGEST_VOLUME_ID = 0xffff_fffeL;

    /** Nobody takes out so many by hand; more would only be kept for ever. */
    private static final int MOST_TAKEN_OUT = 1000;

    private long appliedIndex;
    private String clusterId = "";
    private long highestKey;
    private long highestVolumeId;
    private final Registry registry = new Registry();
    private final SortedSet<String> mastersTakenOut = new TreeSet<>();

    /** A state in which nothing happened yet. */
    public MasterState() {}

    /**
     * The state that {@link #snapshot()} wrote.
     *
     * @throws UnknownVersionException if a newer release wrote it
     */
    public static MasterState restore(MasterSnapshot snapshot) throws UnknownVersionException {
        UnknownVersionException.check("snapshot", snapshot.getVersion());
        MasterState state = new MasterState();
        state.appliedIndex = snapshot.getAppliedIndex();
        state.clusterId = snapshot.getClusterId();
        state.highestKey = snapshot.getHighestKey();
        state.highestVolumeId = Integer.toUnsignedLong(snapshot.getHighestVolumeId());
        snapshot.getNodesList().forEach(state.registry::put);
        snapshot.getReplicasList().forEach(state.registry::put);
        state.mastersTakenOut.addAll(snapshot.getMastersTakenOutList());
        return state;
    }

    /**
     * Applies the command that stands at {@code index} of the log.
     *
     * @throws UnknownVersionException if a newer release wrote the command; the state is unchanged
     * @throws IllegalArgumentException if the index is not the one after the last
     */
    public Applied apply(long index, MasterCommand command) throws UnknownVersionException {
        if (index != appliedIndex + 1) {
            throw new IllegalArgumentException("command " + index + " cannot follow command " + appliedIndex);
        }
        UnknownVersionException.check("command " + index, command.getVersion());
        Applied applied = switch (command.getChangeCase()) {
            case FOUND_CLUSTER -> found(command.getFoundCluster().getClusterId());
            case RESERVE_KEYS -> reserve(command.getReserveKeys());
            case RESERVE_VOLUME_IDS -> reserve(command.getReserveVolumeIds());
            case CHANGE_REGISTRY -> change(command.getChangeRegistry());
            case CHANGE_MASTERS -> change(command.getChangeMasters());
            // A newer release adds changes under a higher version only, so this is a command without content.
            case CHANGE_NOT_SET -> new Applied.Refused("the command changes nothing");
        };
        appliedIndex = index;
        return applied;
    }

    /** The whole state; equal states give equal messages. */
    public MasterSnapshot snapshot() {
        return MasterSnapshot.newBuilder()
                .setVersion(VERSION)
                .setAppliedIndex(appliedIndex)
                .setClusterId(clusterId)
                .setHighestKey(highestKey)
                .setHighestVolumeId((int) highestVolumeId)
                .addAllNodes(registry.nodes())
                .addAllReplicas(registry.replicas())
                .addAllMastersTakenOut(mastersTakenOut)
                .build();
    }

    /** Index of the last command applied; 0 before the first. */
    public long appliedIndex() {
        return appliedIndex;
    }

    /** Identity of the cluster; empty before it is founded. */
    public String clusterId() {
        return clusterId;
    }

    /** Keys up to this one are given away; 0 before the first. */
    public long highestKey() {
        return highestKey;
    }

    /** Volume ids up to this one are given away; 0 before the first. */
    public long highestVolumeId() {
        return highestVolumeId;
    }

    /** Which volumes exist on which nodes. */
    public Registry registry() {
        return registry;
    }

    /** True if a person took this master out, and nobody let it in again. */
    public boolean isTakenOut(ServerAddress master) {
        return mastersTakenOut.contains(master.http());
    }

    private Applied found(String wanted) {
        if (wanted.isEmpty()) return new Applied.Refused("a cluster needs an id");
        if (clusterId.isEmpty()) clusterId = wanted;
        return new Applied.Founded(clusterId);
    }

    private Applied reserve(ReserveKeys wanted) {
        long count = wanted.getCount();
        if (count <= 0) return new Applied.Refused("keys are reserved in positive numbers, not " + Long.toUnsignedString(count));
        if (wanted.getFloor() < 0) return new Applied.Refused("no key above 2^63 is given out");
        long below = Math.max(highestKey, wanted.getFloor());
        if (below > LARGEST_KEY - count) return new Applied.Refused("no " + count + " keys are left above " + below);
        highestKey = below + count;
        return new Applied.KeysReserved(below + 1, count);
    }

    private Applied reserve(ReserveVolumeIds wanted) {
        int count = wanted.getCount();
        if (count <= 0) return new Applied.Refused("volume ids are reserved in positive numbers, not " + count);
        long below = Math.max(highestVolumeId, Integer.toUnsignedLong(wanted.getFloor()));
        if (below + count > LARGEST_VOLUME_ID) return new Applied.Refused("no " + count + " volume ids are left above " + below);
        highestVolumeId = below + count;
        return new Applied.VolumeIdsReserved(below + 1, count);
    }

    private Applied change(ChangeRegistry change) {
        change.getNodesList().forEach(registry::put);
        change.getRemovedReplicasList().forEach(registry::remove);
        change.getReplicasList().forEach(registry::put);
        return new Applied.RegistryChanged();
    }

    private Applied change(ChangeMasters change) {
        if (mastersTakenOut.size() + change.getTakenOutCount() > MOST_TAKEN_OUT) {
            return new Applied.Refused(MOST_TAKEN_OUT + " masters were taken out already; let those in again that are to come back");
        }
        mastersTakenOut.addAll(change.getTakenOutList());
        change.getLetInList().forEach(mastersTakenOut::remove);
        return new Applied.MastersChanged();
    }
}
