package dev.kelpfs.master.rpc;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.follow.GrpcForward;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.GetMasterConfigurationRequest;
import dev.kelpfs.wire.master.GetMasterConfigurationResponse;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.HeartbeatResponse;
import dev.kelpfs.wire.master.KeepConnectedRequest;
import dev.kelpfs.wire.master.KeepConnectedResponse;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse;
import dev.kelpfs.wire.master.PingRequest;
import dev.kelpfs.wire.master.PingResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.VolumeLocation;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The service {@code master_pb.Seaweed} of a master that does not lead: lookups and what is its own are answered here,
 * streams are pointed to the leader, every other call is answered by the leader. Safe for all threads.
 */
public final class FollowerService implements BindableService {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** Doing these twice could do twice what was asked for once. */
    private static final Set<String> NOT_REPEATABLE = Set.of(
            "VolumeGrow", "CollectionDelete", "VacuumVolume", "LeaseAdminToken", "ReleaseAdminToken", "RaftAddServer",
            "RaftRemoveServer", "RaftLeadershipTransfer");

    private final Answers answers;
    private final GrpcForward forward;
    private final GetMasterConfigurationResponse configuration;
    private final InstantSource clock;
    private final Executor waiters;

    /**
     * @param answers looks volumes up in the registry
     * @param configuration what servers and clients are told, but for the leader
     * @param waiters runs calls that wait for the leader
     */
    public FollowerService(
            Answers answers, GrpcForward forward, GetMasterConfigurationResponse configuration, InstantSource clock,
            Executor waiters) {
        this.answers = answers;
        this.forward = forward;
        this.configuration = configuration;
        this.clock = clock;
        this.waiters = waiters;
    }

    @Override
    public ServerServiceDefinition bindService() {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(SeaweedGrpc.getServiceDescriptor());
        for (MethodDescriptor<?, ?> method : SeaweedGrpc.getServiceDescriptor().getMethods()) {
            switch (String.valueOf(method.getBareMethodName())) {
                case "SendHeartbeat" -> service.addMethod(
                        SeaweedGrpc.getSendHeartbeatMethod(), ServerCalls.asyncBidiStreamingCall(this::pointToLeader));
                case "KeepConnected" -> service.addMethod(
                        SeaweedGrpc.getKeepConnectedMethod(), ServerCalls.asyncBidiStreamingCall(this::tellLeader));
                case "StreamAssign" -> service.addMethod(
                        SeaweedGrpc.getStreamAssignMethod(), ServerCalls.asyncBidiStreamingCall(this::streamAssign));
                case "LookupVolume" -> service.addMethod(
                        SeaweedGrpc.getLookupVolumeMethod(), ServerCalls.asyncUnaryCall(this::lookup));
                case "GetMasterConfiguration" -> service.addMethod(
                        SeaweedGrpc.getGetMasterConfigurationMethod(), ServerCalls.asyncUnaryCall(this::configuration));
                case "Ping" -> service.addMethod(SeaweedGrpc.getPingMethod(), ServerCalls.asyncUnaryCall(this::ping));
                default -> addForwarded(service, method);
            }
        }
        return service.build();
    }

    private <Q, A> void addForwarded(ServerServiceDefinition.Builder service, MethodDescriptor<Q, A> method) {
        ServerCallHandler<Q, A> handler = method.getType() == MethodDescriptor.MethodType.UNARY
                ? ServerCalls.asyncUnaryCall((request, answer) -> atLeader(method, request, answer))
                : ServerCalls.asyncBidiStreamingCall(answer -> {
                    answer.onError(notLeader());
                    return new Ignoring<>();
                });
        service.addMethod(method, handler);
    }

    private <Q, A> void atLeader(MethodDescriptor<Q, A> method, Q request, StreamObserver<A> answer) {
        boolean repeatable = !NOT_REPEATABLE.contains(String.valueOf(method.getBareMethodName()));
        waiters.execute(() -> {
            try {
                A message = forward.forward(method, request, repeatable);
                answer.onNext(message);
                answer.onCompleted();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                answer.onError(Status.UNAVAILABLE.withDescription("this master is stopping").asRuntimeException());
            } catch (RuntimeException failed) {
                answer.onError(Answers.failure(failed));
            }
        });
    }

    /** What the registry does not know may have come a moment ago: the leader knows, and says what is not there. */
    private void lookup(LookupVolumeRequest request, StreamObserver<LookupVolumeResponse> answer) {
        LookupVolumeResponse here;
        try {
            here = answers.locations(request);
        } catch (StatusRuntimeException unsure) {
            atLeader(SeaweedGrpc.getLookupVolumeMethod(), request, answer);
            return;
        }
        answer.onNext(here);
        answer.onCompleted();
    }

    private void configuration(GetMasterConfigurationRequest request, StreamObserver<GetMasterConfigurationResponse> answer) {
        String leader = answers.standing().leader().map(ServerAddress::withBothPorts).orElse("");
        answer.onNext(configuration.toBuilder().setLeader(leader).build());
        answer.onCompleted();
    }

    private void ping(PingRequest request, StreamObserver<PingResponse> answer) {
        if (!request.getTarget().isEmpty()) {
            atLeader(SeaweedGrpc.getPingMethod(), request, answer);
            return;
        }
        Instant now = clock.instant();
        long nanos = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
        answer.onNext(PingResponse.newBuilder().setStartTimeNs(nanos).setStopTimeNs(nanos).build());
        answer.onCompleted();
    }

    private StreamObserver<Heartbeat> pointToLeader(StreamObserver<HeartbeatResponse> answer) {
        Optional<ServerAddress> leader = answers.standing().leader();
        // This master was elected a moment ago, and its term begins in a moment: the server comes back at once.
        boolean aboutToLead = leader.filter(answers.standing().address()::isSameServer).isPresent();
        if (leader.isEmpty() || aboutToLead) {
            answer.onError(notLeader());
        } else {
            answer.onNext(HeartbeatResponse.newBuilder().setLeader(leader.get().withBothPorts()).build());
            answer.onCompleted();
        }
        return new Ignoring<>();
    }

    private StreamObserver<KeepConnectedRequest> tellLeader(StreamObserver<KeepConnectedResponse> answer) {
        Optional<ServerAddress> leader = answers.standing().leader();
        if (leader.isEmpty()) {
            answer.onError(notLeader());
        } else {
            answer.onNext(KeepConnectedResponse.newBuilder()
                    .setVolumeLocation(VolumeLocation.newBuilder().setLeader(leader.get().withBothPorts())).build());
            answer.onCompleted();
        }
        return new Ignoring<>();
    }

    private AssignStream streamAssign(StreamObserver<AssignResponse> answer) {
        return new AssignStream(request -> forward.forward(SeaweedGrpc.getAssignMethod(), request, true), answer);
    }

    private static StatusRuntimeException notLeader() {
        return Status.UNAVAILABLE.withDescription(GrpcForward.NOT_LEADER).asRuntimeException();
    }
}
