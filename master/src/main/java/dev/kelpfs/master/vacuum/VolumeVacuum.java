package dev.kelpfs.master.vacuum;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.servers.VolumeServers;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.master.topology.VolumeView;
import dev.kelpfs.wire.volume.VacuumVolumeCheckRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCleanupRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCommitRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCommitResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCompactRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vacuums one volume: asks every server for the garbage of its copy, has those with enough of it write a new copy side by
 * side, and only when all of these are complete has them taken into use, one server after another. Whatever fails before
 * leaves all copies as they were. Safe for all threads.
 */
final class VolumeVacuum {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeVacuum.class);
    private static final Duration CLEANUP_DEADLINE = Duration.ofMinutes(1);
    private static final int MIB_PER_MINUTE = 1000;
    /** A copy is read and written where a look only counts. */
    private static final int COMPACT_TIMES = 3;
    /** Writers that hold an id get so long to use it; what they write later is carried over too, but costs an extra round. */
    private static final Duration FOR_WRITERS = Duration.ofSeconds(30);
    private static final long NEARLY_NOTHING_BYTES = 2 << 20;
    private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final LiveTopology topology;
    private final VolumeServers servers;
    private final ExecutorService threads;
    private final long preallocateBytes;
    private final Duration checkDeadline;

    /** @param preallocateBytes reserved on disk for every new copy; 0 for none */
    VolumeVacuum(LiveTopology topology, VolumeServers servers, ExecutorService threads, long sizeLimitBytes, long preallocateBytes) {
        this.topology = topology;
        this.servers = servers;
        this.threads = threads;
        this.preallocateBytes = preallocateBytes;
        this.checkDeadline = Duration.ofMinutes((sizeLimitBytes >> 20) / MIB_PER_MINUTE + 1);
    }

    VacuumOutcome vacuum(VolumeView volume, double garbageThreshold) throws InterruptedException {
        VolumeId id = volume.id();
        List<Place> dirty = new ArrayList<>();
        try {
            List<Double> ratios = onAll(volume.places(), place -> garbage(place, id));
            for (int i = 0; i < ratios.size(); i++) {
                if (ratios.get(i) >= garbageThreshold) dirty.add(volume.places().get(i));
            }
        } catch (IOException failed) {
            return new VacuumOutcome.Failed(String.valueOf(failed.getMessage()));
        }
        if (dirty.isEmpty()) return new VacuumOutcome.Clean();
        boolean aside = topology.setAside(id);
        try {
            if (aside) waitForWriters(id);
            return rewrite(id, dirty);
        } finally {
            topology.takeBack(id);
        }
    }

    private VacuumOutcome rewrite(VolumeId id, List<Place> dirty) throws InterruptedException {
        try {
            onAll(dirty, place -> compact(place, id));
        } catch (IOException failed) {
            dirty.forEach(place -> cleanUp(place, id));
            return new VacuumOutcome.Failed(String.valueOf(failed.getMessage()));
        }
        int committed = 0;
        List<String> failures = new ArrayList<>();
        for (Place place : dirty) {
            try {
                commit(place, id);
                committed++;
            } catch (IOException failed) {
                cleanUp(place, id);
                failures.add(String.valueOf(failed.getMessage()));
            }
        }
        return failures.isEmpty() ? new VacuumOutcome.Rewritten(committed)
                : new VacuumOutcome.Failed(committed + " of " + dirty.size() + " copies are rewritten: " + String.join("; ", failures));
    }

    private void waitForWriters(VolumeId id) throws InterruptedException {
        for (long left = FOR_WRITERS.toNanos(); left > 0 && topology.pendingBytes(id) > NEARLY_NOTHING_BYTES; left -= LOOK_AGAIN_NANOS) {
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN_NANOS);
        }
    }

    private double garbage(Place place, VolumeId id) throws IOException {
        VacuumVolumeCheckRequest request = VacuumVolumeCheckRequest.newBuilder().setVolumeId(id.bits()).build();
        return servers.call(place, checkDeadline, "did not say how much of volume " + id + " is garbage",
                stub -> stub.vacuumVolumeCheck(request)).getGarbageRatio();
    }

    private boolean compact(Place place, VolumeId id) throws IOException {
        VacuumVolumeCompactRequest request = VacuumVolumeCompactRequest.newBuilder()
                .setVolumeId(id.bits()).setPreallocate(preallocateBytes).build();
        return servers.call(place, checkDeadline.multipliedBy(COMPACT_TIMES), "did not rewrite volume " + id, stub -> {
            stub.vacuumVolumeCompact(request).forEachRemaining(progress -> { });
            return true;
        });
    }

    private void commit(Place place, VolumeId id) throws IOException {
        VacuumVolumeCommitRequest request = VacuumVolumeCommitRequest.newBuilder().setVolumeId(id.bits()).build();
        VacuumVolumeCommitResponse now = servers.call(place, checkDeadline, "did not take the new copy of volume " + id + " into use",
                stub -> stub.vacuumVolumeCommit(request));
        topology.rewritten(place.nodeId(), id, now.getIsReadOnly(), now.getVolumeSize());
    }

    private void cleanUp(Place place, VolumeId id) {
        VacuumVolumeCleanupRequest request = VacuumVolumeCleanupRequest.newBuilder().setVolumeId(id.bits()).build();
        try {
            servers.call(place, CLEANUP_DEADLINE, "did not remove the unfinished copy of volume " + id,
                    stub -> stub.vacuumVolumeCleanup(request));
        } catch (IOException failed) {
            LOG.warn("{}; the server removes it when it starts again", failed.getMessage());
        }
    }

    @FunctionalInterface
    private interface OnServer<T> {
        T on(Place place) throws IOException;
    }

    /** Asks all servers at the same time; the first failure is thrown when all have answered. */
    private <T> List<T> onAll(List<Place> places, OnServer<T> call) throws IOException, InterruptedException {
        List<Future<T>> running = new ArrayList<>();
        for (Place place : places) {
            Callable<T> one = () -> call.on(place);
            running.add(threads.submit(one));
        }
        List<T> answers = new ArrayList<>();
        IOException failure = null;
        for (Future<T> one : running) {
            try {
                answers.add(one.get());
            } catch (ExecutionException failed) {
                IOException problem = failed.getCause() instanceof IOException known ? known : new IOException(failed.getCause());
                if (failure == null) failure = problem;
                else failure.addSuppressed(problem);
            }
        }
        if (failure != null) throw failure;
        return answers;
    }
}
