package dev.kelpfs.master.heartbeat;

import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.ids.FileKeys;
import dev.kelpfs.master.ids.VolumeIds;
import dev.kelpfs.master.metrics.MasterMetrics;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.wire.master.Heartbeat;
import dev.kelpfs.wire.master.HeartbeatResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Opens and ends heartbeat streams. Safe for all threads. */
public final class HeartbeatStreams implements AutoCloseable {
    private final Standing standing;
    private final LiveTopology topology;
    private final FileKeys keys;
    private final VolumeIds volumeIds;
    private final MasterMetrics metrics;
    private final HeartbeatResponse settings;
    private final Set<HeartbeatStream> open = ConcurrentHashMap.newKeySet();

    public HeartbeatStreams(
            Standing standing, LiveTopology topology, FileKeys keys, VolumeIds volumeIds, MasterMetrics metrics,
            long volumeSizeLimitBytes, boolean preallocate) {
        this.standing = standing;
        this.topology = topology;
        this.keys = keys;
        this.volumeIds = volumeIds;
        this.metrics = metrics;
        // Servers take these from every answer, so every answer carries them.
        this.settings = HeartbeatResponse.newBuilder()
                .setVolumeSizeLimit(volumeSizeLimitBytes)
                .setPreallocate(preallocate)
                .build();
    }

    /** A server opened a stream. */
    public StreamObserver<Heartbeat> open(StreamObserver<HeartbeatResponse> answers) {
        // With a handler set, an answer to a server that just left is dropped instead of thrown back at us.
        if (answers instanceof ServerCallStreamObserver<HeartbeatResponse> call) call.setOnCancelHandler(() -> { });
        HeartbeatStream stream = new HeartbeatStream(this, answers);
        open.add(stream);
        return stream;
    }

    /** Ends all streams, so that servers look for the next leader at once. */
    @Override
    public void close() {
        open.forEach(stream -> stream.end("this master is stopping"));
    }

    void ended(HeartbeatStream stream) {
        open.remove(stream);
    }

    Standing standing() {
        return standing;
    }

    LiveTopology topology() {
        return topology;
    }

    FileKeys keys() {
        return keys;
    }

    VolumeIds volumeIds() {
        return volumeIds;
    }

    MasterMetrics metrics() {
        return metrics;
    }

    HeartbeatResponse settings() {
        return settings;
    }
}
