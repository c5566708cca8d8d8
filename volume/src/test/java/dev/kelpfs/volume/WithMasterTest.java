package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.volume.heartbeat.FakeMaster;
import dev.kelpfs.volume.location.ReadMode;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.VolumeShortInformationMessage;
import dev.kelpfs.wire.volume.PingRequest;
import dev.kelpfs.wire.volume.VolumeDeleteRequest;
import dev.kelpfs.wire.volume.VolumeMarkReadonlyRequest;
import dev.kelpfs.wire.volume.VolumeMarkWritableRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A volume server and the master that it talks to. */
@ExtendWith(TestDirectories.class)
class WithMasterTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String FILE = "/3,01637037d6";
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final long SIZE_LIMIT = 1L << 30;

    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final RpcRuntime runtime = RpcRuntime.start(1, handlers);
    private FakeMaster master;

    @BeforeEach
    void startMaster() throws IOException {
        master = FakeMaster.start(runtime, 0, FakeMaster.accepting(SIZE_LIMIT));
    }

    @AfterEach
    void stopMaster() {
        master.close();
        runtime.close();
        handlers.shutdownNow();
    }

    private RunningServer start(TestDirectory directory, ReadMode mode) throws Exception {
        RunningServer server = RunningServer.start(directory.path(), config -> config
                .withMasters(List.of(master.address()))
                .withReadMode(mode)
                .withIdentity(Identity.of("127.0.0.1").in("dc1", "rack1")));
        assertThat(master.next().hasVolumeDigest()).as("full beat").isTrue();
        assertThat(master.next().getHasNoEcShards()).as("shard beat").isTrue();
        return server;
    }

    @Test
    void announcesItselfAndItsVolumes(TestDirectory directory) throws Exception {
        try (RunningServer alone = RunningServer.start(directory.path())) {
            alone.allocate(3);
            alone.put(FILE, HELLO);
        }
        try (RunningServer server = RunningServer.start(directory.path(), config -> config
                .withMasters(List.of(master.address())).withIdentity(Identity.of("127.0.0.1").in("dc1", "rack1")))) {
            Heartbeat full = master.next();
            assertThat(full.getIp()).isEqualTo("127.0.0.1");
            assertThat(full.getPort()).isEqualTo(server.address().httpPort());
            assertThat(full.getGrpcPort()).isEqualTo(server.address().grpcPort());
            assertThat(full.getId()).isEqualTo(server.address().http());
            assertThat(full.getPublicUrl()).isEqualTo(server.address().http());
            assertThat(full.getDataCenter()).isEqualTo("dc1");
            assertThat(full.getMaxFileKey()).isEqualTo(1);
            assertThat(full.getMaxVolumeCountsMap()).containsEntry("", 8);
            assertThat(full.getLocationUuidsList()).hasSize(1);
            assertThat(full.getDiskTagsList()).hasSize(1);
            assertThat(full.getVolumesList()).singleElement().satisfies(volume -> {
                assertThat(volume.getId()).isEqualTo(3);
                assertThat(volume.getFileCount()).isEqualTo(1);
                assertThat(volume.getVersion()).isEqualTo(3);
                assertThat(volume.getSize()).isGreaterThan(8);
            });
            assertThat(full.getVolumeDigest()).isNotZero();
        }
    }

    @Test
    void aLeaderOfAnotherClusterIsRefusedAndItsStatusSaysSo(TestDirectory directory) throws Exception {
        Files.writeString(directory.path().resolve(".kelp-masters"), "cluster a\n");
        master.says("b", master.address(), master.address());
        try (RunningServer server = RunningServer.start(directory.path(), config -> config.withMasters(List.of(master.address())))) {
            Await.until("the status names both clusters", LIMIT, () -> {
                master.tell();
                String status = new String(server.get("/status").body(), StandardCharsets.UTF_8);
                return status.contains("\"RefusedMaster\":\"master " + master.address().http() + " leads cluster b")
                        && status.contains("belongs to cluster a") && status.contains(".kelp-masters");
            });
            master.tell();
            assertThat(new String(server.get("/ui/index.html").body(), StandardCharsets.UTF_8)).contains("Refused: ").contains("cluster b");
            assertThat(server.get("/readyz").statusCode()).as("health is a local matter").isEqualTo(200);
            assertThat(master.beats()).isZero();
        }
    }

    @Test
    void namesVolumesThatItDoesNotServeAndMakesNoneOfThemAnew(TestDirectory directory) throws Exception {
        Path info = directory.path().resolve("5.vif");
        Files.writeString(info, "{\"files\":[{\"backendType\":\"s3\",\"key\":\"k\"}]}");
        try (RunningServer server = RunningServer.start(directory.path(), config -> config.withMasters(List.of(master.address())))) {
            assertThat(master.next().getDeletedVolumesList()).extracting(VolumeShortInformationMessage::getId).containsExactly(5);
            assertThatThrownBy(() -> server.allocate(5)).isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("volume id 5 is taken").hasMessageContaining("remote tier");
            server.allocate(6);
        }
        assertThat(info).content().contains("s3");
    }

    @Test
    void tellsOfVolumesAtOnce(TestDirectory directory) throws Exception {
        try (RunningServer server = start(directory, ReadMode.LOCAL)) {
            server.allocate(3);
            assertThat(master.next().getNewVolumesList()).singleElement().satisfies(volume -> {
                assertThat(volume.getId()).isEqualTo(3);
                assertThat(volume.getVersion()).isEqualTo(3);
            });
            server.admin().volumeMarkReadonly(VolumeMarkReadonlyRequest.newBuilder().setVolumeId(3).build());
            assertThat(master.next().getChangedVolumesList()).singleElement()
                    .satisfies(volume -> assertThat(volume.getReadOnly()).isTrue());
            server.admin().volumeDelete(VolumeDeleteRequest.newBuilder().setVolumeId(3).build());
            assertThat(master.next().getDeletedVolumesList()).singleElement()
                    .satisfies(volume -> assertThat(volume.getId()).isEqualTo(3));
        }
    }

    @Test
    void takesLeaveWhenItStops(TestDirectory directory) throws Exception {
        RunningServer server = start(directory, ReadMode.LOCAL);
        server.close();

        Heartbeat farewell = master.next();
        assertThat(farewell.getHasNoVolumes()).isTrue();
        assertThat(farewell.getLocationUuidsList()).isEmpty();
        assertThat(master.nextEnd()).isEqualTo("closed");
    }

    @Test
    void servesOnWithoutItsMaster(TestDirectory directory) throws Exception {
        try (RunningServer server = start(directory, ReadMode.PROXY)) {
            server.allocate(3);
            int port = master.port();
            master.close();
            assertThat(server.put(FILE, HELLO).statusCode()).isEqualTo(201);
            assertThat(server.get(FILE).body()).isEqualTo(HELLO);
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
            Await.until("the loss is noticed", LIMIT, () -> server.get("/9,01637037d6").statusCode() == 404);
            master = FakeMaster.start(runtime, port, FakeMaster.accepting(SIZE_LIMIT));
            assertThat(master.next().getVolumesCount()).as("told anew").isEqualTo(1);
        }
    }

    @Test
    void sendsReadersToAnotherServer(TestDirectory directory) throws Exception {
        try (RunningServer server = start(directory, ReadMode.REDIRECT)) {
            master.everythingIsOn("127.0.0.2:8080");
            HttpResponse<byte[]> redirect = server.get("/9,01637037d6_1.jpg?collection=a%20b&readDeleted=true");
            assertThat(redirect.statusCode()).isEqualTo(301);
            assertThat(header(redirect, "Location"))
                    .isEqualTo("http://127.0.0.2:8080/9,01637037d6_1?collection=a+b&proxied=true");
            master.everythingIsOn(server.address().http());
            assertThat(server.get("/10,01637037d6").statusCode()).as("nobody but this server").isEqualTo(404);
        }
    }

    @Test
    void tellsTheMasterOfMarks(TestDirectory directory) throws Exception {
        try (RunningServer server = start(directory, ReadMode.LOCAL)) {
            server.allocate(3, "010", "3d");
            server.admin().volumeMarkReadonly(VolumeMarkReadonlyRequest.newBuilder().setVolumeId(3).build());
            for (int i = 0; i < 2; i++) {
                var mark = master.nextMark();
                assertThat(mark.getIp() + ":" + mark.getPort()).isEqualTo(server.address().http());
                assertThat(mark.getVolumeId()).isEqualTo(3);
                assertThat(mark.getReplicaPlacement()).isEqualTo(10);
                assertThat(mark.getTtl()).isNotZero();
                assertThat(mark.getIsReadonly()).isTrue();
            }
            server.admin().volumeMarkWritable(VolumeMarkWritableRequest.newBuilder().setVolumeId(3).build());
            assertThat(master.nextMark().getIsReadonly()).isFalse();
        }
    }

    @Test
    void pingsItsMaster(TestDirectory directory) throws Exception {
        try (RunningServer server = start(directory, ReadMode.LOCAL)) {
            PingRequest ping = PingRequest.newBuilder().setTargetType("master").setTarget(master.address().http()).build();
            assertThat(server.admin().ping(ping).getRemoteTimeNs()).isEqualTo(1);
        }
    }
}
