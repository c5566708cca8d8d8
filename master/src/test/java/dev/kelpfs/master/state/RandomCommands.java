package dev.kelpfs.master.state;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import dev.kelpfs.wire.kelp.ReplicaName;
import java.util.random.RandomGenerator;

/** Commands as masters propose them, and now and then one that must be refused. */
final class RandomCommands {
    private RandomCommands() {}

    static MasterCommand next(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0 -> Commands.foundCluster("cluster-" + random.nextInt(3));
            case 1 -> Commands.reserveKeys(random.nextInt(-1, 1000), random.nextInt(20) == 0 ? random.nextLong(1L << 40) : 0);
            case 2 -> Commands.reserveVolumeIds(random.nextInt(-1, 8), random.nextInt(20) == 0 ? random.nextInt(1 << 20) : 0);
            case 3 -> random.nextBoolean() ? Commands.masterTakenOut(master(random)) : Commands.masterLetIn(master(random));
            default -> Commands.changeRegistry(change(random));
        };
    }

    private static ServerAddress master(RandomGenerator random) {
        return ServerAddress.of("m" + random.nextInt(5), 9333);
    }

    private static ChangeRegistry change(RandomGenerator random) {
        ChangeRegistry.Builder change = ChangeRegistry.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            change.addNodes(RegisteredNode.newBuilder().setId("n" + random.nextInt(4)).setUp(random.nextBoolean()));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            change.addReplicas(RegisteredReplica.newBuilder()
                    .setNodeId("n" + random.nextInt(4)).setVolumeId(random.nextInt(20)).setReadOnly(random.nextBoolean()));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            change.addRemovedReplicas(ReplicaName.newBuilder().setNodeId("n" + random.nextInt(4)).setVolumeId(random.nextInt(20)));
        }
        return change.build();
    }
}
