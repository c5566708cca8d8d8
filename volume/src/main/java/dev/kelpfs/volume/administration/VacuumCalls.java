package dev.kelpfs.volume.administration;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.vacuum.CleanupResult;
import dev.kelpfs.storage.vacuum.CommitResult;
import dev.kelpfs.storage.vacuum.CompactObserver;
import dev.kelpfs.storage.vacuum.CompactOptions;
import dev.kelpfs.storage.vacuum.CompactResult;
import dev.kelpfs.storage.vacuum.Pause;
import dev.kelpfs.storage.vacuum.Vacuum;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.volume.metrics.VacuumMetrics;
import dev.kelpfs.wire.volume.VacuumVolumeCheckRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCheckResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCleanupRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCleanupResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCommitRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCommitResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCompactRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCompactResponse;
import io.grpc.Status;
import io.grpc.StatusException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a vacuum, as masters ask for them. Each works on a platform thread of its own, of which there are few; the
 * calling virtual thread waits for it.
 *
 * <p>Source: volume server, section 4.4. Unlike the reference a live record that cannot be read stops the vacuum: it is
 * left for a repair from another copy.
 */
public final class VacuumCalls {
    private static final Logger LOG = LoggerFactory.getLogger(VacuumCalls.class);
    private static final int MOST_AT_ONCE = 8;
    /** So many bytes of the old file lie between two messages. */
    private static final long REPORT_BYTES = 128L << 20;

    private final Store store;
    private final Vacuum vacuum;
    private final long bytesPerSecond;
    private final BooleanSupplier stopping;
    private final VacuumMetrics metrics;
    private final Ticker ticker;
    private final Semaphore threads = new Semaphore(MOST_AT_ONCE);

    /**
     * @param bytesPerSecond bound for what a vacuum reads; 0 for none
     * @param stopping no vacuum is put in place any more
     */
    public VacuumCalls(
            Store store, long bytesPerSecond, BooleanSupplier stopping, VacuumMetrics metrics, Ticker ticker) {
        this.store = store;
        this.vacuum = new Vacuum(ticker, Pause.sleeping());
        this.ticker = ticker;
        this.bytesPerSecond = bytesPerSecond;
        this.stopping = stopping;
        this.metrics = metrics;
    }

    VacuumVolumeCheckResponse check(VacuumVolumeCheckRequest request) throws StatusException {
        double ratio = vacuum.garbageRatio(mounted(request.getVolumeId()));
        return VacuumVolumeCheckResponse.newBuilder().setGarbageRatio(ratio).build();
    }

    /**
     * Compacts, and tells how far it is whenever much was read since it did so last.
     *
     * @param cancelled asked now and then; true ends the compaction
     */
    void compact(VacuumVolumeCompactRequest request, Consumer<VacuumVolumeCompactResponse> progress, BooleanSupplier cancelled)
            throws StatusException, IOException {
        Volume volume = mounted(request.getVolumeId());
        CompactOptions options =
                CompactOptions.DEFAULT.preallocating(Math.max(0, request.getPreallocate())).atMost(bytesPerSecond);
        long begun = ticker.nanos();
        boolean done = false;
        CompactResult result;
        try {
            result = onThread(volume, () -> vacuum.compact(volume, options, new Reporter(progress, cancelled)));
            done = result instanceof CompactResult.Compacted;
        } finally {
            metrics.compacted(done, ticker.nanos() - begun);
        }
        switch (result) {
            case CompactResult.Compacted(long copied, long expired, long dropped, long datBytes) -> LOG.debug(
                    "volume {} is compacted to {} bytes with {} files", volume.id(), datBytes, copied);
            case CompactResult.AlreadyRunning _ -> LOG.info("volume {} is being vacuumed already", volume.id());
            case CompactResult.Refused(var reason) -> throw failed("volume " + volume.id() + " is not compacted: " + reason);
            case CompactResult.NoSpace(var detail) -> throw failed("not enough free space: " + detail);
            case CompactResult.Unreadable(long keyBits, var detail) ->
                throw failed("volume " + volume.id() + " is not compacted: " + detail);
            case CompactResult.Cancelled _ ->
                throw Status.CANCELLED.withDescription("the vacuum of volume " + volume.id() + " was cancelled").asException();
            case CompactResult.Unmounted _ -> throw failed("volume " + volume.id() + " was unmounted just now, not found");
        }
    }

    /** @return what is in place now; whether the volume is read-only tells of before */
    VacuumVolumeCommitResponse commit(VacuumVolumeCommitRequest request) throws StatusException, IOException {
        Volume volume = mounted(request.getVolumeId());
        if (stopping.getAsBoolean()) throw failed("this server is stopping; volume " + volume.id() + " is left as it is");
        long begun = ticker.nanos();
        boolean done = false;
        CommitResult result;
        try {
            result = onThread(volume, () -> vacuum.commit(volume));
            done = result instanceof CommitResult.Committed;
        } finally {
            metrics.committed(done, ticker.nanos() - begun);
        }
        return switch (result) {
            case CommitResult.Committed(boolean wasReadOnly, long datBytes, int revision) ->
                VacuumVolumeCommitResponse.newBuilder().setIsReadOnly(wasReadOnly).setVolumeSize(datBytes).build();
            case CommitResult.NothingCompacted(var detail) -> throw failed(detail);
            case CommitResult.StillRunning _ -> throw failed("volume " + volume.id() + " is still being compacted; try again");
            case CommitResult.Refused(var reason) -> throw failed(reason);
            case CommitResult.Outpaced(var detail) -> throw failed(detail);
            case CommitResult.Unreadable(long keyBits, var detail) -> throw failed(detail);
            case CommitResult.NoSpace(var detail) -> throw failed(detail);
        };
    }

    VacuumVolumeCleanupResponse cleanup(VacuumVolumeCleanupRequest request) throws StatusException, IOException {
        Volume volume = mounted(request.getVolumeId());
        switch (onThread(volume, () -> vacuum.cleanup(volume))) {
            case CleanupResult.Clean _ -> LOG.debug("volume {} has no files of a vacuum", volume.id());
            case CleanupResult.Committing(var detail) -> throw failed(detail);
        }
        return VacuumVolumeCleanupResponse.getDefaultInstance();
    }

    /** For the compacting thread; one at a time. */
    private static final class Reporter implements CompactObserver {
        private static final OperatingSystemMXBean MACHINE = ManagementFactory.getOperatingSystemMXBean();

        private final Consumer<VacuumVolumeCompactResponse> progress;
        private final BooleanSupplier cancelled;
        private long reportedBytes;

        Reporter(Consumer<VacuumVolumeCompactResponse> progress, BooleanSupplier cancelled) {
            this.progress = progress;
            this.cancelled = cancelled;
        }

        @Override
        public void processed(long sourceBytes) {
            if (sourceBytes - reportedBytes <= REPORT_BYTES) return;
            reportedBytes = sourceBytes;
            double load = Math.max(0, MACHINE.getSystemLoadAverage()) / MACHINE.getAvailableProcessors();
            progress.accept(VacuumVolumeCompactResponse.newBuilder()
                    .setProcessedBytes(sourceBytes).setLoadAvg1M((float) load).build());
        }

        @Override
        public boolean isCancelled() {
            return cancelled.getAsBoolean();
        }
    }

    /** Does the work on a platform thread that nobody interrupts, and waits for its end. */
    private <T> T onThread(Volume volume, Callable<T> work) throws StatusException, IOException {
        if (!threads.tryAcquire()) {
            throw Status.RESOURCE_EXHAUSTED.withDescription(MOST_AT_ONCE + " steps of vacuums are under way; try again later")
                    .asException();
        }
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().name("kelp-vacuum-" + volume.id()).daemon().start(() -> {
            try {
                task.run();
            } finally {
                threads.release();
            }
        });
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException later) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    if (failed.getCause() instanceof IOException disk) throw disk;
                    throw new IllegalStateException("a vacuum failed in an unforeseen way", failed.getCause());
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private Volume mounted(int id) throws StatusException {
        VolumeId volume = new VolumeId(id);
        return store.volume(volume).orElseThrow(() -> failed("volume id " + volume + " is not found"));
    }

    private static StatusException failed(String message) {
        return Status.UNKNOWN.withDescription(message).asException();
    }
}
