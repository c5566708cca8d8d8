package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.FileId;
import dev.kelpfs.master.raft.RaftSettings.ElectionTimeout;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.LeaseAdminTokenRequest;
import dev.kelpfs.wire.master.LeaseAdminTokenResponse;
import dev.kelpfs.wire.master.RaftLeadershipTransferRequest;
import dev.kelpfs.wire.master.ReleaseAdminTokenRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Wall clocks of masters jump by years, each in its own direction. A process cannot be given a wrong clock without rights, so
 * the masters run in this JVM and get their clocks where they are wired.
 */
@ExtendWith(TestDirectories.class)
class ClockJumpTest {
    private static final List<Duration> JUMPS = List.of(
            Duration.ofDays(3650), Duration.ofDays(-3650), Duration.ofHours(-1), Duration.ofHours(1), Duration.ZERO);

    /** Leadership is to change by command only, however slow this machine is. */
    private static final Duration PATIENT = Duration.ofSeconds(2);

    private final Set<Long> keys = new HashSet<>();
    private final Set<Integer> volumes = new HashSet<>();

    @Test
    void nothingDependsOnThem(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory, ElectionTimeout.from(PATIENT));
                FakeVolumeServer server = new FakeVolumeServer(masters.rpc, "v1", "dc1", "r1", 200)) {
            for (int i = 0; i < 3; i++) masters.start(i, 0);
            int leader = masters.leader();
            masters.connectToLeader(server);
            assign(masters, leader, "");
            for (Duration jump : JUMPS) {
                LeaseAdminTokenResponse lease = lease(masters, leader, "holder", LeaseAdminTokenResponse.getDefaultInstance());
                masters.setClockWrong(leader, jump);
                masters.setClockWrong((leader + 1) % 3, jump.negated());
                // A lock is neither freed nor frozen; who holds it keeps it.
                assertThatThrownBy(() -> lease(masters, masters.leader(), "other", LeaseAdminTokenResponse.getDefaultInstance()))
                        .isInstanceOf(StatusRuntimeException.class).hasMessageContaining("holder");
                LeaseAdminTokenResponse kept = lease(masters, leader, "holder", lease);
                for (int i = 0; i < 3; i++) assign(masters, i, "");
                assign(masters, leader, "c" + jump.toHours());
                masters.grpc(leader).releaseAdminToken(ReleaseAdminTokenRequest.newBuilder()
                        .setLockName("shell").setPreviousToken(kept.getToken()).setPreviousLockTime(kept.getLockTsNs()).build());

                int next = (leader + 1) % 3;
                masters.grpc(leader).raftLeadershipTransfer(
                        RaftLeadershipTransferRequest.newBuilder().setTargetId(masters.address(next).http()).build());
                Await.until("the one that was named leads", ThreeMasters.LIMIT, () -> masters.leader() == next);
                masters.connectToLeader(server);
                leader = next;
                assign(masters, leader, "d" + jump.toHours());
                for (int volume : volumes) {
                    assertThat(masters.get(leader, "/dir/lookup?volumeId=" + volume).statusCode()).isEqualTo(200);
                }
            }
        }
    }

    private void assign(ThreeMasters masters, int index, String collection) throws Exception {
        FileId id = FileId.parse(Await.value("master " + index + " assigns", ThreeMasters.LIMIT, () -> {
            var answer = masters.grpc(index).assign(AssignRequest.newBuilder()
                    .setCount(1).setCollection(collection).setWritableVolumeCount(1).build());
            return answer.getError().isEmpty() ? Optional.of(answer.getFid()) : Optional.<String>empty();
        }));
        assertThat(keys.add(id.key().bits())).as("the key of %s is new", id).isTrue();
        boolean fresh = volumes.add(id.volume().bits());
        if (!collection.isEmpty()) assertThat(fresh).as("the volume of %s is new", id).isTrue();
    }

    private static LeaseAdminTokenResponse lease(ThreeMasters masters, int index, String client, LeaseAdminTokenResponse before) {
        return masters.grpc(index).leaseAdminToken(LeaseAdminTokenRequest.newBuilder()
                .setLockName("shell").setClientName(client).setMessage(client)
                .setPreviousToken(before.getToken()).setPreviousLockTime(before.getLockTsNs()).build());
    }
}
