package dev.kelpfs.master.rpc;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.assign.AssignForm;
import dev.kelpfs.master.assign.AssignOutcome;
import dev.kelpfs.master.assign.AssignWish;
import dev.kelpfs.master.assign.Assigner;
import dev.kelpfs.master.growth.Grower;
import dev.kelpfs.master.growth.Growth;
import dev.kelpfs.master.growth.GrowthRequest;
import dev.kelpfs.master.heartbeat.HeartbeatStreams;
import dev.kelpfs.master.watch.Watchers;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.CollectionDeleteRequest;
import dev.kelpfs.wire.master.CollectionDeleteResponse;
import dev.kelpfs.wire.master.CollectionListRequest;
import dev.kelpfs.wire.master.CollectionListResponse;
import dev.kelpfs.wire.master.CollectionStatisticsRequest;
import dev.kelpfs.wire.master.CollectionStatisticsResponse;
import dev.kelpfs.wire.master.DisableVacuumRequest;
import dev.kelpfs.wire.master.DisableVacuumResponse;
import dev.kelpfs.wire.master.EnableVacuumRequest;
import dev.kelpfs.wire.master.EnableVacuumResponse;
import dev.kelpfs.wire.master.GetAdminLockStatusRequest;
import dev.kelpfs.wire.master.GetAdminLockStatusResponse;
import dev.kelpfs.wire.master.GetMasterConfigurationRequest;
import dev.kelpfs.wire.master.GetMasterConfigurationResponse;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.HeartbeatResponse;
import dev.kelpfs.wire.master.KeepConnectedRequest;
import dev.kelpfs.wire.master.KeepConnectedResponse;
import dev.kelpfs.wire.master.LeaseAdminTokenRequest;
import dev.kelpfs.wire.master.LeaseAdminTokenResponse;
import dev.kelpfs.wire.master.ListClusterNodesRequest;
import dev.kelpfs.wire.master.ListClusterNodesResponse;
import dev.kelpfs.wire.master.LookupEcVolumeRequest;
import dev.kelpfs.wire.master.LookupEcVolumeResponse;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse;
import dev.kelpfs.wire.master.PingRequest;
import dev.kelpfs.wire.master.PingResponse;
import dev.kelpfs.wire.master.ReleaseAdminTokenRequest;
import dev.kelpfs.wire.master.ReleaseAdminTokenResponse;
import dev.kelpfs.wire.master.SeaweedGrpc.SeaweedImplBase;
import dev.kelpfs.wire.master.StatisticsRequest;
import dev.kelpfs.wire.master.StatisticsResponse;
import dev.kelpfs.wire.master.VacuumVolumeRequest;
import dev.kelpfs.wire.master.VacuumVolumeResponse;
import dev.kelpfs.wire.master.VolumeGrowRequest;
import dev.kelpfs.wire.master.VolumeGrowResponse;
import dev.kelpfs.wire.master.VolumeListRequest;
import dev.kelpfs.wire.master.VolumeListResponse;
import dev.kelpfs.wire.master.VolumeListStreamResponse;
import dev.kelpfs.wire.master.VolumeMarkReadonlyRequest;
import dev.kelpfs.wire.master.VolumeMarkReadonlyResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;

/** The service {@code master_pb.Seaweed}. Safe for all threads. */
public final class SeaweedService extends SeaweedImplBase {
    /** Methods that never wait: they may run on the event loop. */
    public static final Set<String> NON_BLOCKING = Set.of(
            "master_pb.Seaweed/Assign", "master_pb.Seaweed/LookupVolume", "master_pb.Seaweed/GetMasterConfiguration");

    private static final int GROW_SECONDS = 60;

    private final Parts parts;

    /**
     * What the service asks.
     *
     * @param waiters runs assignments that must wait
     * @param configuration what servers and clients are told, but for the leader
     */
    public record Parts(
            Assigner assigner, AssignForm.Defaults defaults, Grower grower, Answers answers, HeartbeatStreams heartbeats,
            Watchers watchers, Listings listings, Administration administration, Pings pings,
            GetMasterConfigurationResponse configuration, Executor waiters) {}

    public SeaweedService(Parts parts) {
        this.parts = parts;
    }

    @Override
    public StreamObserver<Heartbeat> sendHeartbeat(StreamObserver<HeartbeatResponse> answers) {
        return parts.heartbeats.open(answers);
    }

    @Override
    public StreamObserver<KeepConnectedRequest> keepConnected(StreamObserver<KeepConnectedResponse> answers) {
        return parts.watchers.open((ServerCallStreamObserver<KeepConnectedResponse>) answers);
    }

    @Override
    public void assign(AssignRequest request, StreamObserver<AssignResponse> answer) {
        AssignWish wish;
        try {
            parts.answers.checkLeads();
            wish = form(request).read(parts.defaults);
        } catch (RuntimeException refused) {
            answer.onError(Answers.failure(refused));
            return;
        }
        Optional<AssignOutcome.Assigned> now = parts.assigner.assignNow(wish);
        if (now.isPresent()) answer(answer, parts.answers.assigned(now.get()));
        else parts.waiters.execute(Context.current().wrap(() -> assignPatiently(wish, answer)));
    }

    private void assignPatiently(AssignWish wish, StreamObserver<AssignResponse> answer) {
        try {
            answer(answer, parts.answers.assigned(parts.assigner.assign(wish, Context.current()::isCancelled)));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            answer.onError(Status.UNAVAILABLE.withDescription("this master is stopping").asRuntimeException());
        } catch (RuntimeException failed) {
            answer.onError(Answers.failure(failed));
        }
    }

    @Override
    public StreamObserver<AssignRequest> streamAssign(StreamObserver<AssignResponse> answers) {
        return new AssignStream(request -> {
            parts.answers.checkLeads();
            return parts.answers.assigned(parts.assigner.assign(form(request).read(parts.defaults), Context.current()::isCancelled));
        }, answers);
    }

    @Override
    public void lookupVolume(LookupVolumeRequest request, StreamObserver<LookupVolumeResponse> answer) {
        try {
            answer(answer, parts.answers.locations(request));
        } catch (StatusRuntimeException unsure) {
            answer.onError(unsure);
        }
    }

    @Override
    public void lookupEcVolume(LookupEcVolumeRequest request, StreamObserver<LookupEcVolumeResponse> answer) {
        onLeader(answer, () -> parts.listings.ecVolume(request.getVolumeId()));
    }

    @Override
    public void volumeGrow(VolumeGrowRequest request, StreamObserver<VolumeGrowResponse> answer) {
        onLeader(answer, () -> {
            GrowthRequest growth = form(request).readGrowth(parts.defaults);
            Growth.Result result = parts.grower.grow(growth).await(GROW_SECONDS);
            parts.answers.checkGrown(result);
            return VolumeGrowResponse.getDefaultInstance();
        });
    }

    @Override
    public void volumeList(VolumeListRequest request, StreamObserver<VolumeListResponse> answer) {
        onLeader(answer, () -> parts.listings.volumes(request));
    }

    @Override
    public void volumeListStream(VolumeListRequest request, StreamObserver<VolumeListStreamResponse> answers) {
        try {
            parts.answers.checkLeads();
            parts.listings.volumePieces(request).forEach(answers::onNext);
            answers.onCompleted();
        } catch (RuntimeException failed) {
            answers.onError(Answers.failure(failed));
        }
    }

    @Override
    public void statistics(StatisticsRequest request, StreamObserver<StatisticsResponse> answer) {
        onLeader(answer, () -> parts.listings.statistics(request));
    }

    @Override
    public void collectionList(CollectionListRequest request, StreamObserver<CollectionListResponse> answer) {
        onLeader(answer, () -> parts.listings.collections(request));
    }

    @Override
    public void collectionStatistics(CollectionStatisticsRequest request, StreamObserver<CollectionStatisticsResponse> answer) {
        onLeader(answer, () -> parts.listings.collectionStatistics());
    }

    @Override
    public void collectionDelete(CollectionDeleteRequest request, StreamObserver<CollectionDeleteResponse> answer) {
        onLeader(answer, () -> parts.administration.deleteCollection(request));
    }

    @Override
    public void vacuumVolume(VacuumVolumeRequest request, StreamObserver<VacuumVolumeResponse> answer) {
        onLeader(answer, () -> parts.administration.vacuum(request));
    }

    @Override
    public void disableVacuum(DisableVacuumRequest request, StreamObserver<DisableVacuumResponse> answer) {
        answer(answer, parts.administration.disableVacuum(request));
    }

    @Override
    public void enableVacuum(EnableVacuumRequest request, StreamObserver<EnableVacuumResponse> answer) {
        answer(answer, parts.administration.enableVacuum(request));
    }

    @Override
    public void volumeMarkReadonly(VolumeMarkReadonlyRequest request, StreamObserver<VolumeMarkReadonlyResponse> answer) {
        onLeader(answer, () -> parts.administration.markReadOnly(request));
    }

    @Override
    public void leaseAdminToken(LeaseAdminTokenRequest request, StreamObserver<LeaseAdminTokenResponse> answer) {
        onLeader(answer, () -> parts.administration.lease(request));
    }

    @Override
    public void releaseAdminToken(ReleaseAdminTokenRequest request, StreamObserver<ReleaseAdminTokenResponse> answer) {
        onLeader(answer, () -> parts.administration.release(request));
    }

    @Override
    public void getAdminLockStatus(GetAdminLockStatusRequest request, StreamObserver<GetAdminLockStatusResponse> answer) {
        onLeader(answer, () -> parts.administration.lockStatus(request));
    }

    @Override
    public void getMasterConfiguration(
            GetMasterConfigurationRequest request, StreamObserver<GetMasterConfigurationResponse> answer) {
        String leader = parts.answers.standing().leader().map(ServerAddress::withBothPorts).orElse("");
        answer(answer, parts.configuration.toBuilder().setLeader(leader).build());
    }

    @Override
    public void listClusterNodes(ListClusterNodesRequest request, StreamObserver<ListClusterNodesResponse> answer) {
        answer(answer, ListClusterNodesResponse.newBuilder()
                .addAllClusterNodes(parts.watchers.members().list(
                        request.getClientType(), request.getFilerGroup(), request.getLimit()))
                .build());
    }

    @Override
    public void ping(PingRequest request, StreamObserver<PingResponse> answer) {
        try {
            answer(answer, parts.pings.ping(request));
        } catch (RuntimeException failed) {
            answer.onError(Answers.failure(failed));
        }
    }

    /** What a unary call does; may wait. */
    @FunctionalInterface
    private interface Work<A> {
        A answer() throws InterruptedException;
    }

    /** Answers a call that only the leader can answer. */
    private <A> void onLeader(StreamObserver<A> to, Work<A> work) {
        try {
            parts.answers.checkLeads();
            answer(to, work.answer());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            to.onError(Status.UNAVAILABLE.withDescription("this master is stopping").asRuntimeException());
        } catch (RuntimeException failed) {
            to.onError(Answers.failure(failed));
        }
    }

    private static <A> void answer(StreamObserver<A> to, A message) {
        to.onNext(message);
        to.onCompleted();
    }

    private static AssignForm form(AssignRequest request) {
        return new AssignForm(
                request.getCount(), request.getCollection(), request.getReplication(), request.getTtl(), request.getDiskType(),
                request.getDataCenter(), request.getRack(), request.getDataNode(), Math.max(0, request.getExpectedDataSize()),
                Math.max(0, request.getWritableVolumeCount()), OptionalLong.empty(), request.getMemoryMapMaxSizeMb());
    }

    private static AssignForm form(VolumeGrowRequest request) {
        return new AssignForm(
                1, request.getCollection(), request.getReplication(), request.getTtl(), request.getDiskType(),
                request.getDataCenter(), request.getRack(), request.getDataNode(), 0, request.getWritableVolumeCount(),
                OptionalLong.empty(), request.getMemoryMapMaxSizeMb());
    }
}
