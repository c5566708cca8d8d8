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
        return new Standing(member(self), peers, Optional.empty(), "", 0, false, Optional.empty());
    }

    private static Standing belonging(ServerAddress self, List<ServerAddress> members, Optional<ServerAddress> leader, long term) {
        Known known = new Known(GROUP, "c", members.stream().map(FoundingRuleTest::member).toList(), leader, term);
        return new Standing(member(self), ALL, Optional.of(known), "", 7, false, Optional.empty());
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
        Step step = next(empty(A, ALL), new Standing(member(B), List.of(B), Optional.of(single), "", 0, false, Optional.empty()));
        assertThat(reason(step)).contains("cluster.raft.add -id=" + A.http());
    }

    @Test
    void aFounderIsEndorsedByThoseWhoHavePromisedNothingElse() {
        Standing founder = empty(B, ALL).with(Optional.of(new Endorsement(member(B), GROUP)));
        assertThat(FoundingRule.endorses(empty(A, ALL), List.of(), founder)).isTrue();
        assertThat(FoundingRule.endorses(empty(A, List.of(C, B, A)), List.of(empty(C, ALL)), founder)).isTrue();
        assertThat(FoundingRule.endorses(empty(A, ALL).with(founder.endorsement()), List.of(), founder)).as("it has done so").isFalse();
        assertThat(FoundingRule.endorses(empty(A, ALL).with(Optional.of(new Endorsement(member(C), GROUP))), List.of(), founder)).isFalse();
        assertThat(FoundingRule.endorses(empty(A, ALL), List.of(), empty(B, ALL))).as("nobody asks for it").isFalse();
        assertThat(FoundingRule.endorses(empty(A, ALL), List.of(), empty(C, ALL).with(founder.endorsement())))
                .as("who endorsed another one asks for nothing").isFalse();
        assertThat(FoundingRule.endorses(empty(A, List.of(A, B)), List.of(), founder)).as("another list").isFalse();
        assertThat(FoundingRule.endorses(empty(B, ALL), List.of(), founder)).as("itself").isFalse();
        assertThat(FoundingRule.endorses(empty(A, ALL), List.of(belonging(C, List.of(C), Optional.empty(), 1)), founder))
                .as("somebody has a cluster").isFalse();
        assertThat(FoundingRule.endorses(belonging(A, ALL, Optional.empty(), 1), List.of(), founder)).isFalse();
        Standing heir = new Standing(member(A), ALL, Optional.empty(), "x", 1, false, Optional.empty());
        assertThat(FoundingRule.endorses(heir, List.of(), founder)).isTrue();
        assertThat(FoundingRule.endorses(heir, List.of(), new Standing(
                member(B), ALL, Optional.empty(), "y", 1, false, founder.endorsement()))).as("heirs of two clusters").isFalse();
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
