package dev.kelpfs.master.growth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.master.placement.Choice;
import dev.kelpfs.master.placement.PlacementRule;
import dev.kelpfs.master.placement.Spot;
import dev.kelpfs.master.placement.Wish;
import dev.kelpfs.master.topology.LayoutKey;
import dev.kelpfs.master.topology.LayoutRoom;
import dev.kelpfs.master.topology.LayoutRoom.Area;
import dev.kelpfs.testkit.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GrowthPlanTest {
    private static final GrowthSettings SETTINGS = GrowthSettings.DEFAULT;
    private static final List<Spot> TWO_RACKS = List.of(
            new Spot("a", "dc", "r1", "h1", 10), new Spot("b", "dc", "r2", "h2", 10));

    @Test
    void asManyWritableVolumesAreKeptAsWereAskedFor() {
        assertThat(plan(layout("000", 3, 0, 5, "r1", "r2"))).containsExactly(anywhere("000", 2));
        assertThat(plan(layout("000", 5, 0, 5, "r1", "r2"))).isEmpty();
        assertThat(plan(layout("000", 0, 0, 21, "r1", "r2"))).as("no slots for so many").isEmpty();
        assertThat(plan(layout("000", 3, 1, 0, "r1", "r2"))).as("nobody asked").isEmpty();
    }

    @Test
    void twoAreAddedWhenSoManyAreCrowdedThatSoonThereWillBeTooFew() {
        // 0.9 of 4 is 3.6: two crowded and the two to come are above it.
        assertThat(plan(layout("000", 4, 2, 4, "r1", "r2"))).containsExactly(anywhere("000", 2));
        assertThat(plan(layout("000", 4, 1, 4, "r1", "r2"))).isEmpty();
        assertThat(plan(layout("000", 8, 8, 4, "r1", "r2"))).as("twice as many are enough").isEmpty();
    }

    @Test
    void everyRackGetsAVolumeWithRoom() {
        assertThat(plan(layout("000", 1, 0, 0, "r1"))).containsExactly(in("000", "r2", 2));
        assertThat(plan(layout("000", 5, 0, 5, "r1"))).as("its share of what was asked for").containsExactly(in("000", "r2", 3));
        assertThat(plan(layout("001", 1, 0, 0, "r1"))).as("r2 has one server only").isEmpty();
        assertThat(plan(layout("010", 1, 0, 0, "r1"))).as("the data center has room").isEmpty();
        assertThat(plan(layout("010", 1, 1, 0))).containsExactly(
                new GrowthPlan.Step(new Wish(ReplicaPlacement.parse("010"), DiskType.HDD, "dc", "", ""), 2));
    }

    @Test
    void overRandomTopologiesExactlyTheAreasWithoutRoomThatCanTakeAMainCopyGrow() {
        Seed seed = Seed.announced("GrowthPlanTest");
        int steps = 0;
        for (int run = 0; run < 5000; run++) {
            RandomGenerator random = seed.derive(run).random();
            List<Spot> spots = spots(random);
            ReplicaPlacement replication = new ReplicaPlacement(random.nextInt(2), random.nextInt(2), random.nextInt(2));
            Set<Area> roomy = new HashSet<>();
            for (Spot spot : spots) if (random.nextInt(3) == 0) roomy.add(new Area(spot.dataCenter(), spot.rack()));
            LayoutRoom layout = new LayoutRoom(key(replication), 0, 0, 0, roomy);
            Set<Area> planned = GrowthPlan.steps(layout, spots, SETTINGS, random).stream()
                    .map(step -> new Area(step.wish().dataCenter(), step.wish().rack())).collect(Collectors.toSet());
            steps += planned.size();
            for (Spot spot : spots) {
                boolean byCenter = replication.otherRacks() > 0;
                Area area = new Area(spot.dataCenter(), byCenter ? "" : spot.rack());
                boolean hasRoom = roomy.stream().anyMatch(rack -> rack.dataCenter().equals(area.dataCenter())
                        && (byCenter || rack.rack().equals(area.rack())));
                Wish wish = new Wish(replication, DiskType.HDD, area.dataCenter(), area.rack(), "");
                boolean possible = PlacementRule.choose(spots, wish, random) instanceof Choice.Chosen;
                assertThat(planned.contains(area)).as("%s in %s with room in %s", area, spots, roomy).isEqualTo(!hasRoom && possible);
            }
        }
        assertThat(steps).isGreaterThan(1000);
    }

    private static List<Spot> spots(RandomGenerator random) {
        List<Spot> spots = new ArrayList<>();
        for (int node = random.nextInt(8); node > 0; node--) {
            spots.add(new Spot("n" + node, "dc" + random.nextInt(2), "r" + random.nextInt(3), "h", random.nextInt(3)));
        }
        return spots;
    }

    private static List<GrowthPlan.Step> plan(LayoutRoom layout) {
        return GrowthPlan.steps(layout, TWO_RACKS, SETTINGS, new SplittableRandom(1));
    }

    private static GrowthPlan.Step anywhere(String replication, int volumes) {
        return new GrowthPlan.Step(Wish.anywhere(ReplicaPlacement.parse(replication)), volumes);
    }

    private static GrowthPlan.Step in(String replication, String rack, int volumes) {
        return new GrowthPlan.Step(new Wish(ReplicaPlacement.parse(replication), DiskType.HDD, "dc", rack, ""), volumes);
    }

    private static LayoutRoom layout(String replication, int writable, int crowded, int wanted, String... roomyRacks) {
        Set<Area> roomy = new HashSet<>();
        for (String rack : roomyRacks) roomy.add(new Area("dc", rack));
        return new LayoutRoom(key(ReplicaPlacement.parse(replication)), writable, crowded, wanted, roomy);
    }

    private static LayoutKey key(ReplicaPlacement replication) {
        return new LayoutKey(CollectionName.DEFAULT, replication, Ttl.NONE, DiskType.HDD);
    }
}
