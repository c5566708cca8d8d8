package dev.kelpfs.master.raft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.master.state.Applied;
import dev.kelpfs.master.state.Commands;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDirectories.class)
class RaftClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final UUID GROUP = new UUID(7, 7);

    @Test
    void whatWasCommittedSurvivesTheLossOfTheLeader(TestDirectory directory) throws Exception {
        List<RaftNode> nodes = cluster(directory, 3);
        try {
            RaftNode first = leader(nodes);
            assertThat(keys(first, 100)).isEqualTo(new Applied.KeysReserved(1, 100));
            assertThat(first.log.holdsLease()).isTrue();

            nodes.remove(first);
            first.vanish();
            RaftNode second = leader(nodes);
            assertThat(keys(second, 100)).isEqualTo(new Applied.KeysReserved(101, 100));
            for (RaftNode node : nodes) {
                Await.until("every master has applied it", LIMIT, () -> node.log.read(MasterState::highestKey) == 200);
            }
            first.close();
        } finally {
            closeAll(nodes);
        }
    }

    @Test
    void aLeaderWhoseProcessIsGoneIsReplacedWithoutWaitingForTheTimeout(TestDirectory directory) throws Exception {
        List<RaftNode> nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) nodes.add(new RaftNode(directory.resolve(Integer.toString(i)), "a"));
        List<Member> members = nodes.stream().map(node -> node.member).toList();
        // Only the first notices a silence; for the others it would have to last longer than this test.
        RaftSettings.ElectionTimeout patient = RaftSettings.ElectionTimeout.from(Duration.ofMinutes(10));
        try {
            RaftNode first = nodes.removeFirst();
            first.open(GROUP, members);
            for (RaftNode node : nodes) node.open(GROUP, members, patient);
            Await.until("the first leads", LIMIT, first::leads);
            assertThat(keys(first, 100)).isEqualTo(new Applied.KeysReserved(1, 100));
            for (RaftNode node : nodes) {
                Await.until("the others follow", LIMIT, () -> node.log.read(MasterState::highestKey) == 100);
            }
            first.vanish();
            assertThat(keys(leader(nodes), 100)).isEqualTo(new Applied.KeysReserved(101, 100));
            first.close();
        } finally {
            closeAll(nodes);
        }
    }

    @Test
    void aCleanStopHandsLeadershipOver(TestDirectory directory) throws Exception {
        List<RaftNode> nodes = cluster(directory, 3);
        try {
            RaftNode first = leader(nodes);
            long term = first.log.leadership().term();
            nodes.remove(first);
            first.close();
            RaftNode second = leader(nodes);
            // One election, and nobody had to notice a silence: the term grew by one.
            assertThat(second.log.leadership().term()).isEqualTo(term + 1);
        } finally {
            closeAll(nodes);
        }
    }

    @Test
    void aSingleMasterGrowsToThreeAndMayLeave(TestDirectory directory) throws Exception {
        List<RaftNode> nodes = new ArrayList<>();
        try {
            RaftNode first = new RaftNode(directory.resolve("0"), "a");
            nodes.add(first);
            first.open(GROUP, List.of(first.member));
            Await.until("a single master leads", LIMIT, first::leads);
            assertThat(keys(first, 10)).isEqualTo(new Applied.KeysReserved(1, 10));
            for (int i = 1; i < 3; i++) {
                RaftNode next = new RaftNode(directory.resolve(Integer.toString(i)), "a");
                next.open(GROUP, List.of());
                List<Member> before = first.log.members();
                List<Member> after = new ArrayList<>(before);
                after.add(next.member);
                first.log.membership().change(before, after);
                nodes.add(next);
            }
            assertThat(nodes.get(2).log.members()).hasSize(3);
            Await.until("the last one has caught up", LIMIT, () -> nodes.get(2).log.read(MasterState::highestKey) == 10);

            List<Member> before = first.log.members();
            first.log.membership().change(before, before.stream().filter(member -> !member.equals(first.member)).toList());
            List<RaftNode> rest = nodes.subList(1, 3);
            RaftNode leader = leader(rest);
            assertThat(leader).isNotSameAs(first);
            assertThat(keys(leader, 10)).isEqualTo(new Applied.KeysReserved(11, 10));
        } finally {
            closeAll(nodes);
        }
    }

    private static List<RaftNode> cluster(TestDirectory directory, int size) throws IOException {
        List<RaftNode> nodes = new ArrayList<>();
        for (int i = 0; i < size; i++) nodes.add(new RaftNode(directory.resolve(Integer.toString(i)), "a"));
        List<Member> members = nodes.stream().map(node -> node.member).toList();
        for (RaftNode node : nodes) node.open(GROUP, members);
        return nodes;
    }

    private static RaftNode leader(List<RaftNode> nodes) throws InterruptedException {
        return Await.value("one of " + nodes.size() + " masters leads", LIMIT,
                () -> nodes.stream().filter(RaftNode::leads).findFirst().map(Optional::of).orElse(Optional.empty()));
    }

    private static Applied keys(RaftNode node, long count) throws Exception {
        return node.log.propose(Commands.reserveKeys(count, 0)).get(60, TimeUnit.SECONDS);
    }

    private static void closeAll(List<RaftNode> nodes) throws IOException {
        for (RaftNode node : nodes) node.close();
    }
}
