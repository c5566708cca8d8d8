package dev.kelpfs.volume.administration;

import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.storage.AllocateResult;
import dev.kelpfs.storage.DeleteVolumeResult;
import dev.kelpfs.storage.MountResult;
import dev.kelpfs.storage.NewVolume;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.volume.ReadOnlyState;
import dev.kelpfs.storage.volume.Volume;
import dev.kelpfs.storage.volume.VolumeNumbers;
import dev.kelpfs.volume.location.VolumeLocations;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import dev.kelpfs.wire.volume.AllocateVolumeResponse;
import dev.kelpfs.wire.volume.BatchDeleteRequest;
import dev.kelpfs.wire.volume.BatchDeleteResponse;
import dev.kelpfs.wire.volume.DeleteCollectionRequest;
import dev.kelpfs.wire.volume.DeleteCollectionResponse;
import dev.kelpfs.wire.volume.PingRequest;
import dev.kelpfs.wire.volume.PingResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCheckRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCheckResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCleanupRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCleanupResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCommitRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCommitResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCompactRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCompactResponse;
import dev.kelpfs.wire.volume.VolumeDeleteRequest;
import dev.kelpfs.wire.volume.VolumeDeleteResponse;
import dev.kelpfs.wire.volume.VolumeMarkReadonlyRequest;
import dev.kelpfs.wire.volume.VolumeMarkReadonlyResponse;
import dev.kelpfs.wire.volume.VolumeMarkWritableRequest;
import dev.kelpfs.wire.volume.VolumeMarkWritableResponse;
import dev.kelpfs.wire.volume.VolumeMountRequest;
import dev.kelpfs.wire.volume.VolumeMountResponse;
import dev.kelpfs.wire.volume.VolumeServerGrpc;
import dev.kelpfs.wire.volume.VolumeServerLeaveRequest;
import dev.kelpfs.wire.volume.VolumeServerLeaveResponse;
import dev.kelpfs.wire.volume.VolumeServerStatusRequest;
import dev.kelpfs.wire.volume.VolumeServerStatusResponse;
import dev.kelpfs.wire.volume.VolumeStatusRequest;
import dev.kelpfs.wire.volume.VolumeStatusResponse;
import dev.kelpfs.wire.volume.VolumeUnmountRequest;
import dev.kelpfs.wire.volume.VolumeUnmountResponse;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the calls; what they change is told to the master at once. Handlers may block. Safe for all threads. */
public final class AdministrationService extends VolumeServerGrpc.VolumeServerImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(AdministrationService.class);
    private static final int NEW_VOLUME_VERSION = 3;
    private static final int PLACEMENT_DIGITS = 3;

    private final Store store;
    private final Announcements announcements;
    private final ServerStatus status;
    private final Pings pings;
    private final BatchDeletes batchDeletes;
    private final VacuumCalls vacuums;
    private final MasterMarks marks;
    private final VolumeLocations locations;

    public AdministrationService(
            Store store, Announcements announcements, ServerStatus status, Pings pings, BatchDeletes batchDeletes,
            VacuumCalls vacuums, MasterMarks marks, VolumeLocations locations) {
        this.store = store;
        this.announcements = announcements;
        this.status = status;
        this.pings = pings;
        this.batchDeletes = batchDeletes;
        this.vacuums = vacuums;
        this.marks = marks;
        this.locations = locations;
    }

    @Override
    public void allocateVolume(AllocateVolumeRequest request, StreamObserver<AllocateVolumeResponse> out) {
        answer(out, () -> {
            NewVolume wanted = wanted(request);
            switch (store.allocate(wanted)) {
                case AllocateResult.Allocated _ -> announcements.volumesChanged();
                case AllocateResult.AlreadyMounted _ -> throw failed("volume id " + wanted.id() + " already exists");
                case AllocateResult.Taken(var reason) -> throw failed("volume id " + wanted.id() + " is taken: " + reason);
                case AllocateResult.NoRoom(var detail) -> throw failed("no room for volume " + wanted.id() + ": " + detail);
            }
            return AllocateVolumeResponse.getDefaultInstance();
        });
    }

    private static NewVolume wanted(AllocateVolumeRequest request) throws StatusException {
        if (request.getVersion() < 1 || request.getVersion() > NEW_VOLUME_VERSION) {
            throw failed("volume super block version " + request.getVersion() + " is not supported");
        }
        if (request.getVersion() != NEW_VOLUME_VERSION) {
            throw failed("new volumes have version " + NEW_VOLUME_VERSION + ", asked for was " + request.getVersion());
        }
        String digits = request.getReplication();
        try {
            return new NewVolume(
                    new VolumeId(request.getVolumeId()),
                    new CollectionName(request.getCollection()),
                    ReplicaPlacement.parse(digits.substring(0, Math.min(PLACEMENT_DIGITS, digits.length()))),
                    Ttl.parse(request.getTtl()),
                    new DiskType(request.getDiskType()),
                    Math.max(0, request.getPreallocate()));
        } catch (IllegalArgumentException wrong) {
            throw failed(String.valueOf(wrong.getMessage()));
        }
    }

    @Override
    public void volumeMount(VolumeMountRequest request, StreamObserver<VolumeMountResponse> out) {
        answer(out, () -> {
            VolumeId id = new VolumeId(request.getVolumeId());
            switch (store.mount(id)) {
                case MountResult.Mounted _, MountResult.AlreadyMounted _ -> {
                    // It may have come from, or been copied to, another server meanwhile.
                    locations.forget(id);
                    announcements.volumesChanged();
                }
                case MountResult.NotFound _ -> throw failed("volume " + id + " not found on disk");
                case MountResult.Refused(var reason) -> throw failed("volume " + id + " cannot be mounted: " + reason);
            }
            return VolumeMountResponse.getDefaultInstance();
        });
    }

    @Override
    public void volumeUnmount(VolumeUnmountRequest request, StreamObserver<VolumeUnmountResponse> out) {
        answer(out, () -> {
            try {
                store.unmount(new VolumeId(request.getVolumeId()));
            } finally {
                announcements.volumesChanged();
            }
            return VolumeUnmountResponse.getDefaultInstance();
        });
    }

    @Override
    public void volumeDelete(VolumeDeleteRequest request, StreamObserver<VolumeDeleteResponse> out) {
        answer(out, () -> {
            VolumeId id = new VolumeId(request.getVolumeId());
            try {
                switch (store.delete(id, request.getOnlyEmpty())) {
                    case DeleteVolumeResult.Deleted _ -> LOG.info("volume {} was deleted on request", id);
                    case DeleteVolumeResult.NotFound _ -> throw failed("volume " + id + " not found on disk");
                    case DeleteVolumeResult.NotEmpty(long liveFiles) ->
                        throw failed("volume not empty: volume " + id + " has " + liveFiles + " files");
                }
            } finally {
                announcements.volumesChanged();
            }
            return VolumeDeleteResponse.getDefaultInstance();
        });
    }

    @Override
    public void deleteCollection(DeleteCollectionRequest request, StreamObserver<DeleteCollectionResponse> out) {
        answer(out, () -> {
            try {
                LOG.info("deleted collection \"{}\": volumes {}", request.getCollection(),
                        store.deleteCollection(new CollectionName(request.getCollection())));
            } catch (IllegalArgumentException noName) {
                throw failed(String.valueOf(noName.getMessage()));
            } finally {
                announcements.volumesChanged();
            }
            return DeleteCollectionResponse.getDefaultInstance();
        });
    }

    @Override
    public void volumeMarkReadonly(VolumeMarkReadonlyRequest request, StreamObserver<VolumeMarkReadonlyResponse> out) {
        answer(out, () -> {
            Volume volume = mounted(request.getVolumeId());
            // Before, so that nobody is sent here in between; after, lest a beat from before undid it.
            marks.tell(volume.id(), true);
            volume.markReadOnly(request.getCanDelete(), request.getPersist());
            announcements.volumesChanged();
            marks.tell(volume.id(), true);
            return VolumeMarkReadonlyResponse.getDefaultInstance();
        });
    }

    @Override
    public void volumeMarkWritable(VolumeMarkWritableRequest request, StreamObserver<VolumeMarkWritableResponse> out) {
        answer(out, () -> {
            Volume volume = mounted(request.getVolumeId());
            // While it took no writes it may have got another copy.
            locations.forget(volume.id());
            ReadOnlyState left = volume.markWritable();
            announcements.volumesChanged();
            if (!left.isWritable()) throw failed("the volume stays read-only: " + left.whyNoWrites().orElse(""));
            marks.tell(volume.id(), false);
            return VolumeMarkWritableResponse.getDefaultInstance();
        });
    }

    @Override
    public void vacuumVolumeCheck(VacuumVolumeCheckRequest request, StreamObserver<VacuumVolumeCheckResponse> out) {
        answer(out, () -> vacuums.check(request));
    }

    @Override
    public void vacuumVolumeCompact(VacuumVolumeCompactRequest request, StreamObserver<VacuumVolumeCompactResponse> out) {
        ServerCallStreamObserver<VacuumVolumeCompactResponse> call =
                (ServerCallStreamObserver<VacuumVolumeCompactResponse>) out;
        Optional<StatusException> failure = failureOf(() -> {
            vacuums.compact(request, call::onNext, call::isCancelled);
            return request;
        });
        if (failure.isPresent()) out.onError(failure.get());
        else out.onCompleted();
    }

    @Override
    public void vacuumVolumeCommit(VacuumVolumeCommitRequest request, StreamObserver<VacuumVolumeCommitResponse> out) {
        answer(out, () -> {
            VacuumVolumeCommitResponse committed = vacuums.commit(request);
            announcements.volumesChanged();
            return committed;
        });
    }

    @Override
    public void vacuumVolumeCleanup(VacuumVolumeCleanupRequest request, StreamObserver<VacuumVolumeCleanupResponse> out) {
        answer(out, () -> vacuums.cleanup(request));
    }

    @Override
    public void volumeStatus(VolumeStatusRequest request, StreamObserver<VolumeStatusResponse> out) {
        answer(out, () -> {
            Volume volume = mounted(request.getVolumeId());
            VolumeNumbers numbers = volume.numbers();
            return VolumeStatusResponse.newBuilder()
                    .setIsReadOnly(!volume.readOnly().isWritable())
                    .setVolumeSize(numbers.datBytes())
                    .setFileCount(numbers.files())
                    .setFileDeletedCount(numbers.deleted())
                    .build();
        });
    }

    @Override
    public void volumeServerStatus(VolumeServerStatusRequest request, StreamObserver<VolumeServerStatusResponse> out) {
        answer(out, status::message);
    }

    @Override
    public void volumeServerLeave(VolumeServerLeaveRequest request, StreamObserver<VolumeServerLeaveResponse> out) {
        answer(out, () -> {
            announcements.leave();
            return VolumeServerLeaveResponse.getDefaultInstance();
        });
    }

    @Override
    public void batchDelete(BatchDeleteRequest request, StreamObserver<BatchDeleteResponse> out) {
        answer(out, () -> batchDeletes.delete(request));
    }

    @Override
    public void ping(PingRequest request, StreamObserver<PingResponse> out) {
        answer(out, () -> pings.ping(request));
    }

    private Volume mounted(int id) throws StatusException {
        VolumeId volume = new VolumeId(id);
        return store.volume(volume).orElseThrow(() -> failed("not found volume id " + volume));
    }

    private static StatusException failed(String message) {
        return Status.UNKNOWN.withDescription(message).asException();
    }

    private static <T> void answer(StreamObserver<T> out, Callable<T> work) {
        AtomicReference<T> message = new AtomicReference<>();
        Optional<StatusException> failure = failureOf(() -> {
            message.set(work.call());
            return message;
        });
        if (failure.isPresent()) {
            out.onError(failure.get());
            return;
        }
        out.onNext(message.get());
        out.onCompleted();
    }

    /** Does the work. The one place where failures become gRPC statuses. */
    private static Optional<StatusException> failureOf(Callable<?> work) {
        try {
            work.call();
            return Optional.empty();
        } catch (StatusException refused) {
            return Optional.of(refused);
        } catch (IOException disk) {
            LOG.error("a call failed at the disk: {}", disk.getMessage());
            return Optional.of(failed(String.valueOf(disk.getMessage())));
        } catch (Exception bug) {
            LOG.error("a call failed", bug);
            return Optional.of(Status.INTERNAL.withDescription("internal error; the server's log says more").asException());
        }
    }
}
