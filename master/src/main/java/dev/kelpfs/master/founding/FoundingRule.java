package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.raft.Member;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a master without a cluster does next, from what the others answered. Pure.
 *
 * <p>Nobody founds a cluster beside one that exists: a single master that belongs to one is enough to make all others wait
 * to be taken in. How a new one comes to be is the business of {@link Assembly}.
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
     * @param bootstrap it was told that a majority of its list is enough to found
     * @param endorsement in whose founding it takes part, its own perhaps; empty if in nobody's
     */
    record Standing(
            Member self, List<ServerAddress> peers, Optional<Known> cluster, String referenceClusterId, long referenceVolumeId,
            boolean bootstrap, Optional<Endorsement> endorsement) {
        Standing with(Optional<Endorsement> given) {
            return new Standing(self, peers, cluster, referenceClusterId, referenceVolumeId, bootstrap, given);
        }
    }

    /** A cluster that somebody belongs to. @param leader empty while none is known there */
    record Known(UUID group, String clusterId, List<Member> members, Optional<ServerAddress> leader, long term) {}

    /** What to do. */
    sealed interface Step {
        /** Ask again soon. @param reason for people: who is missing, or what differs and how to mend it */
        record Wait(String reason) implements Step {}

        /** Endorse oneself as the founder of a new group, and ask again at once. */
        record Propose() implements Step {}

        /** The endorsement that this master gave has ended, its own perhaps; ask again at once. */
        record Drop(String reason) implements Step {}

        /** Found a cluster of these, who all endorsed it. @param clusterId empty for a new one */
        record Found(UUID group, List<Member> members, String clusterId, long referenceVolumeId) implements Step {}

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

    /** Masters of other clusters than that of the group, for people; nobody makes one of two by himself. */
    static List<String> strangers(UUID group, Map<ServerAddress, Standing> answers) {
        return answers.entrySet().stream()
                .filter(answer -> answer.getValue().cluster().filter(known -> !known.group().equals(group)).isPresent())
                .map(answer -> answer.getKey().http() + " (cluster " + answer.getValue().cluster().orElseThrow().clusterId() + ")")
                .sorted()
                .toList();
    }

    static Step next(Standing self, Map<ServerAddress, Standing> answers) {
        Optional<Standing> newest = answers.values().stream()
                .filter(answer -> answer.cluster().isPresent())
                .max(Comparator.comparing((Standing answer) -> answer.cluster().orElseThrow().leader().isPresent())
                        .thenComparing(answer -> answer.cluster().orElseThrow().term()));
        if (newest.isPresent()) return join(self, newest.get().cluster().orElseThrow(), newest.get().referenceVolumeId());
        return new Assembly(self, answers).next();
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

    /**
     * True if this master may promise another one to take part in its founding, and in no other from then on.
     *
     * @param self this master, as it is now
     * @param known what the others answered when they were asked last
     */
    static boolean endorses(Standing self, Collection<Standing> known, Standing founder) {
        boolean proposes = founder.endorsement().filter(given -> given.founder().equals(founder.self())).isPresent();
        boolean isOther = !founder.self().address().isSameServer(self.self().address());
        boolean sameList = names(self.peers()).equals(names(founder.peers())) && self.peers().stream().anyMatch(
                founder.self().address()::isSameServer);
        boolean sameOrigin = self.referenceClusterId().isEmpty() || founder.referenceClusterId().isEmpty()
                || self.referenceClusterId().equals(founder.referenceClusterId());
        boolean noCluster = self.cluster().isEmpty() && founder.cluster().isEmpty()
                && known.stream().allMatch(other -> other.cluster().isEmpty());
        return proposes && isOther && sameList && sameOrigin && noCluster && self.endorsement().isEmpty();
    }

    private static List<String> names(List<ServerAddress> addresses) {
        return addresses.stream().map(ServerAddress::http).sorted().toList();
    }
}
