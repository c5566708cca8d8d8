package dev.kelpfs.master.founding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.founding.FoundingRule.Standing;
import dev.kelpfs.master.founding.FoundingRule.Step;
import dev.kelpfs.master.raft.Member;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AssemblyTest {
    private static final ServerAddress A = ServerAddress.parse("10.0.0.1:9333");
    private static final ServerAddress B = ServerAddress.parse("10.0.0.2:9333");
    private static final ServerAddress C = ServerAddress.parse("10.0.0.3:9333");
    private static final ServerAddress D = ServerAddress.parse("10.0.0.4:9333");
    private static final List<ServerAddress> ALL = List.of(A, B, C);
    private static final UUID GROUP = new UUID(1, 2);
    private static final UUID OTHER = new UUID(3, 4);

    private static Member member(ServerAddress address) {
        return new Member(address, "first");
    }

    private static Standing one(ServerAddress self) {
        return one(self, ALL);
    }

    private static Standing one(ServerAddress self, List<ServerAddress> peers) {
        return new Standing(member(self), peers, Optional.empty(), "", 0, false, Optional.empty());
    }

    private static Standing told(Standing standing) {
        return new Standing(standing.self(), standing.peers(), Optional.empty(), "", 0, true, standing.endorsement());
    }

    private static Standing with(ServerAddress founder, UUID group, Standing standing) {
        return standing.with(Optional.of(new Endorsement(member(founder), group)));
    }

    private static Standing inheriting(ServerAddress self, String referenceCluster, long volumeId) {
        return new Standing(member(self), ALL, Optional.empty(), referenceCluster, volumeId, false,
                Optional.of(new Endorsement(member(A), GROUP)));
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

    private static Step founds(ServerAddress... members) {
        return new Step.Found(GROUP, List.of(members).stream().map(AssemblyTest::member).toList(), "", 0);
    }

    @Test
    void exactlyOneProposesItselfWhenAllAreHere() {
        assertThat(next(one(A), one(B), one(C))).isEqualTo(new Step.Propose());
        assertThat(reason(next(one(B), one(A), one(C)))).contains(A.http() + " founds");
        assertThat(reason(next(one(C), one(A), one(B)))).contains(A.http() + " founds");
    }

    @Test
    void itFoundsWhenAllHaveEndorsedIt() {
        assertThat(next(with(A, GROUP, one(A)), with(A, GROUP, one(B)), with(A, GROUP, one(C)))).isEqualTo(founds(A, B, C));
        assertThat(next(with(A, GROUP, one(A, List.of(C, A, B))), with(A, GROUP, one(B, List.of(B, C, A))), with(A, GROUP, one(C))))
                .as("the order of the lists does not matter").isEqualTo(founds(A, B, C));
        assertThat(reason(next(with(A, GROUP, one(A)), with(A, GROUP, one(B)), one(C)))).contains("all of -peers");
        assertThat(reason(next(with(A, GROUP, one(A)), with(A, GROUP, one(B)), with(A, OTHER, one(C)))))
                .as("an endorsement of what it gave up counts no more").contains(C.http() + " endorsed another founder");
    }

    @Test
    void whoIsMissingIsNamedAndWhatAMajorityCanDo() {
        assertThat(reason(next(one(A), one(C)))).contains("missing [" + B.http() + "]").contains("A majority is here, 2 of 3")
                .contains("restart one that is here with -raftBootstrap").contains("never belonged to a cluster");
        assertThat(reason(next(one(A)))).contains("missing [" + B.http() + ", " + C.http() + "]").doesNotContain("-raftBootstrap");
        assertThat(reason(next(told(one(A))))).contains("missing [" + B.http() + ", " + C.http() + "]").contains("2 of 3");
        assertThat(reason(next(one(A, List.of(A, B))))).as("of two a majority is both").doesNotContain("-raftBootstrap");
    }

    @Test
    void aMajorityFoundsWhenOneOfItWasToldSo() {
        assertThat(next(told(one(C)), one(B))).isEqualTo(new Step.Propose());
        assertThat(reason(next(one(B), told(one(C))))).contains(C.http() + " founds");
        assertThat(next(told(with(C, GROUP, one(C))), with(C, GROUP, one(B)))).isEqualTo(founds(B, C));
        assertThat(next(with(A, GROUP, one(A)), told(with(A, GROUP, one(B)))))
                .as("whoever was told, it is for all").isEqualTo(founds(A, B));
        assertThat(reason(next(told(with(C, GROUP, one(C))), one(B)))).contains("2 of 3").contains("missing [" + A.http() + "]");
        List<ServerAddress> four = List.of(A, B, C, D);
        assertThat(reason(next(told(with(A, GROUP, one(A, four))), with(A, GROUP, one(B, four)))))
                .as("half is not enough").contains("3 of 4");
    }

    @Test
    void ofTwoThatProposeThemselvesOneGivesUp() {
        Standing first = told(with(A, GROUP, one(A)));
        Standing second = told(with(B, OTHER, one(B)));
        assertThat(next(second, first)).isEqualTo(new Step.Drop(A.http() + " founds the cluster; this master gives its own founding up"));
        assertThat(reason(next(first, second))).contains("missing [" + C.http() + "]");
        assertThat(next(second, first, with(B, OTHER, one(C)))).as("who has enough founds")
                .isEqualTo(new Step.Found(OTHER, List.of(member(B), member(C)), "", 0));
    }

    @Test
    void anEndorsedFounderIsWaitedFor() {
        Standing bound = told(with(A, GROUP, one(B)));
        assertThat(reason(next(bound, told(one(C))))).contains("endorsed " + A.http()).contains("does not answer")
                .contains("remove m9333/kelp/endorsement").contains("stop " + B.http()).contains("makes a second one");
        assertThat(reason(next(bound, with(A, GROUP, one(A)), one(C)))).contains(A.http() + " founds the cluster, with this master");
        assertThat(reason(next(told(one(C)), bound)))
                .as("the others say what they wait for").contains(B.http() + " endorsed another founder")
                .contains("remove m9333/kelp/endorsement").contains("stop " + B.http());
    }

    @Test
    void anEndorsementEndsWhenItsFounderGaveUpOrNobodyCanHaveItsGroup() {
        Standing bound = with(A, GROUP, one(B));
        assertThat(next(bound, one(A))).isInstanceOf(Step.Drop.class);
        assertThat(next(bound, with(A, OTHER, one(A)))).isInstanceOf(Step.Drop.class);
        assertThat(next(bound, with(C, OTHER, one(A)))).isInstanceOf(Step.Drop.class);
        Standing lost = new Standing(new Member(A, "second"), ALL, Optional.empty(), "", 0, true, Optional.empty());
        assertThat(next(bound, lost, one(C))).isInstanceOf(Step.Drop.class);
        assertThat(reason(next(bound, lost))).contains("directory was lost")
                .contains("missing [" + C.http() + "], which may have its cluster")
                .contains("remove m9333/kelp/endorsement");
    }

    @Test
    void listsThatDifferFoundNothing() {
        Step step = next(told(one(A)), one(B, List.of(A, B)), one(C));
        assertThat(reason(step)).contains(A.http() + " has [" + A.http() + ", " + B.http() + ", " + C.http() + "]")
                .contains(B.http() + " has [" + A.http() + ", " + B.http() + "]").contains("give all the same -peers");
    }

    @Test
    void oneMasterUnderTwoNamesDoesNotCountTwice() {
        Map<ServerAddress, Standing> answers = Map.of(B, with(A, GROUP, one(B)), C, with(A, GROUP, one(B)));
        assertThat(reason(FoundingRule.next(told(with(A, GROUP, one(A))), answers))).contains(C.http() + " calls itself " + B.http());
    }

    @Test
    void stateOfTheReferenceIsInherited() {
        Step founded = next(inheriting(A, "", 0), inheriting(B, "ref", 41), inheriting(C, "ref", 40));
        assertThat(founded).isEqualTo(new Step.Found(GROUP, List.of(member(A), member(B), member(C)), "ref", 41));
    }

    @Test
    void stateOfTwoClustersOfTheReferenceFoundsNothing() {
        Step step = next(inheriting(A, "x", 1), inheriting(B, "y", 2), inheriting(C, "x", 3));
        assertThat(reason(step)).contains("x=[" + A.http() + ", " + C.http() + "]").contains("y=[" + B.http() + "]");
    }
}
