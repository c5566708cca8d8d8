package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse.VolumeIdLocation;
import dev.kelpfs.wire.master.VolumeEcShardInformationMessage;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What administrators ask of a master over HTTP, and what it answers to what makes no sense. */
class HttpAdministrationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private MasterHarness harness;

    @BeforeEach
    void start() throws Exception {
        harness = new MasterHarness();
    }

    @AfterEach
    void stop() {
        harness.close();
    }

    @Test
    void aCollectionIsDeletedOnlyUnderItsName() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 30);
        assertThat(harness.get("/dir/assign").statusCode()).isEqualTo(200);
        assertThat(harness.get("/dir/assign?collection=pictures").statusCode()).isEqualTo(200);
        harness.awaitCopies(14);
        assertThat(harness.get("/col/delete").statusCode()).isEqualTo(400);
        assertThat(harness.get("/col/delete?collection=").body()).startsWith("{\"error\":\"collection is required");
        HttpResponse<String> unknown = harness.get("/col/delete?collection=x");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).isEqualTo("{\"error\":\"collection x does not exist\"}");
        assertThat(server.volumes).hasSize(14);
        HttpResponse<String> deleted = harness.postForm("/col/delete", "collection=pictures");
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertThat(server.volumes).hasSize(7);
        assertThat(harness.get("/collection/info?collection=pictures").statusCode()).isEqualTo(400);
    }

    @Test
    void aServerThatDoesNotDeleteIsAnError() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 30);
        harness.get("/dir/assign?collection=pictures");
        server.refusesDeletions = true;
        HttpResponse<String> answer = harness.get("/col/delete?collection=pictures");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("a deletes nothing").contains("not wholly deleted");
    }

    @Test
    void vacuumAnswersWithTheTopologyWhenItIsDone() throws Exception {
        FakeVolumeServer server = harness.server("a", "dc1", "r1", 20);
        server.holds(VolumeInformationMessage.newBuilder().setId(1).setVersion(3).setSize(1000).setDeletedByteCount(250).setDeleteCount(1));
        server.join(harness.address());
        assertThat(harness.get("/vol/vacuum").body()).startsWith("{\"Topology\":");
        assertThat(server.calls).isEmpty();
        assertThat(harness.get("/vol/vacuum?garbageThreshold=0.2").statusCode()).isEqualTo(200);
        assertThat(server.calls).containsExactly("compact 1", "commit 1");
        HttpResponse<String> unreadable = harness.get("/vol/vacuum?garbageThreshold=much");
        assertThat(unreadable.statusCode()).isEqualTo(406);
        assertThat(unreadable.body()).isEqualTo("{\"error\":\"garbageThreshold much is not a valid float number\"}");
        assertThat(harness.get("/vol/vacuum?garbageThreshold=30").statusCode()).isEqualTo(406);
        assertThat(harness.get("/vol/vacuum?garbageThreshold=NaN").statusCode()).isEqualTo(406);
    }

    @Test
    void aVolumeWhoseServersAreAwayIsNotUnknown() throws Exception {
        FakeVolumeServer server = harness.server("a", "dc1", "r1", 20);
        server.holds(VolumeInformationMessage.newBuilder().setId(3).setVersion(3).setCollection("pics"));
        server.connect(harness.address());
        Await.until("the volume is found", PATIENCE, () -> harness.get("/dir/lookup?volumeId=3").statusCode() == 200);
        assertThat(harness.get("/dir/lookup?volumeId=3&collection=other").statusCode()).isEqualTo(404);
        Await.until("the registry holds it", PATIENCE, () -> harness.get("/dir/status").body().contains("\"writables\":[3]"));

        server.disconnect();
        Await.until("the server is gone", PATIENCE, () -> harness.get("/dir/lookup?volumeId=3").statusCode() != 200);
        HttpResponse<String> away = harness.get("/dir/lookup?volumeId=3");
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(away.body()).contains("volume id 3 is on", "none of these is connected");
        assertThat(harness.get("/3,01637037d6").statusCode()).isEqualTo(503);
        assertThat(harness.get("/dir/lookup?volumeId=4").statusCode()).isEqualTo(404);

        // Clients of the reference read "not found" as "deleted"; an id of a volume that is not there is told beside.
        List<VolumeIdLocation> entries = harness.grpc().lookupVolume(LookupVolumeRequest.newBuilder()
                .addVolumeOrFileIds("3,01637037d6").addVolumeOrFileIds("4").build()).getVolumeIdLocationsList();
        assertThat(entries).extracting(VolumeIdLocation::getVolumeOrFileId).containsExactly("3", "4");
        assertThat(entries.get(0).getError()).contains("volume id 3 is on", "none of these is connected").doesNotContain("not found");
        assertThat(entries.get(1).getError()).isEqualTo("volume id 4 not found");
    }

    @Test
    void erasureCodedVolumesAreFoundOneServerForEachShard() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 10);
        server.send(Heartbeat.newBuilder().addEcShards(VolumeEcShardInformationMessage.newBuilder()
                .setId(7).setCollection("old").setEcIndexBits(0b101)));
        Await.until("the shards are found", PATIENCE, () -> harness.get("/dir/lookup?volumeId=7").statusCode() == 200);
        String location = "{\"url\":\"" + server.url() + "\",\"publicUrl\":\"" + server.url() + "\",\"dataCenter\":\"dc1\",\"grpcPort\":"
                + server.full().getGrpcPort() + "}";
        assertThat(harness.get("/dir/lookup?volumeId=7").body())
                .isEqualTo("{\"volumeOrFileId\":\"7\",\"locations\":[" + location + "," + location + "]}");
        assertThat(harness.get("/dir/lookup?volumeId=7&collection=old").statusCode()).isEqualTo(200);
        assertThat(harness.get("/dir/lookup?volumeId=7&collection=new").statusCode()).isEqualTo(404);
        assertThat(harness.get("/7,01637037d6").statusCode()).isEqualTo(308);
        server.send(Heartbeat.newBuilder().addDeletedEcShards(VolumeEcShardInformationMessage.newBuilder()
                .setId(7).setCollection("old").setEcIndexBits(0b001)));
        Await.until("one shard is gone", PATIENCE, () -> !harness.get("/dir/lookup?volumeId=7").body().contains(location + ","));
        server.disconnect();
        Await.until("the server is gone", PATIENCE, () -> harness.get("/dir/lookup?volumeId=7").statusCode() == 404);
    }

    @Test
    void parametersMayComeInAFormOfEitherKind() throws Exception {
        harness.connected("a", "r1", 20);
        String form = "--x\r\nContent-Disposition: form-data; name=\"count\"\r\n\r\n3\r\n"
                + "--x\r\nContent-Disposition: form-data; name=\"replication\"\r\n\r\n000\r\n--x--\r\n";
        HttpResponse<String> answer = harness.send(HttpRequest.newBuilder(harness.uri("/dir/assign?replication=abc"))
                .header("Content-Type", "multipart/form-data; boundary=x").POST(BodyPublishers.ofString(form)));
        assertThat(answer.body()).endsWith("\"count\":3}");
        HttpResponse<String> torn = harness.send(HttpRequest.newBuilder(harness.uri("/dir/assign"))
                .header("Content-Type", "multipart/form-data; boundary=x").POST(BodyPublishers.ofString("--x\r\nContent")));
        assertThat(torn.statusCode()).isEqualTo(400);
        assertThat(torn.body()).contains("malformed form");
    }

    @Test
    void whatMakesNoSenseIsRefusedWithTheReason() throws Exception {
        harness.connected("a", "r1", 20);
        assertRefused("/dir/assign?preallocate=-1", "preallocate must not be negative");
        assertRefused("/dir/assign?preallocate=x", "parameter preallocate must be a number, got \\\"x\\\"");
        assertRefused("/dir/assign?memoryMapMaxSizeMb=4294967296", "memoryMapMaxSizeMb must be 0 to 4294967295");
        assertRefused("/dir/assign?replication=00x", "unexpected replication type: 00x");
        assertRefused("/dir/assign?replication=0000", "unexpected replication type: 0000");
        assertRefused("/dir/assign?ttl=-3m", "ttl");
        assertRefused("/dir/assign?ttl=300y", "ttl");
        assertRefused("/dir/assign?collection=a/b", "collection");
        assertRefused("/vol/grow?count=-1", "can not parse parameter count -1");
        assertRefused("/vol/grow", "can not parse parameter count");
        assertThat(harness.get("/vol/grow?count=0").body()).isEqualTo("{\"count\":0}");
    }

    @Test
    void methodsThatARouteDoesNotKnow() throws Exception {
        HttpResponse<String> status = harness.postForm("/cluster/status", "a=b");
        assertThat(status.statusCode()).isEqualTo(405);
        assertThat(status.body()).isEmpty();
        assertThat(status.headers().firstValue("Allow")).contains("GET, HEAD");
        assertThat(harness.get("/submit").headers().firstValue("Allow")).contains("POST");
        assertThat(harness.postForm("/healthz", "a=b").body())
                .isEqualTo("{\"error\":\"volume id healthz not found: Unknown volume id healthz\"}");
        assertThat(harness.get("/submit").statusCode()).isEqualTo(405);
        assertThat(harness.get("/submit").body()).isEqualTo("{\"error\":\"Only submit via POST!\"}");
        assertThat(harness.get("/favicon.ico").headers().firstValue("Content-Type")).contains("image/svg+xml");
    }

    @Test
    void aLookupOfNothingSaysWhatToGive() throws Exception {
        for (String target : List.of("/dir/lookup", "/dir/lookup?fileId=3/01637037d6")) {
            HttpResponse<String> answer = harness.get(target);
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).isEqualTo(
                    "{\"error\":\"Unknown volume id ; give volumeId=3 or fileId=3,01637037d6, with the comma\"}");
        }
    }

    @Test
    void anIdOfMoreThan32BitsIsNotThatOfAnotherVolume() throws Exception {
        harness.connected("a", "r1", 20);
        assertThat(harness.get("/dir/assign").statusCode()).isEqualTo(200);
        assertThat(harness.get("/dir/lookup?volumeId=1").statusCode()).isEqualTo(200);
        String cutTo1 = Long.toString((1L << 32) + 1);
        assertThat(harness.get("/dir/lookup?volumeId=" + cutTo1).body())
                .isEqualTo("{\"volumeOrFileId\":\"" + cutTo1 + "\",\"error\":\"Unknown volume id " + cutTo1 + "\"}");
        assertThat(harness.get("/" + cutTo1 + ",01637037d6").statusCode()).isEqualTo(404);
        assertThat(harness.grpc().lookupVolume(LookupVolumeRequest.newBuilder().addVolumeOrFileIds(cutTo1).build())
                .getVolumeIdLocations(0).getError()).isEqualTo("Unknown volume id " + cutTo1);
    }

    @Test
    void aFormIsOneHoweverItsTypeIsWritten() throws Exception {
        harness.connected("a", "r1", 20);
        HttpResponse<String> answer = harness.send(HttpRequest.newBuilder(harness.uri("/dir/assign"))
                .header("Content-Type", "Application/X-WWW-Form-Urlencoded").POST(BodyPublishers.ofString("replication=abc")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(406);
    }

    private void assertRefused(String target, String reason) throws Exception {
        HttpResponse<String> answer = harness.get(target);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(406);
        assertThat(answer.body()).startsWith("{\"error\":\"").contains(reason);
    }
}
