package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.Collection;
import dev.kelpfs.wire.master.CollectionDeleteRequest;
import dev.kelpfs.wire.master.CollectionListRequest;
import dev.kelpfs.wire.master.CollectionStatistics;
import dev.kelpfs.wire.master.CollectionStatisticsRequest;
import dev.kelpfs.wire.master.DisableVacuumRequest;
import dev.kelpfs.wire.master.EnableVacuumRequest;
import dev.kelpfs.wire.master.GetAdminLockStatusRequest;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.LeaseAdminTokenRequest;
import dev.kelpfs.wire.master.LeaseAdminTokenResponse;
import dev.kelpfs.wire.master.LookupEcVolumeRequest;
import dev.kelpfs.wire.master.PingRequest;
import dev.kelpfs.wire.master.ReleaseAdminTokenRequest;
import dev.kelpfs.wire.master.StatisticsRequest;
import dev.kelpfs.wire.master.VacuumVolumeRequest;
import dev.kelpfs.wire.master.VolumeEcShardInformationMessage;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.master.VolumeListRequest;
import dev.kelpfs.wire.master.VolumeListStreamResponse;
import dev.kelpfs.wire.master.VolumeMarkReadonlyRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What administrators, the shell and volume servers ask of a master over gRPC. */
class AdministrationTest {
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
    void aCollectionIsDeletedOnAllItsServersAndForgotten() throws Exception {
        FakeVolumeServer a = harness.connected("a", "r1", 20);
        FakeVolumeServer b = harness.connected("b", "r1", 20);
        assign("pictures", "001");
        assign("", "001");
        harness.awaitCopies(24);
        assertThat(collections()).containsExactly("", "pictures");
        harness.grpc().collectionDelete(CollectionDeleteRequest.newBuilder().setName("pictures").build());
        assertThat(collections()).containsExactly("");
        assertThat(a.volumes.values()).hasSize(6).allMatch(volume -> volume.getCollection().isEmpty());
        assertThat(b.volumes.values()).hasSize(6).allMatch(volume -> volume.getCollection().isEmpty());
        harness.grpc().collectionDelete(CollectionDeleteRequest.newBuilder().setName("never heard of").build());
    }

    @Test
    void aServerThatRefusesIsNamedAndDoesNotKeepTheOthers() throws Exception {
        FakeVolumeServer good = harness.connected("good", "r1", 20);
        FakeVolumeServer bad = harness.connected("bad", "r1", 20);
        assign("pictures", "001");
        harness.awaitCopies(12);
        bad.refusesDeletions = true;
        assertFails(Status.Code.UNKNOWN, "bad deletes nothing", this::deletePictures);
        assertThat(good.volumes).isEmpty();
        assertThat(collections()).containsExactly("pictures");
        bad.refusesDeletions = false;
        deletePictures();
        assertThat(collections()).isEmpty();
    }

    @Test
    void aServerThatIsAwayKeepsItsVolumesAndThatIsSaid() throws Exception {
        FakeVolumeServer away = harness.connected("away", "r1", 20);
        assign("pictures", "000");
        harness.awaitCopies(7);
        Await.until("the registry holds its volumes", PATIENCE,
                () -> harness.get("/dir/status").body().contains("\"writables\":[1,2,3,4,5,6,7]"));
        away.disconnect();
        Await.until("it is gone", PATIENCE, () -> harness.get("/dir/status").body().contains("\"DataCenters\":null"));
        assertThat(collections()).containsExactly("pictures");
        HttpResponse<String> info = harness.get("/collection/info?collection=pictures");
        assertThat(info.statusCode()).isEqualTo(503);
        assertThat(info.body()).isEqualTo("{\"error\":\"collection pictures is on away, and none of these is connected; start one\"}");
        assertFails(Status.Code.UNKNOWN, "not connected, but holding volumes of it, is away", this::deletePictures);
        away.join(harness.address());
        deletePictures();
        assertThat(away.volumes).isEmpty();
        assertThat(collections()).isEmpty();
    }

    @Test
    void volumesWithGarbageAreVacuumedOnEveryServerThatHasSomeAndOnlyThese() throws Exception {
        FakeVolumeServer a = harness.server("a", "dc1", "r1", 20);
        FakeVolumeServer b = harness.server("b", "dc1", "r1", 20);
        a.holds(volume(1, 1).setSize(1000).setDeletedByteCount(500).setDeleteCount(5));
        b.holds(volume(1, 1).setSize(1000).setDeletedByteCount(100).setDeleteCount(1));
        a.holds(volume(2, 0).setSize(1000).setDeletedByteCount(299).setDeleteCount(5));
        a.holds(volume(3, 0).setSize(1000));
        a.holds(volume(4, 0).setSize(1000).setDeletedByteCount(900).setDeleteCount(5).setReadOnly(true));
        a.holds(volume(5, 1).setSize(1000).setDeletedByteCount(900).setDeleteCount(5));
        connect(a);
        connect(b);
        vacuum(0.3f, 0);
        assertThat(a.calls).containsExactly("compact 1", "commit 1");
        assertThat(b.calls).isEmpty();
        assertThat(sizeOf(1, "a")).isEqualTo(500);
        // One that is asked for by its id is done although it is read-only.
        vacuum(0.3f, 4);
        assertThat(a.calls).containsExactly("compact 1", "commit 1", "compact 4", "commit 4");
        assertFails(Status.Code.UNKNOWN, "1 of 2 copies are there", () -> vacuum(0.3f, 5));
        assertFails(Status.Code.UNKNOWN, "volume id 99 not found", () -> vacuum(0.3f, 99));
    }

    @Test
    void aFailedVacuumLeavesAllCopiesAndSaysWhy() throws Exception {
        FakeVolumeServer good = harness.server("good", "dc1", "r1", 20);
        FakeVolumeServer full = harness.server("full", "dc1", "r1", 20);
        good.holds(volume(1, 1).setSize(1000).setDeletedByteCount(500).setDeleteCount(5));
        full.holds(volume(1, 1).setSize(1000).setDeletedByteCount(500).setDeleteCount(5));
        full.refusesVacuum = true;
        connect(good);
        connect(full);
        assertFails(Status.Code.UNKNOWN, "no space left on full", () -> vacuum(0.3f, 0));
        assertThat(good.calls).containsExactly("compact 1", "cleanup 1");
        assertThat(full.calls).containsExactly("compact 1", "cleanup 1");
        assertThat(harness.get("/dir/assign?replication=001").statusCode()).isEqualTo(200);
    }

    @Test
    void aServerVacuumsOneVolumeAtATime() throws Exception {
        FakeVolumeServer server = harness.server("a", "dc1", "r1", 100);
        for (int id = 1; id <= 40; id++) server.holds(volume(id, 0).setSize(1000).setDeletedByteCount(500).setDeleteCount(5));
        connect(server);
        vacuum(0.3f, 0);
        assertThat(server.calls).hasSize(80);
        assertThat(server.mostCompacting.get()).isEqualTo(1);
    }

    @Test
    void aReplicaThatIsMarkedReadOnlyIsWrittenNoMore() throws Exception {
        FakeVolumeServer server = harness.server("a", "dc1", "r1", 1);
        server.holds(volume(1, 0).setSize(1000));
        connect(server);
        assign("", "000");
        mark(server, 1, true);
        assertThat(harness.get("/dir/status").body()).contains("\"writables\":null");
        assertThat(harness.get("/vol/status").body()).contains("\"ReadOnly\":true");
        mark(server, 99, true);
        mark(server, 1, false);
        assign("", "000");
    }

    @Test
    void aLockHasOneHolderWhoSaysWhatItIsDoing() {
        LeaseAdminTokenResponse lease = harness.grpc().leaseAdminToken(LeaseAdminTokenRequest.newBuilder()
                .setLockName("shell").setClientName("me").setMessage("balancing").build());
        assertFails(Status.Code.UNKNOWN, "already locked by me: balancing", () -> harness.grpc().leaseAdminToken(
                LeaseAdminTokenRequest.newBuilder().setLockName("shell").setClientName("other").build()));
        var status = harness.grpc().getAdminLockStatus(GetAdminLockStatusRequest.newBuilder().setLockName("shell").build());
        assertThat(status.getIsLocked()).isTrue();
        assertThat(status.getClientName()).isEqualTo("me");
        assertThat(status.getMessage()).isEqualTo("balancing");
        harness.grpc().releaseAdminToken(ReleaseAdminTokenRequest.newBuilder().setLockName("shell")
                .setPreviousToken(lease.getToken()).setPreviousLockTime(lease.getLockTsNs()).build());
        assertThat(harness.grpc().getAdminLockStatus(GetAdminLockStatusRequest.newBuilder().setLockName("shell").build())
                .getIsLocked()).isFalse();
    }

    @Test
    void onlyServersOfTheClusterArePingedForOthers() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 1);
        var own = harness.grpc().ping(PingRequest.getDefaultInstance());
        assertThat(own.getStartTimeNs()).isPositive().isLessThanOrEqualTo(own.getStopTimeNs());
        assertThat(own.getRemoteTimeNs()).isZero();
        assertThat(ping("volumeServer", server.url())).isEqualTo(FakeVolumeServer.PING_TIME);
        assertThat(ping("master", harness.address().http())).isPositive();
        assertFails(Status.Code.INVALID_ARGUMENT, "has no volumeServer 127.0.0.1:1", () -> ping("volumeServer", "127.0.0.1:1"));
        assertFails(Status.Code.INVALID_ARGUMENT, "has no filer " + server.url(), () -> ping("filer", server.url()));
        assertFails(Status.Code.INVALID_ARGUMENT, "has no printer x", () -> ping("printer", "x"));
    }

    @Test
    void erasureCodedVolumesAreListedCountedAndFound() throws Exception {
        FakeVolumeServer server = harness.connected("a", "r1", 10);
        server.send(Heartbeat.newBuilder().addEcShards(VolumeEcShardInformationMessage.newBuilder()
                .setId(7).setCollection("old").setEcIndexBits(0b100_0000_0011).addShardSizes(10).addShardSizes(20).addShardSizes(40)
                .setFileCount(3).setDeleteCount(1)));
        Await.until("the shards are known", PATIENCE, () -> !ecCollections().isEmpty());
        assertThat(ecCollections()).containsExactly("old");
        assertThat(collections()).isEmpty();
        assertThat(harness.grpc().collectionStatistics(CollectionStatisticsRequest.getDefaultInstance()).getCollectionsList())
                .containsExactly(CollectionStatistics.newBuilder().setCollection("old").setFileCount(3).setDeleteCount(1)
                        .setSize(30).setPhysicalSize(70).setVolumeCount(1).build());
        var usage = harness.grpc().statistics(StatisticsRequest.newBuilder().setCollection("old").build());
        assertThat(usage.getUsedSize()).isEqualTo(70);
        assertThat(usage.getFileCount()).isEqualTo(2);
        assertThat(usage.getTotalSize()).isEqualTo(10L * (1024 << 20));
        assertThat(usage.getLogicalUsedSize()).isEqualTo(30);
        var shards = harness.grpc().lookupEcVolume(LookupEcVolumeRequest.newBuilder().setVolumeId(7).build());
        assertThat(shards.getShardIdLocationsCount()).isEqualTo(32);
        assertThat(shards.getShardIdLocations(10).getLocations(0).getUrl()).isEqualTo(server.url());
        assertThat(shards.getShardIdLocations(2).getLocationsCount()).isZero();
        assertFails(Status.Code.UNKNOWN, "ec volume 8 not found",
                () -> harness.grpc().lookupEcVolume(LookupEcVolumeRequest.newBuilder().setVolumeId(8).build()));
    }

    @Test
    void aListingInPiecesShowsTheTreeFirstAndThenTheVolumesOfEachDisk() throws Exception {
        FakeVolumeServer server = harness.server("a", "dc1", "r1", 100);
        for (int id = 1; id <= 3; id++) server.holds(volume(id, 0).setSize(1000));
        connect(server);
        List<VolumeListStreamResponse> pieces = new ArrayList<>();
        harness.grpc().volumeListStream(VolumeListRequest.getDefaultInstance()).forEachRemaining(pieces::add);
        assertThat(pieces).hasSize(2);
        var tree = pieces.getFirst().getHeader().getTopologyInfo();
        assertThat(tree.getDiskInfosOrThrow("").getVolumeCount()).isEqualTo(3);
        assertThat(tree.getDataCenterInfos(0).getRackInfos(0).getDataNodeInfos(0).getDiskInfosOrThrow("").getVolumeInfosCount()).isZero();
        VolumeListStreamResponse disk = pieces.getLast();
        assertThat(List.of(disk.getDataCenter(), disk.getRack(), disk.getDataNode(), disk.getDiskType()))
                .containsExactly("dc1", "r1", "a", "");
        assertThat(disk.getVolumeInfosList()).extracting(VolumeInformationMessage::getId).containsExactly(1, 2, 3);
    }

    @Test
    void vacuumCanBeSwitchedOffAndOn() {
        assertThat(harness.grpc().disableVacuum(DisableVacuumRequest.getDefaultInstance()).isInitialized()).isTrue();
        assertThat(harness.grpc().enableVacuum(EnableVacuumRequest.newBuilder().setByPlugin(true).build()).isInitialized()).isTrue();
    }

    private AssignResponse assign(String collection, String replication) {
        return harness.grpc().assign(AssignRequest.newBuilder().setCollection(collection).setReplication(replication).build());
    }

    private void deletePictures() {
        harness.grpc().collectionDelete(CollectionDeleteRequest.newBuilder().setName("pictures").build());
    }

    private List<String> collections() {
        return collections(CollectionListRequest.newBuilder().setIncludeNormalVolumes(true));
    }

    private List<String> ecCollections() {
        return collections(CollectionListRequest.newBuilder().setIncludeEcVolumes(true));
    }

    private List<String> collections(CollectionListRequest.Builder request) {
        return harness.grpc().collectionList(request.build()).getCollectionsList().stream().map(Collection::getName).toList();
    }

    private void vacuum(float threshold, int volumeId) {
        harness.grpc().vacuumVolume(VacuumVolumeRequest.newBuilder().setGarbageThreshold(threshold).setVolumeId(volumeId).build());
    }

    private void mark(FakeVolumeServer server, int volumeId, boolean readOnly) {
        harness.grpc().volumeMarkReadonly(VolumeMarkReadonlyRequest.newBuilder()
                .setIp("127.0.0.1").setPort(server.full().getPort()).setVolumeId(volumeId).setIsReadonly(readOnly).build());
    }

    private long ping(String type, String target) {
        return harness.grpc().ping(PingRequest.newBuilder().setTargetType(type).setTarget(target).build()).getRemoteTimeNs();
    }

    private long sizeOf(int volumeId, String nodeId) {
        var tree = harness.grpc().volumeList(VolumeListRequest.newBuilder().setVolumeId(volumeId).build()).getTopologyInfo();
        return tree.getDataCenterInfos(0).getRackInfos(0).getDataNodeInfosList().stream()
                .filter(node -> node.getId().equals(nodeId)).findAny().orElseThrow()
                .getDiskInfosOrThrow("").getVolumeInfos(0).getSize();
    }

    private void connect(FakeVolumeServer server) throws InterruptedException {
        server.join(harness.address());
    }

    private static VolumeInformationMessage.Builder volume(int id, int placement) {
        return VolumeInformationMessage.newBuilder().setId(id).setReplicaPlacement(placement).setVersion(3);
    }

    private static void assertFails(Status.Code code, String text, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, failed -> {
            assertThat(failed.getStatus().getCode()).as(failed.toString()).isEqualTo(code);
            assertThat(failed.getStatus().getDescription()).contains(text);
        });
    }
}
