package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.header;
import static dev.kelpfs.volume.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.DiskType;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import dev.kelpfs.wire.volume.BatchDeleteRequest;
import dev.kelpfs.wire.volume.DeleteCollectionRequest;
import dev.kelpfs.wire.volume.DeleteResult;
import dev.kelpfs.wire.volume.GetStateRequest;
import dev.kelpfs.wire.volume.PingRequest;
import dev.kelpfs.wire.volume.PingResponse;
import dev.kelpfs.wire.volume.VolumeDeleteRequest;
import dev.kelpfs.wire.volume.VolumeMarkReadonlyRequest;
import dev.kelpfs.wire.volume.VolumeMarkWritableRequest;
import dev.kelpfs.wire.volume.VolumeMountRequest;
import dev.kelpfs.wire.volume.VolumeServerLeaveRequest;
import dev.kelpfs.wire.volume.VolumeServerStatusRequest;
import dev.kelpfs.wire.volume.VolumeServerStatusResponse;
import dev.kelpfs.wire.volume.VolumeStatusRequest;
import dev.kelpfs.wire.volume.VolumeStatusResponse;
import dev.kelpfs.wire.volume.VolumeUnmountRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

@ExtendWith(TestDirectories.class)
class AdministrationTest {
    private static final String FILE = "/3,01637037d6";
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    private RunningServer server;

    @BeforeEach
    void start(TestDirectory directory) throws IOException {
        server = RunningServer.start(directory.path());
        server.allocate(3);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aVolumeComesAndGoes() throws Exception {
        assertThat(status().getFileCount()).isZero();
        assertThatThrownBy(() -> server.allocate(3)).hasMessageContaining("already exists");
        server.put(FILE, HELLO);
        assertThat(status().getFileCount()).isEqualTo(1);

        server.admin().volumeUnmount(VolumeUnmountRequest.newBuilder().setVolumeId(3).build());
        server.admin().volumeUnmount(VolumeUnmountRequest.newBuilder().setVolumeId(3).build());
        assertThat(server.get(FILE).statusCode()).isEqualTo(404);
        server.admin().volumeMount(VolumeMountRequest.newBuilder().setVolumeId(3).build());
        assertThat(server.get(FILE).body()).isEqualTo(HELLO);
        assertThatThrownBy(() -> server.admin().volumeMount(VolumeMountRequest.newBuilder().setVolumeId(9).build()))
                .hasMessageContaining("not found on disk");

        VolumeDeleteRequest deletion = VolumeDeleteRequest.newBuilder().setVolumeId(3).build();
        assertThatThrownBy(() -> server.admin().volumeDelete(deletion.toBuilder().setOnlyEmpty(true).build()))
                .hasMessageContaining("volume not empty");
        server.admin().volumeDelete(deletion);
        assertThatThrownBy(this::status).hasMessageContaining("not found volume id 3");
        assertThatThrownBy(() -> server.admin().volumeDelete(deletion)).hasMessageContaining("not found");
    }

    @Test
    void refusesVolumesThatCannotBe() {
        AllocateVolumeRequest wanted = AllocateVolumeRequest.newBuilder().setVolumeId(4).setVersion(3).build();

        assertThatThrownBy(() -> server.admin().allocateVolume(wanted.toBuilder().setVersion(0).build()))
                .hasMessageContaining("version 0 is not supported");
        assertThatThrownBy(() -> server.admin().allocateVolume(wanted.toBuilder().setReplication("x").build()))
                .hasMessageContaining("replication");
        assertThatThrownBy(() -> server.admin().allocateVolume(wanted.toBuilder().setTtl("3x").build()))
                .hasMessageContaining("ttl");
        assertThatThrownBy(() -> server.admin().allocateVolume(wanted.toBuilder().setCollection("../x").build()))
                .hasMessageContaining("collection");
        assertThatThrownBy(() -> server.admin().allocateVolume(wanted.toBuilder().setDiskType("ssd").build()))
                .hasMessageContaining("disk type");
        assertThat(server.admin().allocateVolume(wanted.toBuilder().setDiskType(DiskType.HDD.readable()).build())).isNotNull();
    }

    @Test
    void marksReadOnlyAndBack() {
        server.admin().volumeMarkReadonly(VolumeMarkReadonlyRequest.newBuilder().setVolumeId(3).setPersist(true).build());
        assertThat(status().getIsReadOnly()).isTrue();
        server.admin().volumeMarkWritable(VolumeMarkWritableRequest.newBuilder().setVolumeId(3).build());
        assertThat(status().getIsReadOnly()).isFalse();
        assertThatThrownBy(() -> server.admin().volumeMarkReadonly(
                VolumeMarkReadonlyRequest.newBuilder().setVolumeId(9).build())).hasMessageContaining("not found");
    }

    @Test
    void deletesACollection() throws Exception {
        server.admin().allocateVolume(AllocateVolumeRequest.newBuilder()
                .setVolumeId(4).setVersion(3).setCollection("pictures").build());
        DeleteCollectionRequest deletion = DeleteCollectionRequest.newBuilder().setCollection("pictures").build();
        server.admin().deleteCollection(deletion);
        server.admin().deleteCollection(deletion);

        assertThat(server.put("/4,01637037d6", HELLO).statusCode()).isEqualTo(500);
        assertThat(server.put(FILE, HELLO).statusCode()).isEqualTo(201);
    }

    @Test
    void deletesInBatches() throws Exception {
        for (int key = 1; key <= 3; key++) server.put("/3,0" + key + "637037d6", HELLO);
        server.put("/3,04637037d6?cm=true", "{}".getBytes(StandardCharsets.US_ASCII));
        List<DeleteResult> results = server.admin().batchDelete(BatchDeleteRequest.newBuilder()
                .addFileIds("nonsense").addFileIds("3,zz").addFileIds("3,01637037d6").addFileIds("3,02637037d7")
                .addFileIds("3,09637037d6").addFileIds("3,04637037d6").addFileIds("8,01637037d6").build()).getResultsList();

        assertThat(results).extracting(DeleteResult::getStatus).containsExactly(400, 400, 202, 400, 404, 406, 404);
        assertThat(results.get(2).getSize()).isPositive();
        assertThat(results.get(3).getError()).isEqualTo("File Random Cookie does not match.");
        assertThat(results.get(5).getError()).contains("ChunkManifest");
        assertThat(server.get(FILE).statusCode()).isEqualTo(404);
        List<DeleteResult> unchecked = server.admin().batchDelete(BatchDeleteRequest.newBuilder()
                .setSkipCookieCheck(true).addFileIds("3,02000000ff").addFileIds("3,02000000ff").build()).getResultsList();
        assertThat(unchecked).extracting(DeleteResult::getStatus).containsExactly(202, 304);
        assertThat(server.get("/3,03637037d6").body()).isEqualTo(HELLO);
    }

    @Test
    void tellsItsStatus() throws Exception {
        server.put(FILE, HELLO);
        VolumeServerStatusResponse message = server.admin().volumeServerStatus(VolumeServerStatusRequest.getDefaultInstance());
        assertThat(message.getDiskStatuses(0).getAll()).isPositive();
        assertThat(message.getMemoryStatus().getGoroutines()).isPositive();

        HttpResponse<byte[]> response = server.get("/status");
        JsonNode status = new ObjectMapper().readTree(response.body());
        assertThat(header(response, "Content-Type")).isEqualTo("application/json");
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(status.path("Version").asString()).startsWith("30GB 4.44 ");
        assertThat(status.path("DiskStatuses").get(0).path("free").asLong()).isPositive();
        assertThat(status.path("Volumes").get(0).path("Id").asInt()).isEqualTo(3);
        assertThat(status.path("Volumes").get(0).path("FileCount").asInt()).isEqualTo(1);
        JsonNode pretty = new ObjectMapper().readTree(server.get("/status?pretty=y").body());
        assertThat(pretty.path("Volumes")).isEqualTo(status.path("Volumes"));
        assertThat(text(server.get("/status?pretty=y"))).contains("\n  \"Volumes\": [\n    {\n      \"Id\": 3,");
        assertThat(text(server.get("/ui/index.html"))).contains("Kelp volume server");
    }

    @Test
    void isHealthyUntilItLeaves() throws Exception {
        for (String path : List.of("/healthz", "/readyz")) {
            HttpResponse<byte[]> healthy = server.get(path);
            assertThat(healthy.statusCode()).isEqualTo(200);
            assertThat(healthy.body()).isEmpty();
            assertThat(header(healthy, "Server")).startsWith("SeaweedFS Volume");
            assertThat(header(healthy, "X-Amz-Request-Id")).isNotEmpty();
        }
        server.admin().volumeServerLeave(VolumeServerLeaveRequest.getDefaultInstance());
        server.admin().volumeServerLeave(VolumeServerLeaveRequest.getDefaultInstance());
        assertThat(server.get("/healthz").statusCode()).isEqualTo(503);
        assertThat(server.put(FILE, HELLO).statusCode()).as("it goes on serving").isEqualTo(201);
    }

    @Test
    void pingsNobodyButMasters() {
        PingResponse pong = server.admin().ping(PingRequest.getDefaultInstance());
        assertThat(pong.getStopTimeNs()).isGreaterThanOrEqualTo(pong.getStartTimeNs());
        assertThat(pong.getRemoteTimeNs()).isZero();
        for (String type : List.of("master", "filer", "nonsense")) {
            assertThatThrownBy(() -> server.admin().ping(
                    PingRequest.newBuilder().setTarget("10.0.0.1:9333").setTargetType(type).build()))
                    .isInstanceOfSatisfying(StatusRuntimeException.class,
                            refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
        }
    }

    @Test
    void whatIsNotBuiltSaysSo() {
        assertThatThrownBy(() -> server.admin().getState(GetStateRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    private VolumeStatusResponse status() {
        return server.admin().volumeStatus(VolumeStatusRequest.newBuilder().setVolumeId(3).build());
    }
}
