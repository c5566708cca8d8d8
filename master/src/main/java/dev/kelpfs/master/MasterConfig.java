package dev.kelpfs.master;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.master.growth.GrowthSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything a master is told at its start. Immutable and checked at birth, so that a master never starts with settings
 * that cannot work. Source: master, section 2; commands and configuration, section 7.1.
 *
 * @param ip advertised host; with the port it is the master's name
 * @param directory where state is kept, in {@code m<port>/kelp} below it
 * @param sequencer where file keys come from: {@code raft}, {@code memory} or the empty text for the counter that the
 *     state machine reserves
 * @param volumeSizeLimitMib a volume of this size is written no more, 1 to 30720
 * @param preallocateVolumes ask servers to reserve the whole size limit on disk for every new volume
 */
public record MasterConfig(
        MasterListeners listeners,
        String ip,
        Path directory,
        Peers peers,
        String sequencer,
        int volumeSizeLimitMib,
        boolean preallocateVolumes,
        ReplicaPlacement defaultReplication,
        GrowthSettings growth,
        Maintenance maintenance,
        MasterSecurity security,
        PushGateway pushGateway) {
    /** Largest volume: offsets in an index row are 4 bytes of 8-byte units, with room for what comes in at the end. */
    public static final int MAX_VOLUME_SIZE_LIMIT_MIB = 30_720;

    private static final List<String> SEQUENCERS = List.of("", "raft", "memory");

    public MasterConfig {
        if (ip.isEmpty()) throw new IllegalArgumentException("a master needs an advertised host; give one with -ip");
        if (volumeSizeLimitMib < 1 || volumeSizeLimitMib > MAX_VOLUME_SIZE_LIMIT_MIB) {
            throw new IllegalArgumentException(
                    "volumeSizeLimitMB must be 1 to " + MAX_VOLUME_SIZE_LIMIT_MIB + ", got " + volumeSizeLimitMib);
        }
        if (!SEQUENCERS.contains(sequencer)) {
            throw new IllegalArgumentException("master.sequencer.type must be raft or memory, got \"" + sequencer
                    + "\"; snowflake is not built yet");
        }
    }

    /** The defaults of {@code weed master}. */
    public static MasterConfig defaults(String ip, Path directory) {
        return new MasterConfig(
                MasterListeners.defaults(ip), ip, directory, Peers.NONE, "raft", MAX_VOLUME_SIZE_LIMIT_MIB, false,
                ReplicaPlacement.SINGLE, GrowthSettings.DEFAULT, Maintenance.DEFAULT, MasterSecurity.OPEN, PushGateway.NONE);
    }

    public MasterConfig withListeners(MasterListeners value) {
        return new MasterConfig(value, ip, directory, peers, sequencer, volumeSizeLimitMib, preallocateVolumes,
                defaultReplication, growth, maintenance, security, pushGateway);
    }

    public MasterConfig withPeers(Peers value) {
        return new MasterConfig(listeners, ip, directory, value, sequencer, volumeSizeLimitMib, preallocateVolumes,
                defaultReplication, growth, maintenance, security, pushGateway);
    }

    public MasterConfig withSequencer(String value) {
        return new MasterConfig(listeners, ip, directory, peers, value, volumeSizeLimitMib, preallocateVolumes,
                defaultReplication, growth, maintenance, security, pushGateway);
    }

    public MasterConfig withVolumes(int sizeLimitMib, boolean preallocate) {
        return new MasterConfig(listeners, ip, directory, peers, sequencer, sizeLimitMib, preallocate,
                defaultReplication, growth, maintenance, security, pushGateway);
    }

    public MasterConfig withDefaultReplication(ReplicaPlacement value) {
        return new MasterConfig(listeners, ip, directory, peers, sequencer, volumeSizeLimitMib, preallocateVolumes,
                value, growth, maintenance, security, pushGateway);
    }

    public MasterConfig withGrowth(GrowthSettings value) {
        return new MasterConfig(listeners, ip, directory, peers, sequencer, volumeSizeLimitMib, preallocateVolumes,
                defaultReplication, value, maintenance, security, pushGateway);
    }

    public MasterConfig withMaintenance(Maintenance value) {
        return new MasterConfig(listeners, ip, directory, peers, sequencer, volumeSizeLimitMib, preallocateVolumes,
                defaultReplication, growth, value, security, pushGateway);
    }

    public MasterConfig withSecurity(MasterSecurity value) {
        return new MasterConfig(listeners, ip, directory, peers, sequencer, volumeSizeLimitMib, preallocateVolumes,
                defaultReplication, growth, maintenance, value, pushGateway);
    }

    public MasterConfig withPushGateway(PushGateway value) {
        return new MasterConfig(listeners, ip, directory, peers, sequencer, volumeSizeLimitMib, preallocateVolumes,
                defaultReplication, growth, maintenance, security, value);
    }

    /** The size from which a volume is written no more. */
    public long volumeSizeLimitBytes() {
        return (long) volumeSizeLimitMib << 20;
    }
}
