package dev.kelpfs.master.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.kelp.MasterSnapshot;
import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.kelp.RegisteredReplica;
import dev.kelpfs.wire.kelp.ReplicaName;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class MasterStateTest {
    @Test
    void equalCommandsGiveEqualStatesAlsoThroughASnapshot() throws Exception {
        RandomGenerator random = Seed.announced("MasterStateTest").random();
        for (int round = 0; round < 50; round++) {
            MasterState straight = new MasterState();
            MasterState restored = new MasterState();
            for (int index = 1; index <= 200; index++) {
                MasterCommand command = RandomCommands.next(random);
                if (random.nextInt(20) == 0) {
                    restored = MasterState.restore(MasterSnapshot.parseFrom(restored.snapshot().toByteArray()));
                }
                assertThat(restored.apply(index, command)).isEqualTo(straight.apply(index, command));
            }
            assertThat(restored.snapshot().toByteString()).isEqualTo(straight.snapshot().toByteString());
        }
    }

    @Test
    void aStateIsRebuiltFromNothing() throws Exception {
        RandomGenerator random = Seed.announced("MasterStateTest").random();
        for (int round = 0; round < 50; round++) {
            MasterState state = new MasterState();
            int commands = random.nextInt(300);
            for (int index = 1; index <= commands; index++) state.apply(index, RandomCommands.next(random));
            MasterState rebuilt = new MasterState();
            for (MasterCommand command : Reconstruction.commands(state.snapshot())) {
                assertThat(rebuilt.clusterId()).isEmpty();
                assertThat(rebuilt.apply(rebuilt.appliedIndex() + 1, command)).isNotInstanceOf(Applied.Refused.class);
            }
            assertThat(Reconstruction.isSame(rebuilt.snapshot(), state.snapshot())).isTrue();
        }
        MasterState full = new MasterState();
        full.apply(1, Commands.reserveVolumeIds(1, MasterState.LARGEST_VOLUME_ID - 1));
        full.apply(2, Commands.reserveKeys(1, MasterState.LARGEST_KEY - 1));
        MasterState rebuilt = new MasterState();
        for (MasterCommand command : Reconstruction.commands(full.snapshot())) rebuilt.apply(rebuilt.appliedIndex() + 1, command);
        assertThat(rebuilt.snapshot()).isEqualTo(full.snapshot());
    }

    @Test
    void aChangeOfAnySizeIsTakenInParts() throws Exception {
        String node = "n".repeat(250);
        ChangeRegistry.Builder change = ChangeRegistry.newBuilder().addNodes(RegisteredNode.newBuilder().setId(node).setUp(true));
        MasterState whole = new MasterState();
        MasterState inParts = new MasterState();
        for (int id = 1; id <= 20_000; id++) {
            RegisteredReplica replica = RegisteredReplica.newBuilder()
                    .setNodeId(node).setVolumeId(id).setCollection("c".repeat(250)).build();
            change.addReplicas(replica);
            // What comes back in the same change stays.
            if (id % 3 == 0) change.addRemovedReplicas(ReplicaName.newBuilder().setNodeId(node).setVolumeId(id));
        }
        for (int id = 30_000; id < 31_000; id++) {
            change.addRemovedReplicas(ReplicaName.newBuilder().setNodeId(node).setVolumeId(id));
        }
        assertThat(Commands.changesOfRegistry(ChangeRegistry.newBuilder().addNodes(change.getNodes(0)).build())).hasSize(1);
        whole.apply(1, Commands.changeRegistry(change.build()));
        for (MasterCommand part : Commands.changesOfRegistry(change.build())) {
            assertThat(StateLog.tooLarge(part)).isEmpty();
            inParts.apply(inParts.appliedIndex() + 1, part);
        }
        assertThat(StateLog.tooLarge(Commands.changeRegistry(change.build()))).isPresent();
        assertThat(Reconstruction.isSame(inParts.snapshot(), whole.snapshot())).isTrue();
        assertThat(whole.snapshot().getReplicasCount()).isEqualTo(20_000);
    }

    @Test
    void rangesNeverOverlapAndLieAboveTheirFloor() throws Exception {
        RandomGenerator random = Seed.announced("MasterStateTest").random();
        MasterState state = new MasterState();
        long highest = 0;
        for (int index = 1; index <= 5000; index++) {
            long floor = random.nextInt(10) == 0 ? random.nextLong(1L << 50) : 0;
            Applied applied = state.apply(index, Commands.reserveKeys(random.nextInt(1, 1000), floor));
            Applied.KeysReserved range = (Applied.KeysReserved) applied;
            assertThat(range.first()).isGreaterThan(highest).isGreaterThan(floor);
            highest = range.first() + range.count() - 1;
            assertThat(state.highestKey()).isEqualTo(highest);
        }
    }

    @Test
    void keysAndVolumeIdsStartAtOne() throws Exception {
        MasterState state = new MasterState();
        assertThat(state.apply(1, Commands.reserveKeys(10, 0))).isEqualTo(new Applied.KeysReserved(1, 10));
        assertThat(state.apply(2, Commands.reserveVolumeIds(3, 0))).isEqualTo(new Applied.VolumeIdsReserved(1, 3));
        assertThat(state.apply(3, Commands.reserveVolumeIds(1000, 70))).isEqualTo(new Applied.VolumeIdsReserved(71, 1000));
    }

    @Test
    void whatCannotBeIsRefusedAndChangesNothing() throws Exception {
        MasterState state = new MasterState();
        state.apply(1, Commands.reserveKeys(1, MasterState.LARGEST_KEY - 10));
        state.apply(2, Commands.reserveVolumeIds(1, 0xffff_ff00L));
        MasterSnapshot before = state.snapshot();
        assertThat(state.apply(3, Commands.reserveKeys(11, 0))).isInstanceOf(Applied.Refused.class);
        assertThat(state.apply(4, Commands.reserveKeys(1, -5))).isInstanceOf(Applied.Refused.class);
        assertThat(state.apply(5, Commands.reserveKeys(0, 0))).isInstanceOf(Applied.Refused.class);
        assertThat(state.apply(6, Commands.reserveVolumeIds(1000, 0))).isInstanceOf(Applied.Refused.class);
        assertThat(state.apply(7, Commands.foundCluster(""))).isInstanceOf(Applied.Refused.class);
        assertThat(state.snapshot()).isEqualTo(before.toBuilder().setAppliedIndex(7).build());
    }

    @Test
    void theClusterIdIsSetOnce() throws Exception {
        MasterState state = new MasterState();
        assertThat(state.apply(1, Commands.foundCluster("a"))).isEqualTo(new Applied.Founded("a"));
        assertThat(state.apply(2, Commands.foundCluster("b"))).isEqualTo(new Applied.Founded("a"));
        assertThat(state.clusterId()).isEqualTo("a");
    }

    @Test
    void aNewerVersionIsRefusedUnchanged() {
        MasterState state = new MasterState();
        MasterCommand newer = Commands.reserveKeys(1, 0).toBuilder().setVersion(MasterState.VERSION + 1).build();
        assertThatThrownBy(() -> state.apply(1, newer)).isInstanceOf(UnknownVersionException.class).hasMessageContaining("newer");
        assertThat(state.appliedIndex()).isZero();
        assertThatThrownBy(() -> MasterState.restore(MasterSnapshot.getDefaultInstance())).isInstanceOf(UnknownVersionException.class);
    }
}
