package dev.kelpfs.volume.administration;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.StatusLine;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.volume.PingRequest;
import dev.kelpfs.wire.volume.PingResponse;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers pings, and passes them on to masters that this server knows; to nobody else, lest it be used as a probe.
 *
 * @param masters of the command line and those that were learned since; must not wait
 */
public record Pings(
        Supplier<List<ServerAddress>> masters, Supplier<Optional<ServerAddress>> currentMaster, RpcChannels channels,
        InstantSource clock) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int DEADLINE_SECONDS = 5;

    PingResponse ping(PingRequest request) throws StatusException {
        PingResponse.Builder answer = PingResponse.newBuilder().setStartTimeNs(nanos());
        if (!request.getTarget().isEmpty()) answer.setRemoteTimeNs(remoteTime(request));
        return answer.setStopTimeNs(nanos()).build();
    }

    private long remoteTime(PingRequest request) throws StatusException {
        ServerAddress target = known(request);
        try {
            return SeaweedGrpc.newBlockingStub(channels.to(target))
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .ping(dev.kelpfs.wire.master.PingRequest.getDefaultInstance())
                    .getStartTimeNs();
        } catch (StatusRuntimeException failed) {
            throw Status.UNKNOWN.withDescription("ping master " + target + ": " + StatusLine.of(failed.getStatus())).asException();
        }
    }

    private ServerAddress known(PingRequest request) throws StatusException {
        if (request.getTargetType().equals("master")) {
            for (ServerAddress master : masters.get()) {
                if (isTarget(master, request)) return master;
            }
            Optional<ServerAddress> current = currentMaster.get();
            if (current.isPresent() && isTarget(current.get(), request)) return current.get();
        }
        throw Status.INVALID_ARGUMENT.withDescription("only masters of this server can be pinged from here, not "
                + request.getTargetType() + " " + request.getTarget()).asException();
    }

    private static boolean isTarget(ServerAddress master, PingRequest request) {
        return request.getTarget().equals(master.http()) || request.getTarget().equals(master.toString())
                || request.getTarget().equals(master.withBothPorts());
    }

    private long nanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }
}
