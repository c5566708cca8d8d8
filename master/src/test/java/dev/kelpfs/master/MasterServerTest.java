package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.VolumeShortInformationMessage;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.GetMasterConfigurationRequest;
import dev.kelpfs.wire.master.GetMasterConfigurationResponse;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.VolumeGrowRequest;
import dev.kelpfs.wire.master.VolumeListRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MasterServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MemoryDisk disk = new MemoryDisk();
    private MasterHarness harness;

    @BeforeEach
    void start() throws Exception {
        harness = new MasterHarness(disk, config -> config);
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @Test
    void theVeryFirstAssignSucceedsInOneRequestAlsoWhenTheServerComesLater() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> get("/dir/assign"));
        FakeVolumeServer server = harness.connected("a", "r1", 10);
        HttpResponse<String> response = answer.get(30, TimeUnit.SECONDS);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).matches(
                "\\{\"fid\":\"\\d+,[0-9a-f]{10,}\",\"url\":\"" + server.url() + "\",\"publicUrl\":\"" + server.url() + "\",\"count\":1}");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.headers().firstValue("x-amz-request-id")).isPresent();
    }

    @Test
    void anAssignThatNeedsTwoServersWaitsForTheSecond() throws Exception {
        harness.connected("a", "r1", 10);
        CompletableFuture<AssignResponse> answer = CompletableFuture.supplyAsync(
                () -> harness.grpc().assign(AssignRequest.newBuilder().setReplication("001").build()));
        harness.connected("b", "r1", 10);
        AssignResponse response = answer.get(30, TimeUnit.SECONDS);
        assertThat(response.getReplicasCount()).isEqualTo(1);
        assertThat(Set.of(response.getLocation().getUrl(), response.getReplicas(0).getUrl())).hasSize(2);
    }

    @Test
    void growthMakesAsManyVolumesAsTheSettingsSayOrAsFit() throws Exception {
        harness.connected("a", "r1", 10);
        assign("");
        harness.awaitCopies(7);
        assign("?collection=pictures");
        harness.awaitCopies(10);
        assertThat(harness.get("/dir/status").body()).contains("\"Max\":10,\"Free\":0").contains("\"VolumeIds\":\" 1-10\"");
    }

    @Test
    void idsAreUniqueAlsoUnderManyClientsAndOverRestarts() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 10);
        Set<Long> keys = new HashSet<>();
        for (int life = 0; life < 3; life++) {
            try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
                List<CompletableFuture<List<Long>>> work = new ArrayList<>();
                for (int c = 0; c < 8; c++) {
                    work.add(CompletableFuture.supplyAsync(() -> manyKeys(50), clients));
                }
                for (CompletableFuture<List<Long>> one : work) {
                    for (long key : one.get(60, TimeUnit.SECONDS)) assertThat(keys.add(key)).as("key %s", key).isTrue();
                }
            }
            harness.awaitCopies(7);
            harness.restart();
            server.connect(harness.address());
        }
        assertThat(server.volumes).hasSize(7);
    }

    @Test
    void aReservedRangeBelongsToItsAsker() {
        connect("a");
        FileId first = FileId.parse(harness.grpc().assign(AssignRequest.newBuilder().setCount(100).build()).getFid());
        FileId second = FileId.parse(harness.grpc().assign(AssignRequest.newBuilder().setCount(1).build()).getFid());
        assertThat(second.key().bits()).isGreaterThanOrEqualTo(first.key().bits() + 100);
    }

    @Test
    void aKeyAboveTheMarkMakesKeysJump() throws Exception {
        FakeVolumeServer server = harness.server("a", "dc1", "r1", 10);
        server.connect(harness.address());
        server.send(server.full().setMaxFileKey(5_000_000));
        server.awaitAnswer();
        Await.until("keys lie above what was seen", PATIENCE, () ->
                FileId.parse(harness.grpc().assign(AssignRequest.getDefaultInstance()).getFid()).key().bits() > 5_000_000L + (1L << 32));
    }

    @Test
    void anIdOfWhichAServerHasFilesThatItDoesNotServeIsNotGivenOut() throws Exception {
        FakeVolumeServer server = harness.server("a", "dc1", "r1", 10);
        server.connect(harness.address());
        server.send(server.full().addDeletedVolumes(VolumeShortInformationMessage.newBuilder().setId(7)));
        server.awaitAnswer();
        // Growth waits for a while, as there may be more servers of that cluster.
        Await.until("a volume was made", PATIENCE, () -> assign("").statusCode() == 200);
        assertThat(server.volumes.keySet()).allMatch(id -> id > 7);
    }

    @Test
    void volumesOfAnEndedStreamAreNeitherFoundNorAssigned() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 10);
        assign("");
        assertThat(harness.get("/dir/lookup?volumeId=1").body())
                .isEqualTo("{\"volumeOrFileId\":\"1\",\"locations\":[{\"url\":\""
                + server.url() + "\",\"publicUrl\":\"" + server.url() + "\",\"dataCenter\":\"dc1\",\"grpcPort\":"
                + server.full().getGrpcPort() + "}]}");
        server.disconnect();
        Await.until("the volume is away", PATIENCE, () -> harness.get("/dir/lookup?volumeId=1").statusCode() == 503);
        assertThat(harness.get("/dir/lookup?volumeId=1").body())
                .startsWith("{\"volumeOrFileId\":\"1\",\"error\":\"volume id 1 is on ")
                .endsWith(", and none of these is connected; start one\"}");
        LookupVolumeRequest byGrpc = LookupVolumeRequest.newBuilder().addVolumeOrFileIds("1").build();
        assertThat(harness.grpc().lookupVolume(byGrpc).getVolumeIdLocations(0).getError())
                .startsWith("volume id 1 is on ").endsWith(", and none of these is connected; start one");
        server.connect(harness.address());
        Await.until("it is back", PATIENCE, () -> harness.get("/dir/lookup?volumeId=1").statusCode() == 200);
        assertThat(assign("").statusCode()).isEqualTo(200);
    }

    @Test
    void aServerThatFailsDoesNotStallGrowthAndLeavesNoHalfVolume() throws Exception {
        FakeVolumeServer good = harness.connected("good", "r1", 100);
        FakeVolumeServer bad = harness.connected("bad", "r1", 100);
        bad.refusesVolumes = true;
        assertThatThrownBy(() -> harness.grpc().assign(AssignRequest.newBuilder().setReplication("001").build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, failed -> {
                    assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                    assertThat(failed.getStatus().getDescription()).contains("disk of bad is full");
                });
        assertThat(good.volumes).isEmpty();
        assertThat(assign("").statusCode()).isEqualTo(200);
    }

    @Test
    void badOptionsAreRefusedWithTheReason() throws Exception {
        harness.connected("a", "r1", 10);
        assertThat(assign("?replication=abc").body()).startsWith("{\"error\":\"unexpected replication type: abc");
        assertThat(assign("?replication=abc").statusCode()).isEqualTo(406);
        assertThat(assign("?ttl=3x").statusCode()).isEqualTo(406);
        assertThat(assign("?count=18446744073709551615").statusCode()).isEqualTo(406);
        for (String hostile : List.of("..", ".", "a%2Fb", "..%5Cb", "a%00b", "a%0Ab", "%E4%BD%A0".repeat(67), "x".repeat(60_000))) {
            HttpResponse<String> refused = assign("?collection=" + hostile);
            assertThat(refused.statusCode()).as(hostile).isEqualTo(406);
            assertThat(refused.body()).as(hostile).startsWith("{\"error\":\"").contains("collection name").hasSizeLessThan(300);
        }
        assertThatThrownBy(() -> harness.grpc().assign(AssignRequest.newBuilder().setCollection("x".repeat(1 << 20)).build()))
                .hasMessageContaining("collection names have at most").message().hasSizeLessThan(300);
        assertThat(assign("?count=abc").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> harness.grpc().assign(AssignRequest.newBuilder().setTtl("x").build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class,
                        failed -> assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN));
    }

    @Test
    void formsWinOverTheQueryAndPrettyIndents() throws Exception {
        harness.connected("a", "r1", 20);
        assertThat(harness.postForm("/dir/assign?replication=abc", "replication=000&count=2").body()).endsWith("\"count\":2}");
        assertThat(harness.get("/dir/lookup?volumeId=99&pretty=y").body())
                .isEqualTo("{\n  \"volumeOrFileId\": \"99\",\n  \"error\": \"volume id 99 not found\"\n}");
    }

    @Test
    void statusAndUnknownPaths() throws Exception {
        assertThat(harness.get("/dir/status").body())
                .startsWith("{\"Topology\":{\"Max\":0,\"Free\":0,\"DataCenters\":null,\"Layouts\":null},\"TopologyId\":\"");
        assertThat(harness.get("/vol/status").body()).endsWith("\"Volumes\":{\"Max\":0,\"Free\":0,\"DataCenters\":{}}}");
        assertThat(harness.get("/cluster/status").body())
                .matches("\\{\"IsLeader\":true,\"Leader\":\"" + harness.address().withBothPorts()
                        + "\",\"Term\":[0-9]+,\"LeadsForSeconds\":[0-9]+}");
        assertThat(harness.get("/cluster/status").headers().firstValue("x-amz-request-id")).isEmpty();
        assertThat(harness.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(harness.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(harness.get("/").body()).contains("Kelp master");
        assertThat(harness.get("/no/such").statusCode()).isEqualTo(404);
        assertThat(harness.get("/no/such").body().strip()).isEqualTo("404 page not found");
        assertThat(harness.get("/metrics").body()).isEqualTo("{\"error\":\"volume id metrics not found: Unknown volume id metrics\"}");
    }

    @Test
    void thePageNamesServersThatAreDown() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 10);
        assign("");
        assertThat(harness.get("/").body()).contains(server.url()).doesNotContain("that are down");
        server.disconnect();
        Await.until("it is down", Duration.ofSeconds(60), () -> harness.get("/").body().contains("Volume servers that are down"));
        assertThat(harness.get("/").body()).containsPattern("<td>" + server.url() + "</td><td>[1-9]");
    }

    @Test
    void aFileIdIsRedirectedToItsServer() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 10);
        assign("");
        HttpResponse<String> answer = harness.get("/1,01637037d6.jpg?width=10");
        assertThat(answer.statusCode()).isEqualTo(308);
        assertThat(answer.headers().firstValue("Location")).contains("http://" + server.url() + "/1,01637037d6.jpg?width=10");
    }

    @Test
    void growByNameSaysHowManyCopiesWereMade() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 5);
        assertThat(harness.get("/vol/grow?count=3").body()).isEqualTo("{\"count\":3}");
        assertThat(server.volumes).hasSize(3);
        assertThat(harness.get("/vol/grow?count=3").statusCode()).isEqualTo(406);
        assertThat(harness.get("/vol/grow?count=3").body()).contains("only 2 volumes left, not enough for 3");
        assertThat(harness.get("/vol/grow?count=x").body()).contains("can not parse parameter count x");
    }

    @Test
    void growthOverGrpcIsForWhatFits() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 5);
        harness.grpc().volumeGrow(VolumeGrowRequest.newBuilder().setCollection("c").setWritableVolumeCount(3).build());
        assertThat(server.volumes).hasSize(3);
        assertThatThrownBy(() -> harness.grpc().volumeGrow(VolumeGrowRequest.newBuilder().setWritableVolumeCount(9).build()))
                .hasMessageContaining("free slot");
        assertThatThrownBy(() -> harness.grpc().volumeGrow(VolumeGrowRequest.newBuilder().setReplication("abc").build()))
                .hasMessageContaining("unexpected replication type: abc");
        assertThatThrownBy(() -> harness.grpc().volumeGrow(VolumeGrowRequest.newBuilder().setReplication("010").build()))
                .hasMessageContaining("replication 010 needs 2 racks, 1 is known");
    }

    @Test
    void volumeServersLearnTheSettingsAndWhoLeads() {
        GetMasterConfigurationResponse known = harness.grpc().getMasterConfiguration(GetMasterConfigurationRequest.getDefaultInstance());
        assertThat(known.getVolumeSizeLimitMB()).isEqualTo(1024);
        assertThat(known.getDefaultReplication()).isEqualTo("000");
        assertThat(known.getVolumePreallocate()).isFalse();
        assertThat(ServerAddress.parse(known.getLeader())).isEqualTo(harness.address());
    }

    @Test
    void lookupsOverGrpcAnswerInOrder() {
        connect("a");
        String fid = harness.grpc().assign(AssignRequest.getDefaultInstance()).getFid();
        var answer = harness.grpc().lookupVolume(
                LookupVolumeRequest.newBuilder().addVolumeOrFileIds(fid).addVolumeOrFileIds("999").addVolumeOrFileIds("x").build());
        assertThat(answer.getVolumeIdLocations(0).getVolumeOrFileId()).isEqualTo(FileId.parse(fid).volume().toString());
        assertThat(answer.getVolumeIdLocations(0).getLocationsCount()).isEqualTo(1);
        assertThat(answer.getVolumeIdLocations(1).getError()).isEqualTo("volume id 999 not found");
        assertThat(answer.getVolumeIdLocations(2).getError()).isEqualTo("Unknown volume id x");
    }

    @Test
    void volumeListShowsTheTreeWithItsSums() throws Exception {
        harness.connected("a", "r1", 10);
        assign("");
        harness.awaitCopies(7);
        var tree = harness.grpc().volumeList(VolumeListRequest.newBuilder().setVolumeId(3).build()).getTopologyInfo();
        assertThat(tree.getDiskInfosOrThrow("").getVolumeCount()).isEqualTo(7);
        assertThat(tree.getDiskInfosOrThrow("").getFreeVolumeCount()).isEqualTo(3);
        var disk = tree.getDataCenterInfos(0).getRackInfos(0).getDataNodeInfos(0).getDiskInfosOrThrow("");
        assertThat(disk.getVolumeInfosList()).hasSize(1);
        assertThat(disk.getVolumeInfos(0).getId()).isEqualTo(3);
    }

    private List<Long> manyKeys(int count) {
        List<Long> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(FileId.parse(harness.grpc().assign(AssignRequest.getDefaultInstance()).getFid()).key().bits());
        }
        return keys;
    }

    private void connect(String id) {
        try {
            harness.connected(id, "r1", 20);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private HttpResponse<String> assign(String query) throws Exception {
        return harness.get("/dir/assign" + query);
    }

    private HttpResponse<String> get(String target) {
        try {
            return harness.get(target);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }
}
