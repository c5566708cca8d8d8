package dev.kelpfs.master.founding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.founding.FoundingRule.Known;
import dev.kelpfs.master.founding.FoundingRule.Standing;
import dev.kelpfs.master.founding.FoundingRule.Step;
import dev.kelpfs.master.raft.Member;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FoundingRuleTest {
    private static final ServerAddress A = ServerAddress.parse("10.0.0.1:9333");
    private static final ServerAddress B = ServerAddress.parse("10.0.0.2:9333");
    private static final ServerAddress C = ServerAddress.parse("10.0.0.3:9333");
    private static final ServerAddress D = ServerAddress.parse("10.0.0.4:9333");
    private static final List<ServerAddress> ALL = List.of(A, B, C);
    private static final UUID GROUP = new UUID(1, 2);

    private static Member member(ServerAddress address) {
        return new Member(address, "first");
    }

    private static Standing empty(ServerAddress self, List<ServerAddress> peers) {
        return new Standing(member(self), peers, Optional.empty(), "", 0, false);
    }

    private static Standing inheriting(ServerAddress self, String referenceCluster, long volumeId) {
        return new Standing(member(self), ALL, Optional.empty(), referenceCluster, volumeId, false);
    }

    private static Standing belonging(ServerAddress self, List<ServerAddress> members, Optional<ServerAddress> leader, long term) {
        Known known = new Known(GROUP, "c", members.stream().map(FoundingRuleTest::member).toList(), leader, term);
        return new Standing(member(self), ALL, Optional.of(known), "", 7, false);
    }

    /** What the first of these does when the others answer. */
    private static Step next(Standing self, Standing... others) {
        Map<ServerAddress, Standing> answers = new HashMap<>();
        for (Standing other : others) answers.put(other.self().address(), other);
        return FoundingRule.next(self, answers);
    }

    private static String reason(Step step) {
        assertThat(step).isInstanceOf(Step.Wait.class);
        return ((Step.Wait) step).reason();
    }

    @Test
    void exactlyOneFoundsWhenAllAreHere() {
        Step founded = next(empty(A, ALL), empty(B, ALL), empty(C, ALL));
        assertThat(founded).isEqualTo(new Step.Found(List.of(member(A), member(B), member(C)), "", 0));
        assertThat(reason(next(empty(B, ALL), empty(A, ALL), empty(C, ALL)))).contains(A.http() + " founds");
        assertThat(reason(next(empty(C, ALL), empty(A, ALL), empty(B, ALL)))).contains(A.http() + " founds");
    }

    @Test
    void theOrderOfTheListsDoesNotMatter() {
        Step founded = next(empty(A, List.of(C, A, B)), empty(B, List.of(B, C, A)), empty(C, ALL));
        assertThat(founded).isEqualTo(new Step.Found(List.of(member(A), member(B), member(C)), "", 0));
    }

    @Test
    void whoIsMissingIsNamed() {
        assertThat(reason(next(empty(A, ALL), empty(C, ALL)))).contains("missing [" + B.http() + "]");
        assertThat(reason(next(empty(A, ALL)))).contains("missing [" + B.http() + ", " + C.http() + "]");
    }

    @Test
    void listsThatDifferFoundNothing() {
        Step step = next(empty(A, ALL), empty(B, List.of(A, B)), empty(C, ALL));
        assertThat(reason(step)).contains(A.http() + " has [" + A.http() + ", " + B.http() + ", " + C.http() + "]")
                .contains(B.http() + " has [" + A.http() + ", " + B.http() + "]").contains("give all the same -peers");
    }

    @Test
    void stateOfTheReferenceIsInherited() {
        Step founded = next(inheriting(A, "", 0), inheriting(B, "ref", 41), inheriting(C, "ref", 40));
        assertThat(founded).isEqualTo(new Step.Found(List.of(member(A), member(B), member(C)), "ref", 41));
    }

    @Test
    void stateOfTwoClustersOfTheReferenceFoundsNothing() {
        Step step = next(inheriting(A, "x", 1), inheriting(B, "y", 2), inheriting(C, "x", 3));
        assertThat(reason(step)).contains("x=[" + A.http() + ", " + C.http() + "]").contains("y=[" + B.http() + "]");
    }

    @Test
    void nobodyFoundsBesideAClusterThatExists() {
        List<ServerAddress> others = List.of(B, C);
        assertThat(next(empty(A, ALL), belonging(B, others, Optional.of(C), 3), empty(C, ALL))).isEqualTo(new Step.AskLeader(GROUP, C));
        // One that was wiped while the leader is away waits for those that remember.
        assertThat(reason(next(empty(A, ALL), belonging(B, others, Optional.empty(), 3)))).contains("no leader is known")
                .contains("majority of [" + B.http() + ", " + C.http() + "]");
    }

    @Test
    void whoWasFoundedWithBelongs() {
        assertThat(next(empty(B, ALL), belonging(A, ALL, Optional.empty(), 0)))
                .isEqualTo(new Step.Belong(GROUP, List.of(member(A), member(B), member(C)), "c", 7));
    }

    @Test
    void theHighestTermWithALeaderIsBelieved() {
        List<ServerAddress> others = List.of(B, C);
        assertThat(next(empty(A, ALL), belonging(B, others, Optional.of(B), 3), belonging(C, others, Optional.of(C), 4)))
                .isEqualTo(new Step.AskLeader(GROUP, C));
        assertThat(next(empty(A, ALL), belonging(B, others, Optional.of(B), 3), belonging(C, others, Optional.empty(), 4)))
                .as("one that knows a leader leads further than one that knows none").isEqualTo(new Step.AskLeader(GROUP, B));
    }

    @Test
    void aSingleMasterSaysHowItTakesOthersIn() {
        Known single = new Known(FoundingRule.NO_CONSENSUS, "c", List.of(member(B)), Optional.of(B), 1);
        Step step = next(empty(A, ALL), new Standing(member(B), List.of(B), Optional.of(single), "", 0, false));
        assertThat(reason(step)).contains("cluster.raft.add -id=" + A.http());
    }

    @Test
    void onlyTheLeaderOfTheNewestTermSaysWhoIsOut() {
        List<ServerAddress> without = List.of(B, C);
        assertThat(FoundingRule.isOut(member(A), GROUP, 4, List.of(belonging(B, without, Optional.of(B), 4)))).isTrue();
        assertThat(FoundingRule.isOut(member(A), GROUP, 4, List.of(belonging(B, without, Optional.of(C), 4))))
                .as("a follower may not have heard of the last change").isFalse();
        assertThat(FoundingRule.isOut(member(A), GROUP, 5, List.of(belonging(B, without, Optional.of(B), 4))))
                .as("a leader that may have been replaced").isFalse();
        assertThat(FoundingRule.isOut(member(A), GROUP, 4, List.of(belonging(B, ALL, Optional.of(B), 4)))).isFalse();
        assertThat(FoundingRule.isOut(member(A), new UUID(9, 9), 4, List.of(belonging(B, without, Optional.of(B), 4))))
                .as("another cluster").isFalse();
        assertThat(FoundingRule.isOut(new Member(A, "new"), GROUP, 4, List.of(belonging(B, ALL, Optional.of(B), 4))))
                .as("the same address with a directory that was lost").isTrue();
        assertThat(FoundingRule.isOut(member(D), GROUP, 4, List.of())).isFalse();
    }
}
