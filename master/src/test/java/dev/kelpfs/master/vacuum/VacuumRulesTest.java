package dev.kelpfs.master.vacuum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.topology.LayoutKey;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.master.topology.VolumeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class VacuumRulesTest {
    private static final VacuumRequest ALL = new VacuumRequest(0.3, 0, "");
    private static final VacuumRequest ONE = new VacuumRequest(0.3, 1, "");

    @Test
    void onlyWholeWritableVolumesWithSomethingDeletedAreLookedAt() {
        assertThat(VacuumRule.judge(volume(10, 1, false, ""), ALL)).isInstanceOf(VacuumRule.Verdict.Ask.class);
        assertThat(VacuumRule.judge(volume(0, 1, false, ""), ALL)).isInstanceOf(VacuumRule.Verdict.Ask.class);
        assertThat(VacuumRule.judge(volume(0, 0, false, ""), ALL)).isInstanceOf(VacuumRule.Verdict.Clean.class);
        assertThat(VacuumRule.judge(volume(10, 1, true, ""), ALL)).isEqualTo(new VacuumRule.Verdict.NotNow("it is read-only"));
        assertThat(VacuumRule.judge(volume(10, 1, false, "1 of 2"), ALL)).isEqualTo(new VacuumRule.Verdict.NotNow("1 of 2"));
    }

    @Test
    void oneThatIsAskedForByIdOrWithoutThresholdIsLookedAtInAnyCase() {
        assertThat(VacuumRule.judge(volume(0, 0, true, ""), ONE)).isInstanceOf(VacuumRule.Verdict.Ask.class);
        assertThat(VacuumRule.judge(volume(0, 0, false, "1 of 2"), ONE)).isInstanceOf(VacuumRule.Verdict.NotNow.class);
        assertThat(VacuumRule.judge(volume(0, 0, false, ""), new VacuumRequest(0, 0, ""))).isInstanceOf(VacuumRule.Verdict.Ask.class);
    }

    @Test
    void aBusyServerIsPassedOverAndNoVolumeIsTakenTwice() throws Exception {
        ServerSlots slots = new ServerSlots(1);
        VolumeView onA = on(1, "a");
        VolumeView onAToo = on(2, "a");
        VolumeView onAandB = on(3, "a", "b");
        VolumeView onC = on(4, "c");
        List<VolumeView> pending = new ArrayList<>(List.of(onA, onAToo, onAandB, onC));
        assertThat(slots.take(pending)).contains(onA);
        assertThat(slots.take(pending)).contains(onC);
        CompletableFuture<VolumeView> next = CompletableFuture.supplyAsync(() -> take(slots, pending));
        slots.release(onA);
        assertThat(next.get(60, TimeUnit.SECONDS)).isEqualTo(onAToo);
        slots.release(onAToo);
        assertThat(slots.take(pending)).contains(onAandB);
        assertThat(slots.take(pending)).isEmpty();

        ServerSlots wide = new ServerSlots(2);
        List<VolumeView> same = new ArrayList<>(List.of(onA, onA));
        assertThat(wide.take(same)).contains(onA);
        CompletableFuture<VolumeView> again = CompletableFuture.supplyAsync(() -> take(wide, same));
        wide.release(onA);
        assertThat(again.get(60, TimeUnit.SECONDS)).isEqualTo(onA);
    }

    @Test
    void whoWaitsForASlotIsLetGoWhenTheWorkIsGivenUp() throws Exception {
        ServerSlots slots = new ServerSlots(1);
        List<VolumeView> pending = new ArrayList<>(List.of(on(1, "a"), on(2, "a")));
        slots.take(pending);
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return slots.take(pending).isEmpty();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
        slots.giveUp(pending);
        assertThat(waiting.get(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theAdminServersSwitchHoldsOnlyWhileThatServerLives() {
        AtomicBoolean lives = new AtomicBoolean(true);
        VacuumSwitch vacuum = new VacuumSwitch(lives::get);
        assertThat(vacuum.isOn()).isTrue();
        vacuum.set(false, true);
        assertThat(vacuum.isOn()).isFalse();
        lives.set(false);
        assertThat(vacuum.isOn()).isTrue();
        lives.set(true);
        assertThat(vacuum.isOn()).as("it was cleared for good").isTrue();
        vacuum.set(false, false);
        vacuum.set(true, true);
        assertThat(vacuum.isOn()).isFalse();
        vacuum.set(true, false);
        assertThat(vacuum.isOn()).isTrue();
    }

    private static VolumeView take(ServerSlots slots, List<VolumeView> pending) {
        try {
            return slots.take(pending).orElseThrow();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static VolumeView volume(long deletedBytes, long deletedFiles, boolean readOnly, String defect) {
        return new VolumeView(new VolumeId(1), KEY, List.of(place("a")), deletedBytes, deletedFiles, readOnly, defect);
    }

    private static VolumeView on(int id, String... nodes) {
        return new VolumeView(new VolumeId(id), KEY, Arrays.stream(nodes).map(VacuumRulesTest::place).toList(), 1, 1, false, "");
    }

    private static final LayoutKey KEY = new LayoutKey(CollectionName.DEFAULT, ReplicaPlacement.SINGLE, Ttl.NONE, DiskType.HDD);

    private static Place place(String nodeId) {
        return new Place(nodeId, nodeId + ":1", nodeId + ":1", 2, "dc", "r");
    }
}
