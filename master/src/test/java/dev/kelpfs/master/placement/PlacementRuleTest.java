package dev.kelpfs.master.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.testkit.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PlacementRuleTest {
    private static final RandomGenerator ANY = new SplittableRandom(1);

    @Test
    void overRandomTopologiesTheChoiceFollowsTheDefinitionAndIsFoundWheneverThereIsOne() {
        Seed seed = Seed.announced("PlacementRuleTest");
        int chosen = 0;
        int refused = 0;
        int hindered = 0;
        for (int run = 0; run < 20_000; run++) {
            RandomGenerator random = seed.derive(run).random();
            List<Spot> spots = topology(random);
            Wish wish = wish(random, spots);
            switch (PlacementRule.choose(spots, wish, random)) {
                case Choice.Chosen(var servers) -> {
                    chosen++;
                    assertFits(servers, wish);
                }
                case Choice.Impossible(var reason) -> {
                    refused++;
                    assertThat(exists(emptied(spots), wish)).as(reason + " in " + spots).isFalse();
                }
                case Choice.NoSlots(var reason) -> {
                    refused++;
                    assertThat(exists(spots, wish)).as(reason + " in " + spots).isFalse();
                    assertThat(exists(answering(spots), wish)).as(reason + " in " + spots).isFalse();
                    assertThat(exists(emptied(spots), wish)).as(reason + " in " + spots).isTrue();
                }
                case Choice.Hindered(var reason) -> {
                    hindered++;
                    assertThat(exists(spots, wish)).as(reason + " in " + spots).isFalse();
                    assertThat(exists(answering(spots), wish)).as(reason + " in " + spots).isTrue();
                }
            }
        }
        // Each kind of answer has been seen often.
        assertThat(chosen).isGreaterThan(500);
        assertThat(refused).isGreaterThan(500);
        assertThat(hindered).isGreaterThan(50);
    }

    @Test
    void aRefusalNamesWhatIsMissingAndWhatToDo() {
        List<Spot> one = List.of(new Spot("a", "dc1", "r1", "h1", 5));
        assertThat(reason(List.of(), "000")).contains("no volume server is connected");
        assertThat(reason(one, "001")).isEqualTo("replication 001 needs 2 servers on one rack, 1 is known; start another volume server");
        assertThat(reason(one, "010")).isEqualTo("replication 010 needs 2 racks, 1 is known; start a volume server with -rack");
        assertThat(reason(one, "100"))
                .isEqualTo("replication 100 needs 2 data centers, 1 is known; start a volume server with -dataCenter");
    }

    @Test
    void anUnknownConstraintIsNamed() {
        List<Spot> one = List.of(new Spot("a", "dc1", "r1", "h1", 5));
        assertThat(reason(one, new Wish(ReplicaPlacement.SINGLE, DiskType.HDD, "dc9", "", "")))
                .contains("data center dc9 not found in topology");
        assertThat(reason(one, new Wish(ReplicaPlacement.SINGLE, DiskType.HDD, "", "r9", ""))).contains("no rack r9").contains("dc1/r1");
        assertThat(reason(one, new Wish(ReplicaPlacement.SINGLE, DiskType.HDD, "", "", "b"))).contains("no server b").contains("dc1/r1/a");
    }

    @Test
    void theKindOfDiskIsNamedUnlessItIsTheUsualOne() {
        ReplicaPlacement twoRacks = ReplicaPlacement.parse("010");
        Wish onSsd = new Wish(twoRacks, new DiskType("ssd"), "", "", "");
        assertThat(reason(List.of(), onSsd)).isEqualTo("no volume server with ssd disks is connected; start one with -disk=ssd");
        assertThat(reason(List.of(new Spot("a", "dc1", "r1", "h1", 5)), onSsd))
                .isEqualTo("replication 010 on ssd disks needs 2 racks, 1 is known; start a volume server with -rack and -disk=ssd");
    }

    @Test
    void fullServersAreToldApartFromMissingOnes() {
        List<Spot> full = List.of(new Spot("a", "dc1", "r1", "h1", 0));
        assertThat(PlacementRule.choose(full, Wish.anywhere(ReplicaPlacement.SINGLE), ANY)).isInstanceOf(Choice.NoSlots.class);
        assertThat(PlacementRule.possible(full, Wish.anywhere(ReplicaPlacement.SINGLE), ANY)).isInstanceOf(Choice.Chosen.class);
    }

    @Test
    void aServerThatIsSilentIsNamedAndSoIsOneInMaintenance() {
        Spot silent = new Spot("b", "dc1", "r1", "h2", 5, new Hindrance.Silent(Duration.ofSeconds(20)));
        Spot resting = new Spot("c", "dc1", "r1", "h2", 5, new Hindrance.Maintenance());
        Wish wish = Wish.anywhere(ReplicaPlacement.parse("001"));
        assertThat(PlacementRule.choose(List.of(new Spot("a", "dc1", "r1", "h1", 5), silent), wish, ANY)).isEqualTo(new Choice.Hindered(
                "volume server b has sent no heartbeat for 20 s; if it is gone, start it again, or another one"));
        assertThat(PlacementRule.choose(List.of(new Spot("a", "dc1", "r1", "h1", 5), resting), wish, ANY))
                .isInstanceOfSatisfying(Choice.NoSlots.class, refused -> assertThat(refused.reason()).contains("in maintenance: c"));
    }

    @Test
    void copiesOnOneRackGoToDifferentHostsWhereTheyCan() {
        List<Spot> spots = List.of(
                new Spot("a", "dc", "r", "h1", 100), new Spot("b", "dc", "r", "h1", 100), new Spot("c", "dc", "r", "h2", 1));
        for (int i = 0; i < 100; i++) {
            Choice choice = PlacementRule.choose(spots, Wish.anywhere(ReplicaPlacement.parse("001")), ANY);
            assertThat(((Choice.Chosen) choice).servers()).extracting(Spot::host).containsExactlyInAnyOrder("h1", "h2");
        }
    }

    private static String reason(List<Spot> spots, String replication) {
        return reason(spots, Wish.anywhere(ReplicaPlacement.parse(replication)));
    }

    private static String reason(List<Spot> spots, Wish wish) {
        return ((Choice.Impossible) PlacementRule.choose(spots, wish, ANY)).reason();
    }

    private static List<Spot> topology(RandomGenerator random) {
        List<Spot> spots = new ArrayList<>();
        for (int dc = random.nextInt(4); dc > 0; dc--) {
            for (int rack = random.nextInt(4); rack > 0; rack--) {
                for (int node = random.nextInt(4); node > 0; node--) {
                    String id = "n" + dc + rack + node;
                    spots.add(new Spot(id, "dc" + dc, "r" + rack, "h" + random.nextInt(3), random.nextInt(-1, 4), hindrance(random)));
                }
            }
        }
        return spots;
    }

    private static Hindrance hindrance(RandomGenerator random) {
        return switch (random.nextInt(16)) {
            case 0 -> new Hindrance.Silent(Duration.ofSeconds(20));
            case 1 -> new Hindrance.Unanswering("it does not answer");
            case 2 -> new Hindrance.Maintenance();
            default -> new Hindrance.None();
        };
    }

    private static Wish wish(RandomGenerator random, List<Spot> spots) {
        ReplicaPlacement replication = new ReplicaPlacement(random.nextInt(3), random.nextInt(3), random.nextInt(3));
        if (spots.isEmpty()) return Wish.anywhere(replication);
        Spot some = spots.get(random.nextInt(spots.size()));
        return new Wish(replication, DiskType.HDD, random.nextInt(4) == 0 ? some.dataCenter() : "",
                random.nextInt(4) == 0 ? some.rack() : "", random.nextInt(6) == 0 ? some.nodeId() : "");
    }

    private static void assertFits(List<Spot> servers, Wish wish) {
        ReplicaPlacement replication = wish.replication();
        Spot main = servers.getFirst();
        assertThat(wish.admits(main)).isTrue();
        assertThat(servers).hasSize(replication.copies()).doesNotHaveDuplicates().allMatch(PlacementRuleTest::isFree);
        List<Spot> sameRack = new ArrayList<>();
        List<Spot> sameCenter = new ArrayList<>();
        List<Spot> elsewhere = new ArrayList<>();
        for (Spot spot : servers.subList(1, servers.size())) {
            if (!spot.dataCenter().equals(main.dataCenter())) elsewhere.add(spot);
            else if (!spot.rack().equals(main.rack())) sameCenter.add(spot);
            else sameRack.add(spot);
        }
        assertThat(sameRack).hasSize(replication.otherServers());
        assertThat(sameCenter).extracting(Spot::rack).hasSize(replication.otherRacks()).doesNotHaveDuplicates();
        assertThat(elsewhere).extracting(Spot::dataCenter).hasSize(replication.otherDataCenters()).doesNotHaveDuplicates();
    }

    /** The definition by counting, main copy by main copy. */
    private static boolean exists(List<Spot> spots, Wish wish) {
        List<Spot> free = spots.stream().filter(PlacementRuleTest::isFree).toList();
        return free.stream().filter(wish::admits).anyMatch(main -> {
            long onRack = free.stream()
                    .filter(spot -> spot.dataCenter().equals(main.dataCenter()) && spot.rack().equals(main.rack())).count();
            long racks = free.stream().filter(spot -> spot.dataCenter().equals(main.dataCenter())).map(Spot::rack).distinct().count();
            long centers = free.stream().map(Spot::dataCenter).distinct().count();
            return onRack > wish.replication().otherServers() && racks > wish.replication().otherRacks()
                    && centers > wish.replication().otherDataCenters();
        });
    }

    private static boolean isFree(Spot spot) {
        return spot.freeSlots() > 0 && spot.hindrance() instanceof Hindrance.None;
    }

    /** As they will be when all that do not answer now have come back. */
    private static List<Spot> answering(List<Spot> spots) {
        return spots.stream().map(spot -> spot.hindrance() instanceof Hindrance.Maintenance ? spot
                : new Spot(spot.nodeId(), spot.dataCenter(), spot.rack(), spot.host(), spot.freeSlots())).toList();
    }

    private static List<Spot> emptied(List<Spot> spots) {
        return spots.stream().map(spot -> new Spot(spot.nodeId(), spot.dataCenter(), spot.rack(), spot.host(), 1)).toList();
    }
}
