package dev.kelpfs.master.state;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.kelp.ChangeMasters;
import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.FoundCluster;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.kelp.ReserveKeys;
import dev.kelpfs.wire.kelp.ReserveVolumeIds;

/** Makes commands of the version that this release writes. */
public final class Commands {
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
