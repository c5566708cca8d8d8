package dev.kelpfs.master.growth;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.master.placement.Choice;
import dev.kelpfs.master.placement.PlacementRule;
import dev.kelpfs.master.placement.Spot;
import dev.kelpfs.master.placement.Wish;
import dev.kelpfs.master.topology.LayoutRoom;
import dev.kelpfs.master.topology.LayoutRoom.Area;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * What to make before somebody needs it: as many writable volumes as were last asked for, and in every rack (in every data
 * center, if copies go to other racks anyhow) one with room. Pure. Source: master, section 6.3.
 */
final class GrowthPlan {
    /** Volumes that are made where there is one too few. */
    private static final int A_FEW = 2;

    /** Volumes to make. */
    record Step(Wish wish, int volumes) {}

    private GrowthPlan() {}

    /**
     * @param spots servers with disks of the layout's type
     * @param random only decides whether a choice exists, so it does not change the plan
     */
    static List<Step> steps(LayoutRoom layout, List<Spot> spots, GrowthSettings settings, RandomGenerator random) {
        List<Step> steps = new ArrayList<>();
        ReplicaPlacement replication = layout.key().replication();
        int lacking = lacking(layout, settings.threshold());
        long free = spots.stream().mapToLong(Spot::openSlots).filter(slots -> slots > 0).sum();
        if (lacking > 0 && free >= (long) lacking * replication.copies()) {
            steps.add(new Step(new Wish(replication, layout.key().diskType(), "", "", ""), lacking));
        }
        boolean byCenter = replication.otherRacks() > 0;
        Set<Area> areas = spots.stream().map(spot -> area(spot, byCenter)).collect(Collectors.toCollection(LinkedHashSet::new));
        Set<Area> roomy = layout.roomy().stream()
                .map(area -> byCenter ? new Area(area.dataCenter(), "") : area).collect(Collectors.toSet());
        int each = layout.wanted() > 0 ? Math.ceilDiv(layout.wanted(), Math.max(1, areas.size()))
                : Math.min(A_FEW, settings.volumesFor(replication.copies()));
        for (Area area : areas) {
            Wish wish = new Wish(replication, layout.key().diskType(), area.dataCenter(), area.rack(), "");
            boolean possible = !roomy.contains(area) && PlacementRule.choose(spots, wish, random) instanceof Choice.Chosen;
            if (possible) steps.add(new Step(wish, each));
        }
        return steps;
    }

    /** How many writable volumes are missing at the number that was asked for, or will be soon. */
    private static int lacking(LayoutRoom layout, double threshold) {
        int wanted = layout.wanted();
        if (wanted > layout.writable()) return wanted - layout.writable();
        boolean soonTooFew = wanted > 0 && layout.writable() < 2 * wanted && layout.crowded() + A_FEW > threshold * layout.writable();
        return soonTooFew ? A_FEW : 0;
    }

    private static Area area(Spot spot, boolean byCenter) {
        return new Area(spot.dataCenter(), byCenter ? "" : spot.rack());
    }
}
