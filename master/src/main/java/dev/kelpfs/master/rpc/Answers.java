package dev.kelpfs.master.rpc;

import dev.kelpfs.master.assign.AssignOutcome;
import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.follow.GrpcForward;
import dev.kelpfs.master.growth.Growth;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.master.topology.Whereabouts;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.Location;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renders outcomes as messages, and failures as the status codes that clients of the reference act on: UNAVAILABLE and
 * RESOURCE_EXHAUSTED are tried again, UNKNOWN is final. Source: master, section 4.3. Safe for all threads.
 */
public final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private final Standing standing;
    private final Whereabouts whereabouts;
    private final TokenSigner writeTokens;

    public Answers(Standing standing, Whereabouts whereabouts, TokenSigner writeTokens) {
        this.standing = standing;
        this.whereabouts = whereabouts;
        this.writeTokens = writeTokens;
    }

    Standing standing() {
        return standing;
    }

    /** @throws StatusRuntimeException if another master leads */
    void checkLeads() {
        if (!standing.leads()) throw status(Status.UNAVAILABLE, GrpcForward.NOT_LEADER);
    }

    /** @throws StatusRuntimeException if nothing was assigned */
    AssignResponse assigned(AssignOutcome outcome) {
        return switch (outcome) {
            case AssignOutcome.Assigned(var first, var count, var places) -> {
                String fid = first.toString();
                AssignResponse.Builder answer = AssignResponse.newBuilder()
                        .setFid(fid).setCount(count).setAuth(writeTokens.sign(fid)).setLocation(location(places.getFirst()));
                for (Place place : places.subList(1, places.size())) answer.addReplicas(location(place));
                yield answer.build();
            }
            case AssignOutcome.Later(var reason, _) -> throw status(Status.RESOURCE_EXHAUSTED, reason);
            case AssignOutcome.NotLeading() -> throw status(Status.UNAVAILABLE, GrpcForward.NOT_LEADER);
            case AssignOutcome.UnknownDataCenter(var reason) -> throw status(Status.UNKNOWN, reason);
            case AssignOutcome.Refused(var reason) -> throw status(Status.UNKNOWN, reason);
        };
    }

    /** @throws StatusRuntimeException if fewer were made than asked for */
    void checkGrown(Growth.Result result) {
        switch (result) {
            case Growth.Result.Grown(int volumes, _, var shortfall) -> {
                if (!shortfall.isEmpty()) throw status(Status.UNKNOWN, "no more than " + volumes + " volumes were made: " + shortfall);
            }
            case Growth.Result.Running() -> throw status(Status.RESOURCE_EXHAUSTED, "the volumes are still being made");
            case Growth.Result.Failed(var reason) -> throw status(Status.UNKNOWN, reason);
            case Growth.Result.Impossible(var reason) -> throw status(Status.UNKNOWN, reason);
            case Growth.Result.NoSlots(var reason) -> throw status(Status.UNKNOWN, reason);
        }
    }

    /** @throws StatusRuntimeException if a volume is not known here, and another master may know it */
    LookupVolumeResponse locations(LookupVolumeRequest request) {
        return new LookupAnswers(whereabouts::find, writeTokens).of(request);
    }

    static Location location(Place place) {
        return Location.newBuilder()
                .setUrl(place.url())
                .setPublicUrl(place.publicUrl())
                .setGrpcPort(place.grpcPort())
                .setDataCenter(place.dataCenter())
                .build();
    }

    /** The one place where failures of handlers become statuses. */
    static StatusRuntimeException failure(RuntimeException failed) {
        return switch (failed) {
            case StatusRuntimeException known -> known;
            case IllegalArgumentException badRequest -> status(Status.UNKNOWN, String.valueOf(badRequest.getMessage()));
            default -> {
                LOG.error("A gRPC handler failed", failed);
                yield status(Status.INTERNAL, "internal error; the master's log says more");
            }
        };
    }

    private static StatusRuntimeException status(Status status, String text) {
        return status.withDescription(text).asRuntimeException();
    }
}
