package dev.kelpfs.master.placement;

import dev.kelpfs.core.ReplicaPlacement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Chooses servers for the copies of one volume: the main one, {@code z} more on its rack, one on each of {@code y} other
 * racks of its data center, one in each of {@code x} other data centers. Whenever the free servers allow such a choice,
 * one is found; among the possible ones those with more free slots are more likely. Pure.
 */
public final class PlacementRule {
    private PlacementRule() {}

    /**
     * @param known all connected servers, also those without a free slot; the refusal speaks of them
     */
    public static Choice choose(List<Spot> known, Wish wish, RandomGenerator random) {
        Tree tree = new Tree(known.stream().filter(Spot::isFree).toList());
        List<Rack> mains = tree.mainRacks(wish);
        if (mains.isEmpty()) return Refusal.of(known, wish);

        DataCenter mainCenter = WeightedDraw.one(centersOf(mains, tree), DataCenter::freeSlots, random);
        Rack mainRack = WeightedDraw.one(
                mains.stream().filter(rack -> rack.dataCenter.equals(mainCenter.name)).toList(), Rack::freeSlots, random);
        Spot main = WeightedDraw.one(mainRack.spots.stream().filter(wish::admits).toList(), Spot::freeSlots, random);

        List<Spot> chosen = new ArrayList<>();
        chosen.add(main);
        ReplicaPlacement replication = wish.replication();
        addFromRack(mainRack, replication.otherServers(), chosen, random);
        List<Rack> otherRacks = mainCenter.racks.values().stream().filter(rack -> rack != mainRack).toList();
        for (Rack rack : WeightedDraw.several(otherRacks, replication.otherRacks(), Rack::freeSlots, random)) {
            chosen.add(WeightedDraw.one(rack.spots, Spot::freeSlots, random));
        }
        List<DataCenter> otherCenters = tree.centers.values().stream().filter(center -> center != mainCenter).toList();
        for (DataCenter center : WeightedDraw.several(otherCenters, replication.otherDataCenters(), DataCenter::freeSlots, random)) {
            chosen.add(WeightedDraw.one(center.spots(), Spot::freeSlots, random));
        }
        return new Choice.Chosen(chosen);
    }

    /** Whether the known servers could satisfy the wish if all of them were empty; the refusal if not. */
    public static Choice possible(List<Spot> known, Wish wish, RandomGenerator random) {
        List<Spot> emptied = known.stream()
                .map(spot -> new Spot(spot.nodeId(), spot.dataCenter(), spot.rack(), spot.host(), 1))
                .toList();
        return choose(emptied, wish, random);
    }

    /** Whether these servers can take the copies of one volume, each of them one. */
    static boolean fits(List<Spot> free, Wish wish) {
        return !new Tree(free).mainRacks(wish).isEmpty();
    }

    private static void addFromRack(Rack rack, int count, List<Spot> chosen, RandomGenerator random) {
        for (int i = 0; i < count; i++) {
            Set<String> usedHosts = chosen.stream().map(Spot::host).collect(Collectors.toCollection(HashSet::new));
            List<Spot> left = rack.spots.stream().filter(spot -> !chosen.contains(spot)).toList();
            List<Spot> elsewhere = left.stream().filter(spot -> !usedHosts.contains(spot.host())).toList();
            chosen.add(WeightedDraw.one(elsewhere.isEmpty() ? left : elsewhere, Spot::freeSlots, random));
        }
    }

    private static List<DataCenter> centersOf(List<Rack> racks, Tree tree) {
        return racks.stream().map(rack -> rack.dataCenter).distinct().map(name -> tree.centers.get(name)).toList();
    }

    private static final class Rack {
        final String dataCenter;
        final List<Spot> spots = new ArrayList<>();

        Rack(String dataCenter) {
            this.dataCenter = dataCenter;
        }

        long freeSlots() {
            return spots.stream().mapToLong(Spot::freeSlots).sum();
        }
    }

    private static final class DataCenter {
        final String name;
        final Map<String, Rack> racks = new LinkedHashMap<>();

        DataCenter(String name) {
            this.name = name;
        }

        long freeSlots() {
            return racks.values().stream().mapToLong(Rack::freeSlots).sum();
        }

        List<Spot> spots() {
            return racks.values().stream().flatMap(rack -> rack.spots.stream()).toList();
        }
    }

    private static final class Tree {
        final Map<String, DataCenter> centers = new LinkedHashMap<>();

        Tree(Collection<Spot> spots) {
            for (Spot spot : spots) {
                centers.computeIfAbsent(spot.dataCenter(), DataCenter::new)
                        .racks.computeIfAbsent(spot.rack(), name -> new Rack(spot.dataCenter()))
                        .spots.add(spot);
            }
        }

        /** Racks that can hold the main copy so that there is room for all others. */
        List<Rack> mainRacks(Wish wish) {
            return centers.values().stream().flatMap(center -> center.racks.values().stream())
                    .filter(rack -> canHoldMain(rack, wish)).toList();
        }

        private boolean canHoldMain(Rack rack, Wish wish) {
            ReplicaPlacement replication = wish.replication();
            DataCenter center = centers.get(rack.dataCenter);
            return rack.spots.stream().anyMatch(wish::admits)
                    && rack.spots.size() > replication.otherServers()
                    && center != null && center.racks.size() > replication.otherRacks()
                    && centers.size() > replication.otherDataCenters();
        }
    }
}
