package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.raft.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a master without a cluster does next, from what the others answered. Pure.
 *
 * <p>Nobody founds a cluster beside one that exists: a single master that belongs to one is enough to make all others wait
 * to be taken in. A new cluster needs all listed masters, and the one with the lowest address founds it; the rest see its
 * cluster in its next answer. So an address list that differs, or a master that was wiped, can never make a second cluster.
 */
public final class FoundingRule {
    /** In place of a group: a single master, which has state but no consensus that others could join. */
    public static final UUID NO_CONSENSUS = new UUID(0, 0);

    private FoundingRule() {}

    /**
     * What one master says of itself.
     *
     * @param peers its list of masters by command line, itself included
     * @param cluster empty if it belongs to none
     * @param referenceClusterId from state of the reference beside it; empty for none
     * @param bootstrap it was told to found with a majority
     */
    record Standing(
            Member self, List<ServerAddress> peers, Optional<Known> cluster, String referenceClusterId, long referenceVolumeId,
            boolean bootstrap) {}

    /** A cluster that somebody belongs to. @param leader empty while none is known there */
    record Known(UUID group, String clusterId, List<Member> members, Optional<ServerAddress> leader, long term) {}

    /** What to do. */
    sealed interface Step {
        /** Ask again soon. @param reason for people: who is missing, or what differs and how to mend it */
        record Wait(String reason) implements Step {}

        /** Found a cluster of these. */
        record Found(List<Member> members, String clusterId, long referenceVolumeId) implements Step {}

        /** This master is one of the founders of that cluster. */
        record Belong(UUID group, List<Member> members, String clusterId, long referenceVolumeId) implements Step {}

        /** Ask the leader to be taken into that cluster. */
        record AskLeader(UUID group, ServerAddress leader) implements Step {}
    }

    /**
     * True if the leader of the group says that this master is none of its members. Only the leader knows: others may not have
     * heard of the last change yet.
     *
     * @param term the highest that this master knows; who leads in an earlier one may have been replaced
     */
    static boolean isOut(Member self, UUID group, long term, Collection<Standing> answers) {
        return answers.stream().anyMatch(answer -> answer.cluster()
                .filter(known -> known.group().equals(group) && known.term() >= term)
                .filter(known -> known.leader().filter(answer.self().address()::isSameServer).isPresent())
                .filter(known -> !known.members().contains(self))
                .isPresent());
    }

    static Step next(Standing self, Map<ServerAddress, Standing> answers) {
        Optional<Standing> newest = answers.values().stream()
                .filter(answer -> answer.cluster().isPresent())
                .max(Comparator.comparing((Standing answer) -> answer.cluster().orElseThrow().leader().isPresent())
                        .thenComparing(answer -> answer.cluster().orElseThrow().term()));
        if (newest.isPresent()) return join(self, newest.get().cluster().orElseThrow(), newest.get().referenceVolumeId());
        return found(self, answers);
    }

    private static Step join(Standing self, Known known, long referenceVolumeId) {
        if (known.members().contains(self.self())) {
            return new Step.Belong(known.group(), known.members(), known.clusterId(), referenceVolumeId);
        }
        List<String> members = known.members().stream().map(member -> member.address().http()).toList();
        if (known.group().equals(NO_CONSENSUS)) {
            return new Step.Wait(members + " is the single master of cluster " + known.clusterId() + "; "
                    + howToLetIn(self.self().address()));
        }
        if (known.leader().isEmpty()) {
            return new Step.Wait("cluster " + known.clusterId() + " exists, but no leader is known there; this master has no state, so it"
                    + " does not vote. Waiting for a majority of " + members);
        }
        return new Step.AskLeader(known.group(), known.leader().get());
    }

    /** What to do so that a single master takes another one in. */
    public static String howToLetIn(ServerAddress newcomer) {
        return "type cluster.raft.add -id=" + newcomer.http() + " in weed shell, or restart it with -peers that name both; then it takes "
                + newcomer.http() + " in";
    }

    private static Step found(Standing self, Map<ServerAddress, Standing> answers) {
        List<ServerAddress> missing = new ArrayList<>();
        List<Standing> all = new ArrayList<>();
        all.add(self);
        for (ServerAddress peer : self.peers()) {
            if (peer.isSameServer(self.self().address())) continue;
            Standing answer = answers.get(peer);
            if (answer == null) missing.add(peer);
            else all.add(answer);
        }
        for (Standing other : all) {
            if (!names(other.peers()).equals(names(self.peers()))) {
                return new Step.Wait("the masters were given different lists: " + self.self().address().http() + " has "
                        + names(self.peers()) + ", " + other.self().address().http() + " has " + names(other.peers())
                        + "; give all the same -peers");
            }
        }
        if (!missing.isEmpty()) {
            return new Step.Wait("a new cluster is founded when all of -peers answer; missing " + names(missing));
        }
        SortedMap<String, List<String>> inherited = new TreeMap<>();
        for (Standing each : all) {
            if (each.referenceClusterId().isEmpty()) continue;
            inherited.computeIfAbsent(each.referenceClusterId(), unused -> new ArrayList<>()).add(each.self().address().http());
        }
        if (inherited.size() > 1) {
            return new Step.Wait("the state of the reference in the directories belongs to different clusters: " + inherited
                    + "; start only masters of one cluster together, or move the state of the wrong ones away");
        }
        all.sort(Comparator.comparing(standing -> standing.self().address().http()));
        if (!all.getFirst().equals(self)) {
            return new Step.Wait("all masters are here; " + all.getFirst().self().address().http() + " founds the cluster");
        }
        return new Step.Found(
                all.stream().map(Standing::self).toList(),
                inherited.isEmpty() ? "" : inherited.firstKey(),
                all.stream().mapToLong(Standing::referenceVolumeId).max().orElse(0));
    }

    private static List<String> names(List<ServerAddress> addresses) {
        return addresses.stream().map(ServerAddress::http).sorted().toList();
    }
}
