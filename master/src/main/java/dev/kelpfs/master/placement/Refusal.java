package dev.kelpfs.master.placement;

import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says why no choice is possible: in terms of the topology, and what to do. */
final class Refusal {
    /** A message names so many things at most. */
    private static final int NAMED = 5;

    private Refusal() {}

    /** Call only for a wish that the free ones of these servers cannot satisfy. */
    static Choice of(List<Spot> known, Wish wish) {
        ReplicaPlacement replication = wish.replication();
        if (known.isEmpty()) {
            return new Choice.Impossible(isHardDisk(wish) ? "no volume server is connected; start one with weed volume"
                    : "no volume server with " + wish.diskType() + " disks is connected; start one with -disk=" + wish.diskType());
        }
        if (!wish.dataCenter().isEmpty() && known.stream().noneMatch(spot -> spot.dataCenter().equals(wish.dataCenter()))) {
            return new Choice.Impossible("data center " + wish.dataCenter() + " not found in topology"
                    + (isHardDisk(wish) ? "" : " among servers with " + wish.diskType() + " disks") + "; known "
                    + names(known, Spot::dataCenter) + "; start a volume server with -dataCenter=" + wish.dataCenter());
        }
        List<Spot> mains = known.stream().filter(wish::admits).toList();
        if (mains.isEmpty()) return new Choice.Impossible(noMain(known, wish));

        int centers = distinct(known, Spot::dataCenter).size();
        if (centers <= replication.otherDataCenters()) {
            return new Choice.Impossible(needs(wish, replication.otherDataCenters() + 1, "data centers", centers,
                    "start a volume server with -dataCenter"));
        }
        int racks = mains.stream().mapToInt(main -> distinct(sameCenter(known, main), Spot::rack).size()).max().orElse(0);
        if (racks <= replication.otherRacks()) {
            return new Choice.Impossible(needs(wish, replication.otherRacks() + 1, "racks", racks,
                    "start a volume server with -rack"));
        }
        int servers = mains.stream().mapToInt(main -> sameRack(known, main).size()).max().orElse(0);
        if (servers <= replication.otherServers()) {
            return new Choice.Impossible(needs(wish, replication.otherServers() + 1, "servers on one rack", servers,
                    "start another volume server"));
        }
        boolean together = mains.stream().anyMatch(main -> sameRack(known, main).size() > replication.otherServers()
                && distinct(sameCenter(known, main), Spot::rack).size() > replication.otherRacks());
        if (!together) {
            return new Choice.Impossible(asked(wish) + " needs " + (replication.otherRacks() + 1)
                    + " racks and " + (replication.otherServers() + 1) + " servers on one of them in the same data center,"
                    + " and no data center has both; start a volume server there");
        }
        List<Spot> freeSoon = known.stream().filter(spot -> spot.isFree() || spot.mayBecomeFree()).toList();
        if (PlacementRule.fits(freeSoon, wish)) return Choice.Hindered.by(hindrances(freeSoon));
        long free = known.stream().filter(Spot::isFree).count();
        return new Choice.NoSlots(asked(wish) + " needs "
                + (replication.copies() == 1 ? "a server with a free slot"
                        : replication.copies() + " servers with a free slot, as spread as it says")
                + ", and of " + known.size() + " known " + free + (free == 1 ? " has one" : " have one")
                + inMaintenance(known) + "; start a volume server, or allow more volumes with -max");
    }

    private static List<String> hindrances(List<Spot> spots) {
        return spots.stream().flatMap(spot -> switch (spot.hindrance()) {
            case Hindrance.Silent(var quiet) -> Stream.of("volume server " + spot.nodeId() + " has sent no heartbeat for "
                    + quiet.toSeconds() + " s; if it is gone, start it again, or another one");
            case Hindrance.Unanswering(var reason) -> Stream.of(reason);
            case Hindrance.Maintenance(), Hindrance.None() -> Stream.<String>empty();
        }).toList();
    }

    private static String inMaintenance(List<Spot> known) {
        List<Spot> some = known.stream()
                .filter(spot -> spot.freeSlots() > 0 && spot.hindrance() instanceof Hindrance.Maintenance).toList();
        return some.isEmpty() ? "" : " (in maintenance: " + names(some, Spot::nodeId) + ")";
    }

    private static String noMain(List<Spot> known, Wish wish) {
        String where = (wish.rack().isEmpty() ? "" : " rack " + wish.rack())
                + (wish.dataNode().isEmpty() ? "" : " server " + wish.dataNode())
                + (wish.dataCenter().isEmpty() ? "" : " in data center " + wish.dataCenter());
        if (wish.dataNode().isEmpty()) {
            return "there is no" + where + "; known racks are " + names(known, spot -> spot.dataCenter() + "/" + spot.rack())
                    + "; start a volume server with -rack=" + wish.rack();
        }
        return "there is no" + where + "; known servers are "
                + names(known, spot -> spot.dataCenter() + "/" + spot.rack() + "/" + spot.nodeId());
    }

    private static String needs(Wish wish, int wanted, String what, int known, String remedy) {
        return asked(wish) + " needs " + wanted + " " + what + ", " + known + (known == 1 ? " is" : " are") + " known; " + remedy
                + (isHardDisk(wish) ? "" : " and -disk=" + wish.diskType());
    }

    private static String asked(Wish wish) {
        return "replication " + wish.replication() + (isHardDisk(wish) ? "" : " on " + wish.diskType() + " disks");
    }

    private static boolean isHardDisk(Wish wish) {
        return wish.diskType().equals(DiskType.HDD);
    }

    private static List<Spot> sameCenter(Collection<Spot> spots, Spot main) {
        return spots.stream().filter(spot -> spot.dataCenter().equals(main.dataCenter())).toList();
    }

    private static List<Spot> sameRack(Collection<Spot> spots, Spot main) {
        return sameCenter(spots, main).stream().filter(spot -> spot.rack().equals(main.rack())).toList();
    }

    private static Set<String> distinct(Collection<Spot> spots, Function<Spot, String> of) {
        return spots.stream().map(of).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String names(Collection<Spot> spots, Function<Spot, String> of) {
        Set<String> all = distinct(spots, of);
        String shown = all.stream().limit(NAMED).collect(Collectors.joining(", "));
        return all.size() > NAMED ? shown + " and " + (all.size() - NAMED) + " more" : shown;
    }
}
