package dev.kelpfs.shell;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.master.Collection;
import dev.kelpfs.wire.master.CollectionDeleteRequest;
import dev.kelpfs.wire.master.CollectionDeleteResponse;
import dev.kelpfs.wire.master.CollectionListRequest;
import dev.kelpfs.wire.master.CollectionListResponse;
import dev.kelpfs.wire.master.DataCenterInfo;
import dev.kelpfs.wire.master.DataNodeInfo;
import dev.kelpfs.wire.master.DiskInfo;
import dev.kelpfs.wire.master.GetAdminLockStatusRequest;
import dev.kelpfs.wire.master.GetAdminLockStatusResponse;
import dev.kelpfs.wire.master.GetMasterConfigurationRequest;
import dev.kelpfs.wire.master.GetMasterConfigurationResponse;
import dev.kelpfs.wire.master.LeaseAdminTokenRequest;
import dev.kelpfs.wire.master.LeaseAdminTokenResponse;
import dev.kelpfs.wire.master.ListClusterNodesRequest;
import dev.kelpfs.wire.master.ListClusterNodesResponse;
import dev.kelpfs.wire.master.PingRequest;
import dev.kelpfs.wire.master.PingResponse;
import dev.kelpfs.wire.master.RackInfo;
import dev.kelpfs.wire.master.RaftAddServerRequest;
import dev.kelpfs.wire.master.RaftAddServerResponse;
import dev.kelpfs.wire.master.RaftLeadershipTransferRequest;
import dev.kelpfs.wire.master.RaftLeadershipTransferResponse;
import dev.kelpfs.wire.master.RaftListClusterServersRequest;
import dev.kelpfs.wire.master.RaftListClusterServersResponse;
import dev.kelpfs.wire.master.RaftListClusterServersResponse.ClusterServers;
import dev.kelpfs.wire.master.RaftRemoveServerRequest;
import dev.kelpfs.wire.master.RaftRemoveServerResponse;
import dev.kelpfs.wire.master.ReleaseAdminTokenRequest;
import dev.kelpfs.wire.master.ReleaseAdminTokenResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.TopologyInfo;
import dev.kelpfs.wire.master.VacuumVolumeRequest;
import dev.kelpfs.wire.master.VacuumVolumeResponse;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.master.VolumeListRequest;
import dev.kelpfs.wire.master.VolumeListResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A master with one volume server, which does as it is told. Fields are set by tests before they are used. */
final class FakeMaster extends SeaweedGrpc.SeaweedImplBase {
    final List<VolumeInformationMessage> volumes = new CopyOnWriteArrayList<>();
    final List<VacuumVolumeRequest> vacuums = new CopyOnWriteArrayList<>();
    final List<String> messages = new CopyOnWriteArrayList<>();
    /** The members, the leader first. */
    final List<String> masters = new CopyOnWriteArrayList<>(List.of("10.0.0.1:9333.19333", "10.0.0.2:9333.19333"));
    final AtomicInteger transfers = new AtomicInteger();
    final AtomicInteger releases = new AtomicInteger();
    volatile ServerAddress address = ServerAddress.of("127.0.0.1", 1);
    /** Whom it names as the leader instead of itself; an empty text for nobody. */
    volatile Optional<String> names = Optional.empty();
    volatile int volumeServerGrpcPort;
    volatile int maxVolumes = 8;
    /** Who else has the lock; empty if nobody does. */
    volatile String otherHolder = "";
    /** Leases are refused this often before the other holder lets go. */
    final AtomicInteger refusals = new AtomicInteger();
    /** Collections that are listed although no volume is in them. */
    final List<String> emptyCollections = new CopyOnWriteArrayList<>();
    /** Runs before each vacuum. */
    volatile Runnable onVacuum = () -> { };
    /** A collection is deleted in name only. */
    volatile boolean deletesNothing;

    static VolumeInformationMessage.Builder volume(int id, String collection) {
        return VolumeInformationMessage.newBuilder().setId(id).setCollection(collection).setSize(1000 * id).setFileCount(10)
                .setDeleteCount(1).setDeletedByteCount(50).setVersion(3).setModifiedAtSecond(1_700_000_000);
    }

    @Override
    public void getMasterConfiguration(
            GetMasterConfigurationRequest request, StreamObserver<GetMasterConfigurationResponse> answer) {
        end(answer, GetMasterConfigurationResponse.newBuilder().setLeader(names.orElseGet(address::withBothPorts)).build());
    }

    @Override
    public void volumeList(VolumeListRequest request, StreamObserver<VolumeListResponse> answer) {
        DiskInfo disk = DiskInfo.newBuilder().setVolumeCount(volumes.size()).setMaxVolumeCount(maxVolumes)
                .setActiveVolumeCount(volumes.size()).setFreeVolumeCount(maxVolumes - volumes.size()).addAllVolumeInfos(volumes)
                .build();
        DiskInfo summary = disk.toBuilder().clearVolumeInfos().build();
        DataNodeInfo node = DataNodeInfo.newBuilder().setId("127.0.0.1:" + FakeCluster.VOLUME_HTTP_PORT)
                .setGrpcPort(volumeServerGrpcPort).putDiskInfos("", disk).build();
        RackInfo rack = RackInfo.newBuilder().setId("r1").addDataNodeInfos(node).putDiskInfos("", summary).build();
        DataCenterInfo center = DataCenterInfo.newBuilder().setId("dc1").addRackInfos(rack).putDiskInfos("", summary).build();
        end(answer, VolumeListResponse.newBuilder().setVolumeSizeLimitMb(30_720).setTopologyInfo(
                TopologyInfo.newBuilder().setId("topo").addDataCenterInfos(center).putDiskInfos("", summary)).build());
    }

    @Override
    public void collectionList(CollectionListRequest request, StreamObserver<CollectionListResponse> answer) {
        CollectionListResponse.Builder list = CollectionListResponse.newBuilder();
        Stream.concat(volumes.stream().map(VolumeInformationMessage::getCollection), emptyCollections.stream()).distinct()
                .forEach(name -> list.addCollections(Collection.newBuilder().setName(name)));
        end(answer, list.build());
    }

    @Override
    public void collectionDelete(CollectionDeleteRequest request, StreamObserver<CollectionDeleteResponse> answer) {
        if (!deletesNothing) volumes.removeIf(volume -> volume.getCollection().equals(request.getName()));
        emptyCollections.remove(request.getName());
        end(answer, CollectionDeleteResponse.getDefaultInstance());
    }

    @Override
    public void vacuumVolume(VacuumVolumeRequest request, StreamObserver<VacuumVolumeResponse> answer) {
        onVacuum.run();
        vacuums.add(request);
        end(answer, VacuumVolumeResponse.getDefaultInstance());
    }

    @Override
    public void listClusterNodes(ListClusterNodesRequest request, StreamObserver<ListClusterNodesResponse> answer) {
        end(answer, ListClusterNodesResponse.getDefaultInstance());
    }

    @Override
    public void leaseAdminToken(LeaseAdminTokenRequest request, StreamObserver<LeaseAdminTokenResponse> answer) {
        messages.add(request.getMessage());
        if (!otherHolder.isEmpty() && refusals.getAndDecrement() > 0) {
            answer.onError(Status.UNKNOWN.withDescription("already locked by " + otherHolder + ": ").asRuntimeException());
            return;
        }
        otherHolder = "";
        end(answer, LeaseAdminTokenResponse.newBuilder().setToken(7).setLockTsNs(8).build());
    }

    @Override
    public void getAdminLockStatus(GetAdminLockStatusRequest request, StreamObserver<GetAdminLockStatusResponse> answer) {
        end(answer, GetAdminLockStatusResponse.newBuilder()
                .setIsLocked(!otherHolder.isEmpty()).setClientName(otherHolder).setMessage("volume.balance").build());
    }

    @Override
    public void releaseAdminToken(ReleaseAdminTokenRequest request, StreamObserver<ReleaseAdminTokenResponse> answer) {
        if (request.getPreviousToken() == 7 && request.getPreviousLockTime() == 8) releases.incrementAndGet();
        end(answer, ReleaseAdminTokenResponse.getDefaultInstance());
    }

    @Override
    public void ping(PingRequest request, StreamObserver<PingResponse> answer) {
        end(answer, PingResponse.newBuilder().setStartTimeNs(1_000_000).setRemoteTimeNs(2_500_000).setStopTimeNs(3_000_000).build());
    }

    @Override
    public void raftListClusterServers(
            RaftListClusterServersRequest request, StreamObserver<RaftListClusterServersResponse> answer) {
        RaftListClusterServersResponse.Builder list = RaftListClusterServersResponse.newBuilder();
        masters.forEach(id -> list.addClusterServers(ClusterServers.newBuilder().setId(id).setAddress("grpc of " + id)
                .setSuffrage("Voter").setIsLeader(id.equals(masters.getFirst()))));
        end(answer, list.build());
    }

    @Override
    public void raftAddServer(RaftAddServerRequest request, StreamObserver<RaftAddServerResponse> answer) {
        masters.add(request.getId());
        end(answer, RaftAddServerResponse.getDefaultInstance());
    }

    @Override
    public void raftRemoveServer(RaftRemoveServerRequest request, StreamObserver<RaftRemoveServerResponse> answer) {
        ServerAddress gone = ServerAddress.parse(request.getId());
        if (masters.removeIf(id -> ServerAddress.parse(id).isSameServer(gone))) {
            end(answer, RaftRemoveServerResponse.getDefaultInstance());
        } else {
            answer.onError(Status.FAILED_PRECONDITION.withDescription(request.getId() + " is no member").asRuntimeException());
        }
    }

    @Override
    public void raftLeadershipTransfer(
            RaftLeadershipTransferRequest request, StreamObserver<RaftLeadershipTransferResponse> answer) {
        transfers.incrementAndGet();
        String before = masters.getFirst();
        String next = request.getTargetId().isEmpty() ? masters.get(1) : request.getTargetId();
        masters.remove(next);
        masters.addFirst(next);
        end(answer, RaftLeadershipTransferResponse.newBuilder().setPreviousLeader(before).setNewLeader(next).build());
    }

    static <T> void end(StreamObserver<T> answer, T value) {
        answer.onNext(value);
        answer.onCompleted();
    }

    /** The volumes with one of them changed. */
    void change(int id, boolean readOnly) {
        List<VolumeInformationMessage> changed = new ArrayList<>();
        for (VolumeInformationMessage volume : volumes) {
            changed.add(volume.getId() == id ? volume.toBuilder().setReadOnly(readOnly).build() : volume);
        }
        volumes.clear();
        volumes.addAll(changed);
    }
}
