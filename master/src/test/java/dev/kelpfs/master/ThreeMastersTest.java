package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.RaftLeadershipTransferRequest;
import dev.kelpfs.wire.master.RaftListClusterServersRequest;
import dev.kelpfs.wire.master.RaftListClusterServersResponse.ClusterServers;
import dev.kelpfs.wire.master.RaftRemoveServerRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDirectories.class)
class ThreeMastersTest {
    private final Set<String> ids = new HashSet<>();

    @Test
    void theyFoundAnswerHandOverAndTakeBack(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory);
                FakeVolumeServer server = new FakeVolumeServer(masters.rpc, "v1", "dc1", "r1", 20)) {
            masters.start(2, 0);
            Await.until("the first one says whom it misses", ThreeMasters.LIMIT,
                    () -> masters.get(2, "/cluster/status").body().contains(masters.address(0).http()));
            assertThat(masters.get(2, "/readyz").statusCode()).isEqualTo(503);
            masters.start(0, 0);
            masters.start(1, 0);
            int first = masters.connectToLeader(server);

            for (int i = 0; i < 3; i++) assignOverHttp(masters, i);
            int follower = (first + 1) % 3;
            String fid = masters.grpc(follower).assign(AssignRequest.newBuilder().setCount(1).build()).getFid();
            assertThat(ids.add(fid)).isTrue();
            String volume = fid.substring(0, fid.indexOf(','));
            assertThat(masters.get(follower, "/dir/lookup?volumeId=" + volume).body()).contains(server.url());
            assertThat(masters.get(follower, "/dir/lookup?volumeId=4000").statusCode()).isEqualTo(404);
            assertThat(masters.post(follower, "/cluster/status").statusCode()).isEqualTo(405);
            assertThat(masters.get(follower, "/favicon.ico").headers().firstValue("Content-Type")).contains("image/svg+xml");
            assertThat(masters.grpc(follower).lookupVolume(LookupVolumeRequest.newBuilder().addVolumeOrFileIds(volume).build())
                    .getVolumeIdLocations(0).getLocations(0).getUrl()).isEqualTo(server.url());

            for (String odd : List.of("/collection/info?collection=a|b", "/dir/assign?replication=\"{^}",
                    "/vol/vacuum?garbageThreshold=%zz|", "/col/delete?collection=<\u00e4>&x=%")) {
                assertThat(rawAnswer(masters.address(follower), odd)).as(odd).isEqualTo(rawAnswer(masters.address(first), odd))
                        .startsWith("HTTP/1.1 ").doesNotStartWith("HTTP/1.1 500");
            }

            // Handed over by command, through a master that is neither the old leader nor the new one.
            int second = (first + 1) % 3;
            int third = (first + 2) % 3;
            masters.grpc(third).raftLeadershipTransfer(
                    RaftLeadershipTransferRequest.newBuilder().setTargetId(masters.address(second).http()).build());
            Await.until("the one that was named leads", ThreeMasters.LIMIT, () -> masters.leader() == second);
            // The server has no stream to it yet, and is known and written to all the same.
            assignOverHttp(masters, third);
            assertThat(masters.get(second, "/dir/lookup?volumeId=" + volume).body()).contains(server.url());
            masters.connectToLeader(server);

            masters.stop(second);
            int fourth = masters.leader();
            assertThat(fourth).isNotEqualTo(second);
            assignOverHttp(masters, fourth);
            // What is only presumed to be up is given up after a while, however slow this machine is.
            masters.connectToLeader(server);

            Await.until("the leader's page names the one that is gone", ThreeMasters.LIMIT,
                    () -> masters.get(masters.leader(), "/ui/index.html").body().contains("does not answer"));
            Await.until("its status says how far behind that one is", ThreeMasters.LIMIT, () -> {
                int leader = masters.leader();
                String status = masters.get(leader, "/cluster/status").body();
                return status.contains("{\"Address\":\"" + masters.address(leader).http() + "\",\"Leads\":true,\"EntriesBehind\":0}")
                        && status.matches(".*\\{\"Address\":\"" + masters.address(second).http() + "\",\"EntriesBehind\":[1-9].*");
            });

            // Its directory is lost: it is taken back under another incarnation, and the other two still are what they were.
            masters.start(second, 1);
            Await.until("it is a member again", ThreeMasters.LIMIT, () -> masters.get(second, "/readyz").statusCode() == 200
                    && !masters.get(second, "/cluster/status").body().contains("WaitsFor"));
            assertThat(members(masters, second)).hasSize(3);
            Await.until("no master is behind", ThreeMasters.LIMIT, () -> {
                int leader = masters.leader();
                String status = masters.get(leader, "/cluster/status").body();
                return status.split("\"EntriesBehind\":0,\"SilentMillis\"", -1).length == 3
                        && !masters.get(leader, "/ui/index.html").body().contains("does not answer");
            });
            assignOverHttp(masters, second);
            assertThat(masters.get(second, "/dir/lookup?volumeId=" + volume).body()).contains(server.url());

            ServerAddress leaver = masters.address(second);
            masters.grpc(fourth).raftRemoveServer(RaftRemoveServerRequest.newBuilder().setId(leaver.http()).build());
            assertThat(members(masters, fourth)).hasSize(2).extracting(ClusterServers::getId).doesNotContain(leaver.withBothPorts());
            assertThatThrownBy(() -> masters.grpc(fourth).raftRemoveServer(
                    RaftRemoveServerRequest.newBuilder().setId(leaver.http()).build()))
                    .isInstanceOf(StatusRuntimeException.class).hasMessageContaining("is no member");
        }
    }

    /** Status line and body of a request as it stands here; other clients encode it. */
    private static String rawAnswer(ServerAddress master, String target) throws IOException {
        try (Socket socket = new Socket(master.host(), master.httpPort())) {
            String head = "GET " + target + " HTTP/1.1\r\nHost: " + master.http() + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(0, answer.indexOf('\r')) + answer.substring(answer.indexOf("\r\n\r\n"));
        }
    }

    private void assignOverHttp(ThreeMasters masters, int index) throws Exception {
        String body = Await.value("master " + index + " assigns", ThreeMasters.LIMIT, () -> {
            var answer = masters.get(index, "/dir/assign");
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.<String>empty();
        });
        assertThat(ids.add(body.replaceAll(".*\"fid\":\"([^\"]+)\".*", "$1"))).isTrue();
    }

    private static List<ClusterServers> members(ThreeMasters masters, int index) {
        return masters.grpc(index).raftListClusterServers(RaftListClusterServersRequest.getDefaultInstance()).getClusterServersList();
    }
}
