package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.http.HttpRuntime;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.GetMasterConfigurationRequest;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse;
import dev.kelpfs.wire.master.RaftListClusterServersRequest;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.SeaweedGrpc.SeaweedBlockingStub;
import io.grpc.StatusRuntimeException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDirectories.class)
class MirrorServerTest {
    private static final String HOST = "127.0.0.1";

    private final Ticker ticker = Ticker.system();
    private final HttpRuntime http = HttpRuntime.start(1, InstantSource.system(), ticker);
    private final HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    @AfterEach
    void close() {
        client.close();
        http.close();
    }

    private MirrorServer follower(ThreeMasters masters) throws IOException {
        List<ServerAddress> all = List.of(masters.address(0), masters.address(1), masters.address(2));
        return MirrorServer.start(new MirrorConfig(MasterListeners.anywhere(HOST), HOST, all, MasterSecurity.OPEN),
                new MasterEnvironment(InstantSource.system(), ticker, new SecureRandom(), new MemoryDisk(), http, masters.rpc,
                        new PrometheusRegistry()));
    }

    private HttpResponse<String> get(MirrorServer follower, String target) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create("http://" + follower.address().http() + target)).build(),
                BodyHandlers.ofString());
    }

    @Test
    void itAnswersLookupsBeforeDuringAndAfterALeadersDeath(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory);
                MirrorServer follower = follower(masters);
                RpcChannels channels = new RpcChannels(masters.rpc);
                FakeVolumeServer server = new FakeVolumeServer(masters.rpc, "v1", "dc1", "r1", 20)) {
            SeaweedBlockingStub grpc = SeaweedGrpc.newBlockingStub(channels.to(follower.address()));
            assertThat(get(follower, "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(follower, "/readyz").statusCode()).isEqualTo(503);
            HttpResponse<String> early = get(follower, "/dir/lookup?volumeId=1");
            assertThat(early.statusCode()).as("nobody can say that it does not exist").isEqualTo(503);
            assertThat(early.body()).contains("does not know the volume").contains("try again");
            assertThat(early.headers().firstValue("Retry-After")).isPresent();
            assertThatThrownBy(() -> grpc.lookupVolume(ask("1"))).isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("UNAVAILABLE: raft.Server: Not current leader");

            for (int i = 0; i < 3; i++) masters.start(i, 0);
            int first = masters.connectToLeader(server);
            String fid = masters.grpc(first).assign(AssignRequest.newBuilder().setCount(1).build()).getFid();
            String volume = fid.substring(0, fid.indexOf(','));
            Await.until("its map is complete", ThreeMasters.LIMIT, () -> get(follower, "/readyz").statusCode() == 200);
            Await.until("what came later was told", ThreeMasters.LIMIT, () -> !get(follower, "/cluster/status").body()
                    .contains("\"Volumes\":0}"));
            assertFound(follower, grpc, server, volume, fid);
            assertThat(get(follower, "/dir/lookup?volumeId=4000").statusCode()).as("the masters said so").isEqualTo(404);
            assertThat(get(follower, "/4000,01637037d6").statusCode()).isEqualTo(404);
            assertThat(grpc.lookupVolume(ask("4000")).getVolumeIdLocations(0).getError()).contains("not found");
            assertThat(get(follower, "/dir/lookup?volumeId=pictures").statusCode()).isEqualTo(404);

            assertThat(get(follower, "/dir/assign").statusCode()).isEqualTo(406);
            assertThat(get(follower, "/dir/assign").body()).contains("master.follower").contains(masters.address(first).http());
            assertThat(get(follower, "/").body()).contains("no vote").contains(masters.address(first).http());
            assertThatThrownBy(() -> grpc.assign(AssignRequest.getDefaultInstance())).hasMessageContaining("Not current leader");
            assertThat(grpc.getMasterConfiguration(GetMasterConfigurationRequest.getDefaultInstance()).getLeader())
                    .as("so that clients find the leader").isEqualTo(masters.address(first).withBothPorts());
            assertThat(masters.grpc(first).raftListClusterServers(RaftListClusterServersRequest.getDefaultInstance())
                    .getClusterServersList()).as("it is no member").hasSize(3)
                    .noneMatch(member -> member.getId().startsWith(follower.address().http()));

            masters.stop(first);
            assertFound(follower, grpc, server, volume, fid);
            int second = masters.leader();
            assertFound(follower, grpc, server, volume, fid);
            Await.until("it follows the next one", ThreeMasters.LIMIT, () -> get(follower, "/cluster/status").body()
                    .contains("\"Leader\":\"" + masters.address(second).withBothPorts() + "\""));
            assertThat(get(follower, "/dir/lookup?volumeId=4000").statusCode()).isEqualTo(404);

            for (int i = 0; i < 3; i++) masters.stop(i);
            assertFound(follower, grpc, server, volume, fid);
            assertThat(get(follower, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(follower, "/dir/lookup?volumeId=4000").statusCode()).isEqualTo(503);
            assertThat(get(follower, "/4000,01637037d6").statusCode()).isEqualTo(503);
        }
    }

    private void assertFound(MirrorServer follower, SeaweedBlockingStub grpc, FakeVolumeServer server, String volume, String fid)
            throws Exception {
        HttpResponse<String> answer = get(follower, "/dir/lookup?volumeId=" + volume);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"url\":\"" + server.url() + "\"");
        HttpResponse<String> redirect = get(follower, "/" + fid + "?width=1");
        assertThat(redirect.statusCode()).isEqualTo(308);
        assertThat(redirect.headers().firstValue("Location").orElse("")).endsWith("/" + fid + "?width=1");
        LookupVolumeResponse both = grpc.lookupVolume(LookupVolumeRequest.newBuilder()
                .addVolumeOrFileIds(fid).addVolumeOrFileIds("nonsense").build());
        assertThat(both.getVolumeIdLocations(0).getVolumeOrFileId()).isEqualTo(volume);
        assertThat(both.getVolumeIdLocations(0).getLocations(0).getUrl()).isEqualTo(server.url());
        assertThat(both.getVolumeIdLocations(1).getError()).contains("Unknown volume id");
    }

    private static LookupVolumeRequest ask(String volume) {
        return LookupVolumeRequest.newBuilder().addVolumeOrFileIds(volume).build();
    }
}
