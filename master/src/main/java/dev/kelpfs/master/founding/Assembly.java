package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.founding.FoundingRule.Standing;
import dev.kelpfs.master.founding.FoundingRule.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The masters of one list before there is a cluster, as one of them sees them. Pure.
 *
 * <p>One of them proposes itself as the founder, by endorsing itself; the others endorse it, each at most one. It founds with
 * the endorsements of all that are listed, or of a majority if one of them was told that a majority is enough. Two
 * majorities overlap in a master that endorsed one founder only, so there is never a second cluster of one list.
 *
 * <p>An endorsement ends when its founder, asked after it was given, says that it gave the founding up: from then on it never
 * founds that group. It also ends when every listed master says that it has no cluster and the founder's directory is a new
 * one: then nobody is left who could have that group. In all other cases only a person knows that the founder is lost.
 */
final class Assembly {
    private final Standing self;
    private final int listed;
    /** Who answered, this master included, by address. */
    private final List<Standing> here = new ArrayList<>();
    private final List<ServerAddress> missing = new ArrayList<>();
    private final List<String> misnamed = new ArrayList<>();

    Assembly(Standing self, Map<ServerAddress, Standing> answers) {
        this.self = self;
        this.listed = self.peers().size();
        here.add(self);
        for (ServerAddress peer : self.peers()) {
            if (peer.isSameServer(self.self().address())) continue;
            Standing answer = answers.get(peer);
            if (answer == null) missing.add(peer);
            else if (answer.self().address().isSameServer(peer)) here.add(answer);
            else misnamed.add(peer.http() + " calls itself " + answer.self().address().http());
        }
        here.sort(Comparator.comparing(standing -> standing.self().address().http()));
    }

    /** What this master does next. */
    Step next() {
        Optional<String> obstacle = differentLists().or(this::otherNames).or(this::differentClusters);
        if (obstacle.isPresent()) return new Step.Wait(obstacle.get());
        Optional<Standing> founder = here.stream().filter(Assembly::proposesItself).findFirst();
        if (proposesItself(self)) {
            List<Standing> endorsers = here.stream().filter(each -> each.endorsement().equals(self.endorsement())).toList();
            if (endorsers.size() >= needed()) return found(endorsers);
            if (founder.filter(self::equals).isPresent()) return new Step.Wait(lacking());
            return new Step.Drop(address(founder.orElseThrow()) + " founds the cluster; this master gives its own founding up");
        }
        if (self.endorsement().isPresent()) return bound(self.endorsement().get());
        return founder.<Step>map(one -> new Step.Wait(address(one) + " founds the cluster")).orElseGet(this::chooseFounder);
    }

    private Step found(List<Standing> endorsers) {
        return new Step.Found(
                self.endorsement().orElseThrow().group(),
                endorsers.stream().map(Standing::self).toList(),
                inherited().keySet().stream().findFirst().orElse(""),
                here.stream().mapToLong(Standing::referenceVolumeId).max().orElse(0));
    }

    /** Nobody proposes itself yet. */
    private Step chooseFounder() {
        List<Standing> free = here.stream().filter(each -> each.endorsement().isEmpty()).toList();
        if (free.size() < needed()) return new Step.Wait(lacking());
        Standing founder = free.stream().filter(Standing::bootstrap).findFirst().orElse(free.getFirst());
        if (founder.equals(self)) return new Step.Propose();
        return new Step.Wait("enough masters are here; " + address(founder) + " founds the cluster");
    }

    /** This master endorsed another one. */
    private Step bound(Endorsement given) {
        String founder = given.founder().address().http();
        Optional<Standing> answer = here.stream()
                .filter(each -> each.self().address().isSameServer(given.founder().address())).findFirst();
        if (answer.isEmpty()) {
            return new Step.Wait("this master endorsed " + founder + " as the founder, which does not answer; start it. "
                    + given.howToTakeBack(self.self().address()));
        }
        if (answer.get().self().equals(given.founder())) {
            return answer.get().endorsement().equals(Optional.of(given))
                    ? new Step.Wait(founder + " founds the cluster, with this master")
                    : new Step.Drop(founder + " gave the founding up that this master endorsed");
        }
        if (missing.isEmpty()) return new Step.Drop(founder + " has a new directory, and no listed master has a cluster");
        return new Step.Wait("this master endorsed " + founder + " as the founder, whose directory was lost since; missing "
                + names(missing) + ", which may have its cluster. " + given.howToTakeBack(self.self().address()));
    }

    private static boolean proposesItself(Standing one) {
        return one.endorsement().filter(given -> given.founder().equals(one.self())).isPresent();
    }

    private boolean aMajorityIsEnough() {
        return here.stream().anyMatch(Standing::bootstrap);
    }

    private int needed() {
        return aMajorityIsEnough() ? majority() : listed;
    }

    private int majority() {
        return listed / 2 + 1;
    }

    private Optional<String> differentLists() {
        return here.stream()
                .filter(other -> !names(other.peers()).equals(names(self.peers())))
                .findFirst()
                .map(other -> "the masters were given different lists: " + address(self) + " has " + names(self.peers()) + ", "
                        + address(other) + " has " + names(other.peers()) + "; give all the same -peers");
    }

    /** One master under two names would count twice. */
    private Optional<String> otherNames() {
        if (misnamed.isEmpty()) return Optional.empty();
        return Optional.of("masters of -peers have other names: " + misnamed + "; write in -peers what each calls itself, or give it the"
                + " name by -ip");
    }

    private Optional<String> differentClusters() {
        if (inherited().size() <= 1) return Optional.empty();
        return Optional.of("the state of the reference in the directories belongs to different clusters: " + inherited()
                + "; start only masters of one cluster together, or move the state of the wrong ones away");
    }

    /** Who has state of which cluster of the reference. */
    private SortedMap<String, List<String>> inherited() {
        SortedMap<String, List<String>> inherited = new TreeMap<>();
        for (Standing each : here) {
            if (each.referenceClusterId().isEmpty()) continue;
            inherited.computeIfAbsent(each.referenceClusterId(), unused -> new ArrayList<>()).add(address(each));
        }
        return inherited;
    }

    /** What keeps the cluster from being founded, and what to type. */
    private String lacking() {
        StringBuilder reason = new StringBuilder(aMajorityIsEnough()
                ? "by -raftBootstrap a new cluster is founded when a majority of -peers answers and agrees, " + majority() + " of " + listed
                : "a new cluster is founded when all of -peers answer");
        if (!missing.isEmpty()) reason.append("; missing ").append(names(missing));
        List<Standing> bound = here.stream().filter(this::supportsAnother).toList();
        for (Standing one : bound) {
            Endorsement given = one.endorsement().orElseThrow();
            reason.append("; ").append(address(one)).append(" endorsed another founder, ").append(given.founder().address().http())
                    .append(". ").append(given.howToTakeBack(one.self().address()));
        }
        int free = here.size() - bound.size();
        if (!aMajorityIsEnough() && !missing.isEmpty() && free >= majority()) {
            reason.append(". A majority is here, ").append(free).append(" of ").append(listed)
                    .append(": to found it without the others, restart one that is here with -raftBootstrap. Do that only if the"
                            + " missing ones never belonged to a cluster: else there will be two");
        }
        return reason.toString();
    }

    /** It endorsed somebody, and neither this master nor somebody that is here and goes on with it. */
    private boolean supportsAnother(Standing one) {
        return !proposesItself(one) && one.endorsement().isPresent() && !one.endorsement().equals(self.endorsement());
    }

    private static String address(Standing one) {
        return one.self().address().http();
    }

    private static List<String> names(List<ServerAddress> addresses) {
        return addresses.stream().map(ServerAddress::http).sorted().toList();
    }
}
