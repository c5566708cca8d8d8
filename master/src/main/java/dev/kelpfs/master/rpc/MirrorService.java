package dev.kelpfs.master.rpc;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.follow.GrpcForward;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.mirror.MirroredVolumes;
import dev.kelpfs.master.topology.Whereabouts.Found;
import dev.kelpfs.rpc.RpcChannels;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The service {@code master_pb.Seaweed} of {@code master.follower}: look-ups. Who opens a stream as if to a master is told who
 * leads; whatever else is asked is refused as by a master that does not lead, so that clients go and find the one that does.
 * Safe for all threads.
 */
public final class MirrorService implements BindableService {
    private static final int SETTINGS_SECONDS = 5;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final MirroredVolumes volumes;
    private final TokenSigner writeTokens;
    private final RpcChannels channels;
    private final InstantSource clock;
    private final Executor waiters;
    private final LookupAnswers known;

    /** @param waiters runs calls that wait for a master */
    public MirrorService(
            MirroredVolumes volumes, TokenSigner writeTokens, RpcChannels channels, InstantSource clock, Executor waiters) {
        this.volumes = volumes;
        this.writeTokens = writeTokens;
        this.channels = channels;
        this.clock = clock;
        this.waiters = waiters;
        this.known = new LookupAnswers((volume, collection) -> volumes.find(volume), writeTokens);
    }

    @Override
    public ServerServiceDefinition bindService() {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(SeaweedGrpc.getServiceDescriptor());
        for (MethodDescriptor<?, ?> method : SeaweedGrpc.getServiceDescriptor().getMethods()) {
            switch (String.valueOf(method.getBareMethodName())) {
                case "LookupVolume" -> service.addMethod(
                        SeaweedGrpc.getLookupVolumeMethod(), ServerCalls.asyncUnaryCall(this::lookup));
                case "Ping" -> service.addMethod(SeaweedGrpc.getPingMethod(), ServerCalls.asyncUnaryCall(this::ping));
                case "GetMasterConfiguration" -> service.addMethod(
                        SeaweedGrpc.getGetMasterConfigurationMethod(), ServerCalls.asyncUnaryCall(this::configuration));
                case "KeepConnected" -> service.addMethod(
                        SeaweedGrpc.getKeepConnectedMethod(), ServerCalls.asyncBidiStreamingCall(this::tellLeader));
                case "SendHeartbeat" -> service.addMethod(
                        SeaweedGrpc.getSendHeartbeatMethod(), ServerCalls.asyncBidiStreamingCall(this::pointToLeader));
                default -> addRefused(service, method);
            }
        }
        return service.build();
    }

    private <Q, A> void addRefused(ServerServiceDefinition.Builder service, MethodDescriptor<Q, A> method) {
        service.addMethod(method, method.getType() == MethodDescriptor.MethodType.UNARY
                ? ServerCalls.asyncUnaryCall((request, answer) -> answer.onError(notMine()))
                : ServerCalls.asyncBidiStreamingCall(answer -> {
                    answer.onError(notMine());
                    return new Ignoring<>();
                }));
    }

    private void lookup(LookupVolumeRequest request, StreamObserver<LookupVolumeResponse> answer) {
        Set<VolumeId> unknown = LookupAnswers.wanted(request).stream()
                .filter(volume -> !(volumes.find(volume) instanceof Found.Here)).collect(Collectors.toSet());
        if (unknown.isEmpty()) {
            reply(answer, () -> known.of(request));
            return;
        }
        waiters.execute(() -> reply(answer, () -> {
            Function<VolumeId, Found> asked = volumes.ask(unknown);
            return new LookupAnswers(
                    (volume, collection) -> unknown.contains(volume) ? asked.apply(volume) : volumes.find(volume), writeTokens)
                    .of(request);
        }));
    }

    /** One answer, or a failure in its place. */
    @FunctionalInterface
    private interface Asked<A> {
        A answer();
    }

    private static <A> void reply(StreamObserver<A> observer, Asked<A> asked) {
        A answer;
        try {
            answer = asked.answer();
        } catch (RuntimeException failed) {
            observer.onError(Answers.failure(failed));
            return;
        }
        observer.onNext(answer);
        observer.onCompleted();
    }

    private void ping(PingRequest request, StreamObserver<PingResponse> answer) {
        if (!request.getTarget().isEmpty()) {
            answer.onError(notMine());
            return;
        }
        Instant now = clock.instant();
        long nanos = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
        reply(answer, () -> PingResponse.newBuilder().setStartTimeNs(nanos).setStopTimeNs(nanos).build());
    }

    /** What the leader says, its own name included. */
    private void configuration(GetMasterConfigurationRequest request, StreamObserver<GetMasterConfigurationResponse> answer) {
        Optional<ServerAddress> leader = volumes.leader();
        if (leader.isEmpty()) answer.onError(notMine());
        else {
            waiters.execute(() -> reply(answer, () -> SeaweedGrpc.newBlockingStub(channels.to(leader.get()))
                    .withDeadlineAfter(SETTINGS_SECONDS, TimeUnit.SECONDS).getMasterConfiguration(request)));
        }
    }

    private StreamObserver<Heartbeat> pointToLeader(StreamObserver<HeartbeatResponse> answer) {
        return name(answer, leader -> HeartbeatResponse.newBuilder().setLeader(leader).build());
    }

    private StreamObserver<KeepConnectedRequest> tellLeader(StreamObserver<KeepConnectedResponse> answer) {
        return name(answer, leader -> KeepConnectedResponse.newBuilder()
                .setVolumeLocation(VolumeLocation.newBuilder().setLeader(leader)).build());
    }

    private <Q, A> StreamObserver<Q> name(StreamObserver<A> answer, Function<String, A> message) {
        Optional<ServerAddress> leader = volumes.leader();
        if (leader.isEmpty()) answer.onError(notMine());
        else {
            answer.onNext(message.apply(leader.get().withBothPorts()));
            answer.onCompleted();
        }
        return new Ignoring<>();
    }

    private StatusRuntimeException notMine() {
        String leader = volumes.leader().map(ServerAddress::http).orElse("one of " + volumes.masters());
        return Status.UNAVAILABLE.withDescription(GrpcForward.NOT_LEADER
                + ": this is a master.follower, which answers lookups and nothing else; ask a master: " + leader).asRuntimeException();
    }
}
