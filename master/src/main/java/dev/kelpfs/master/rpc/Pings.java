package dev.kelpfs.master.rpc;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.servers.VolumeServers;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.watch.Members;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.StatusLine;
import dev.kelpfs.wire.filer.SeaweedFilerGrpc;
import dev.kelpfs.wire.master.PingRequest;
import dev.kelpfs.wire.master.PingResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.volume.VolumeServerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers pings, and pings servers for others: those that belong to this cluster and nobody else, lest the master be used
 * to look around in a network. Source: master, section 4.8.
 */
public final class Pings {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int DEADLINE_SECONDS = 5;

    private final Standing standing;
    private final Supplier<List<ServerAddress>> masters;
    private final LiveTopology topology;
    private final Members members;
    private final RpcChannels channels;
    private final InstantSource clock;

    /** @param masters all members of the cluster; must not wait */
    public Pings(
            Standing standing, Supplier<List<ServerAddress>> masters, LiveTopology topology, Members members, RpcChannels channels,
            InstantSource clock) {
        this.standing = standing;
        this.masters = masters;
        this.topology = topology;
        this.members = members;
        this.channels = channels;
        this.clock = clock;
    }

    /** @throws StatusRuntimeException if the target is unknown or does not answer */
    PingResponse ping(PingRequest request) {
        PingResponse.Builder answer = PingResponse.newBuilder().setStartTimeNs(nanos());
        if (!request.getTarget().isEmpty()) answer.setRemoteTimeNs(remoteTime(request.getTargetType(), request.getTarget()));
        return answer.setStopTimeNs(nanos()).build();
    }

    private long remoteTime(String type, String target) {
        try {
            return switch (type) {
                case "volumeServer" -> VolumeServerGrpc.newBlockingStub(to(volumeServer(target), type, target))
                        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .ping(dev.kelpfs.wire.volume.PingRequest.getDefaultInstance()).getStartTimeNs();
                case "filer" -> SeaweedFilerGrpc.newBlockingStub(to(member(type, target), type, target))
                        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .ping(dev.kelpfs.wire.filer.PingRequest.getDefaultInstance()).getStartTimeNs();
                case "master" -> SeaweedGrpc.newBlockingStub(to(master(target), type, target))
                        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .ping(PingRequest.getDefaultInstance()).getStartTimeNs();
                // Known is all that can be said about these: they have no ping of their own.
                case "broker", "s3" -> {
                    if (member(type, target).isEmpty()) throw unknown(type, target);
                    yield 0;
                }
                default -> throw unknown(type, target);
            };
        } catch (StatusRuntimeException failed) {
            if (failed.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) throw failed;
            throw Status.UNKNOWN.withDescription("ping " + type + " " + target + ": " + StatusLine.of(failed.getStatus()))
                    .asRuntimeException();
        }
    }

    private ManagedChannel to(Optional<ServerAddress> address, String type, String target) {
        return channels.to(address.orElseThrow(() -> unknown(type, target)));
    }

    private Optional<ServerAddress> volumeServer(String target) {
        return topology.nodes().stream().map(node -> VolumeServers.address(node.place())).filter(known -> names(known, target)).findAny();
    }

    private Optional<ServerAddress> master(String target) {
        return masters.get().stream().filter(known -> names(known, target)).findAny()
                .or(() -> standing.leader().filter(known -> names(known, target)))
                .or(() -> Optional.of(standing.address()).filter(known -> names(known, target)));
    }

    private Optional<ServerAddress> member(String type, String target) {
        return members.find(type, target).flatMap(Pings::parsed);
    }

    /** Addresses are equal when their HTTP forms are. */
    private static boolean names(ServerAddress known, String target) {
        return parsed(target).filter(wanted -> wanted.http().equals(known.http())).isPresent();
    }

    private static Optional<ServerAddress> parsed(String address) {
        try {
            return Optional.of(ServerAddress.parse(address));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static StatusRuntimeException unknown(String type, String target) {
        return Status.INVALID_ARGUMENT.withDescription("this cluster has no " + type + " " + target
                + "; a target type is filer, broker, s3, volumeServer or master, and the target the address of one that is connected")
                .asRuntimeException();
    }

    private long nanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }
}
