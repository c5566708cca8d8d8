package dev.kelpfs.client;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.Location;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse.VolumeIdLocation;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.SeaweedGrpc.SeaweedBlockingStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Asks the masters: the one that answered last first, then the others; after a round without an answer waits as
 * {@link RetryRule} says. Safe for all threads; every call blocks.
 */
final class MasterCalls {
    /** One try of an assign; the master itself waits up to ten seconds for a place to write. */
    private static final Duration LONGEST_TRY = Duration.ofSeconds(11);

    private final ClientOptions options;
    private final RpcChannels channels;
    private final RetryRule retry;

    /** Index of the master that answered last. Written by whoever got an answer; a stale value costs one try. */
    private volatile int preferred;

    MasterCalls(ClientOptions options, RpcChannels channels) {
        this.options = options;
        this.channels = channels;
        this.retry = new RetryRule(options.patience());
    }

    Assignment assign(Placement placement, long count) throws KelpException {
        AssignRequest request = AssignRequest.newBuilder()
                .setCount(count)
                .setCollection(placement.collection().text())
                .setReplication(placement.replication())
                .setTtl(placement.ttl().toString())
                .setDiskType(placement.diskType().tag())
                .setDataCenter(placement.dataCenter())
                .setRack(placement.rack())
                .build();
        AssignResponse answer = ask("assign", stub -> stub.assign(request));
        if (!answer.getError().isEmpty()) throw new KelpException("assign refused: " + answer.getError());
        List<String> servers = new ArrayList<>();
        servers.add(answer.getLocation().getUrl());
        answer.getReplicasList().forEach(replica -> servers.add(replica.getUrl()));
        return new Assignment(FileId.parse(answer.getFid()), answer.getCount(), servers, answer.getAuth());
    }

    /** {@code host:port} of the servers that hold a volume; empty if no master knows it. */
    List<String> locate(VolumeId volume) throws KelpException {
        LookupVolumeRequest request = LookupVolumeRequest.newBuilder().addVolumeOrFileIds(volume.toString()).build();
        for (VolumeIdLocation entry : ask("lookup of volume " + volume, stub -> stub.lookupVolume(request)).getVolumeIdLocationsList()) {
            return entry.getLocationsList().stream().map(Location::getUrl).toList();
        }
        return List.of();
    }

    private <A> A ask(String what, Function<SeaweedBlockingStub, A> call) throws KelpException {
        long startNanos = options.ticker().nanos();
        for (int round = 1; ; round++) {
            StatusRuntimeException last = null;
            int first = preferred;
            for (int i = 0; i < options.masters().size(); i++) {
                int index = (first + i) % options.masters().size();
                ServerAddress master = options.masters().get(index);
                try {
                    A answer = call.apply(stub(master));
                    preferred = index;
                    return answer;
                } catch (StatusRuntimeException failed) {
                    if (!mayBeRepeated(failed)) throw failure(what, master, failed);
                    last = failed;
                }
            }
            waitOrGiveUp(what, round, startNanos, last);
        }
    }

    private void waitOrGiveUp(String what, int round, long startNanos, StatusRuntimeException last) throws KelpException {
        Optional<Duration> wait = retry.waitAfter(round, options.ticker().since(startNanos));
        if (wait.isEmpty()) {
            throw new KelpException(
                    what + " failed on every master of " + options.masters() + " for " + options.patience().toSeconds()
                            + " s, last with: " + last.getStatus(), last);
        }
        Pause.of(wait.get(), what);
    }

    private SeaweedBlockingStub stub(ServerAddress master) {
        Duration limit = options.requestTimeout().compareTo(LONGEST_TRY) < 0 ? options.requestTimeout() : LONGEST_TRY;
        return SeaweedGrpc.newBlockingStub(channels.to(master)).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static boolean mayBeRepeated(StatusRuntimeException failed) {
        Status.Code code = failed.getStatus().getCode();
        return code == Status.Code.UNAVAILABLE
                || code == Status.Code.RESOURCE_EXHAUSTED
                || code == Status.Code.DEADLINE_EXCEEDED
                || code == Status.Code.CANCELLED
                || String.valueOf(failed.getStatus().getDescription()).contains("Not current leader");
    }

    private static KelpException failure(String what, ServerAddress master, StatusRuntimeException failed) {
        return new KelpException(what + " refused by master " + master + ": " + failed.getStatus().getDescription(), failed);
    }
}
