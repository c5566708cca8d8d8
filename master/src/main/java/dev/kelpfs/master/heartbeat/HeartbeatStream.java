package dev.kelpfs.master.heartbeat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.topology.BeatOutcome;
import dev.kelpfs.master.topology.BeatStream;
import dev.kelpfs.rpc.KelpPeer;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.HeartbeatResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One heartbeat stream. Beats come one at a time; the end may come from another thread. */
final class HeartbeatStream implements StreamObserver<Heartbeat> {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatStream.class);
    /** Volume servers of the reference look for these words before they search the leader. */
    private static final String NOT_LEADER = "raft.Server: Not current leader";

    private final HeartbeatStreams streams;
    private final BeatStream source = new BeatStream(this::end, KelpPeer.isCalling());
    /** Guarded by this, and so is {@link #over}: answers and the end come from different threads. */
    private final StreamObserver<HeartbeatResponse> answers;
    private boolean over;
    /** Touched by beats only. */
    private String name = "a server without a first beat";

    HeartbeatStream(HeartbeatStreams streams, StreamObserver<HeartbeatResponse> answers) {
        this.streams = streams;
        this.answers = answers;
    }

    @Override
    public void onNext(Heartbeat beat) {
        streams.metrics().heartbeat("total");
        if (!streams.standing().leads()) {
            pointToLeader();
            return;
        }
        count(beat);
        // Ids first: by the time a volume may be written to, no key below what it holds can be given out any more.
        streams.keys().seen(beat.getMaxFileKey());
        seeVolumeIds(beat);
        BeatOutcome outcome = streams.topology().beat(source, beat);
        switch (outcome) {
            case BeatOutcome.Taken(var isFirst, var wantsFullList) -> taken(beat, isFirst, wantsFullList);
            case BeatOutcome.Farewell() -> {
                LOG.info("Volume server {} said farewell", name);
                complete();
            }
            case BeatOutcome.Ignored() -> { }
            case BeatOutcome.DuplicateDirectories(var ids, var other) -> {
                LOG.warn("{}:{} brings directories {} that {} holds already: the same disk, or a copy of it, is mounted twice",
                        beat.getIp(), beat.getPort(), ids, other);
                answer(HeartbeatResponse.newBuilder().addAllDuplicatedUuids(ids).build());
                fail(Status.ALREADY_EXISTS.withDescription("directories " + ids + " belong to " + other));
            }
            case BeatOutcome.Refused(var reason) -> {
                streams.metrics().heartbeat("error");
                fail(Status.INVALID_ARGUMENT.withDescription(reason));
            }
        }
    }

    private void taken(Heartbeat beat, boolean isFirst, boolean wantsFullList) {
        if (beat.hasVolumeDigest()) streams.metrics().heartbeat(wantsFullList ? "volumeDigestMismatch" : "volumeDigestMatch");
        if (isFirst) {
            name = beat.getIp() + ":" + beat.getPort();
            LOG.info("Volume server {} came with {} volumes", name, beat.getVolumesCount());
            answer(streams.settings().toBuilder().setVolumeDigestSupported(true).build());
        } else if (wantsFullList) {
            answer(streams.settings().toBuilder().setResendFullVolumeList(true).setVolumeDigestSupported(true).build());
        }
    }

    private void count(Heartbeat beat) {
        if (beat.hasState()) streams.metrics().heartbeat("stateUpdates");
        if (beat.getNewVolumesCount() > 0) streams.metrics().heartbeat("newVolumes");
        if (beat.getDeletedVolumesCount() > 0) streams.metrics().heartbeat("deletedVolumes");
        if (beat.getChangedVolumesCount() > 0) streams.metrics().heartbeat("changedVolumes");
        if (beat.getVolumesCount() > 0 || beat.getHasNoVolumes()) streams.metrics().heartbeat("Volumes");
        if (beat.getNewEcShardsCount() > 0) streams.metrics().heartbeat("newEcShards");
        if (beat.getEcShardsCount() > 0) streams.metrics().heartbeat("ecShards");
    }

    private void seeVolumeIds(Heartbeat beat) {
        beat.getVolumesList().forEach(volume -> streams.volumeIds().seen(volume.getId()));
        beat.getNewVolumesList().forEach(volume -> streams.volumeIds().seen(volume.getId()));
        // Also of what a server says that it serves no more: files of it may still lie there.
        beat.getDeletedVolumesList().forEach(volume -> streams.volumeIds().seen(volume.getId()));
        beat.getChangedVolumesList().forEach(volume -> streams.volumeIds().seen(volume.getId()));
        beat.getEcShardsList().forEach(shards -> streams.volumeIds().seen(shards.getId()));
        beat.getNewEcShardsList().forEach(shards -> streams.volumeIds().seen(shards.getId()));
    }

    private void pointToLeader() {
        Optional<ServerAddress> leader = streams.standing().leader();
        if (leader.isEmpty()) fail(Status.UNAVAILABLE.withDescription(NOT_LEADER));
        else answer(HeartbeatResponse.newBuilder().setLeader(leader.get().withBothPorts()).build());
    }

    @Override
    public void onError(Throwable cut) {
        gone("its stream was cut: " + Status.fromThrowable(cut));
        finish();
    }

    @Override
    public void onCompleted() {
        gone("it ended its stream");
        complete();
    }

    private void gone(String why) {
        LOG.info("Volume server {} is gone: {}", name, why);
        streams.topology().streamEnded(source);
    }

    /** Ends the stream from this side. */
    void end(String reason) {
        fail(Status.UNAVAILABLE.withDescription(reason));
    }

    private synchronized void answer(HeartbeatResponse response) {
        if (!over) answers.onNext(response);
    }

    private synchronized void complete() {
        if (over) return;
        finish();
        answers.onCompleted();
    }

    private synchronized void fail(Status status) {
        if (over) return;
        finish();
        answers.onError(status.asRuntimeException());
    }

    private synchronized void finish() {
        over = true;
        streams.ended(this);
    }
}
