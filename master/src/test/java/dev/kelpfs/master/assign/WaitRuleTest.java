package dev.kelpfs.master.assign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.master.growth.Growth;
import dev.kelpfs.master.placement.Wish;
import dev.kelpfs.master.topology.LayoutKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WaitRuleTest {
    private static final WaitRule RULE = WaitRule.DEFAULT;
    private static final Duration YOUNG = Duration.ofSeconds(5);
    private static final Duration OLD = Duration.ofSeconds(10);
    private static final AssignWish WISH = new AssignWish(
            1, new LayoutKey(CollectionName.DEFAULT, ReplicaPlacement.SINGLE, Ttl.NONE, DiskType.HDD),
            Wish.anywhere(ReplicaPlacement.SINGLE), 0, 0, 0, 0);
    private static final WaitRule.Situation IMPOSSIBLE = new WaitRule.Situation.Impossible(WISH, "no rack", true);

    @Test
    void aYoungLeaderWaitsForServersNineSeconds() {
        assertThat(RULE.next(IMPOSSIBLE, YOUNG, Duration.ofSeconds(1))).isEqualTo(new WaitRule.Step.Wait(Duration.ofSeconds(8), false));
        assertThat(answer(IMPOSSIBLE, YOUNG, Duration.ofSeconds(9))).isInstanceOf(AssignOutcome.Refused.class);
    }

    @Test
    void anOldLeaderRefusesAtOnceWithTheReason() {
        assertThat(answer(IMPOSSIBLE, OLD, Duration.ZERO)).isEqualTo(new AssignOutcome.Refused(
                "failed to find writable volumes for collection: replication:000 ttl: error: no rack"));
        assertThat(answer(new WaitRule.Situation.Impossible(WISH, "no dc", false), OLD, Duration.ZERO))
                .isEqualTo(new AssignOutcome.UnknownDataCenter("no dc"));
        assertThat(answer(new WaitRule.Situation.NoSlots(WISH, "all full"), OLD, Duration.ZERO))
                .isInstanceOfSatisfying(AssignOutcome.Refused.class, refused -> assertThat(refused.reason())
                        .contains("No writable volumes and no free volumes left for {").endsWith("all full"));
    }

    @Test
    void growthUnderWayIsWaitedForTenSeconds() {
        WaitRule.Situation growing = new WaitRule.Situation.Growing(WISH, new Growth.Result.Running());
        assertThat(RULE.next(growing, OLD, Duration.ofSeconds(4))).isEqualTo(new WaitRule.Step.Wait(Duration.ofSeconds(6), false));
        assertThat(answer(growing, OLD, Duration.ofSeconds(10))).isInstanceOfSatisfying(AssignOutcome.Later.class,
                later -> assertThat(later.reason()).contains("volume growth in progress"));
    }

    @Test
    void failedGrowthIsSaidAtOnceAndMayBeTriedAgain() {
        WaitRule.Situation failed = new WaitRule.Situation.Growing(WISH, new Growth.Result.Failed("a is full"));
        assertThat(answer(failed, OLD, Duration.ZERO)).isInstanceOfSatisfying(AssignOutcome.Later.class,
                later -> assertThat(later.reason()).endsWith("a is full"));
    }

    @Test
    void whoeverNeedsASilentServerIsToldToComeAgain() {
        WaitRule.Situation hindered = new WaitRule.Situation.Hindered(WISH, "b is silent");
        assertThat(answer(hindered, OLD, Duration.ZERO)).isInstanceOfSatisfying(AssignOutcome.Later.class,
                later -> assertThat(later.reason()).endsWith("b is silent"));
        assertThat(RULE.next(hindered, YOUNG, Duration.ZERO)).isEqualTo(new WaitRule.Step.Wait(Duration.ofSeconds(9), false));
    }

    @Test
    void aYoungLeaderGrowsAgainWhenServersCame() {
        WaitRule.Situation noSlots = new WaitRule.Situation.Growing(WISH, new Growth.Result.NoSlots("full"));
        assertThat(RULE.next(noSlots, YOUNG, Duration.ZERO)).isEqualTo(new WaitRule.Step.Wait(Duration.ofSeconds(9), true));
    }

    private static AssignOutcome answer(WaitRule.Situation situation, Duration leaderAge, Duration waited) {
        return ((WaitRule.Step.Answer) RULE.next(situation, leaderAge, waited)).outcome();
    }
}
