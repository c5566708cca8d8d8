package dev.kelpfs.master.rpc;

import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.collection.CollectionRemover;
import dev.kelpfs.master.lock.AdminLocks;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.vacuum.VacuumRequest;
import dev.kelpfs.master.vacuum.VacuumSwitch;
import dev.kelpfs.master.vacuum.Vacuumer;
import dev.kelpfs.wire.master.CollectionDeleteRequest;
import dev.kelpfs.wire.master.CollectionDeleteResponse;
import dev.kelpfs.wire.master.DisableVacuumRequest;
import dev.kelpfs.wire.master.DisableVacuumResponse;
import dev.kelpfs.wire.master.EnableVacuumRequest;
import dev.kelpfs.wire.master.EnableVacuumResponse;
import dev.kelpfs.wire.master.GetAdminLockStatusRequest;
import dev.kelpfs.wire.master.GetAdminLockStatusResponse;
import dev.kelpfs.wire.master.LeaseAdminTokenRequest;
import dev.kelpfs.wire.master.LeaseAdminTokenResponse;
import dev.kelpfs.wire.master.ReleaseAdminTokenRequest;
import dev.kelpfs.wire.master.ReleaseAdminTokenResponse;
import dev.kelpfs.wire.master.VacuumVolumeRequest;
import dev.kelpfs.wire.master.VacuumVolumeResponse;
import dev.kelpfs.wire.master.VolumeMarkReadonlyRequest;
import dev.kelpfs.wire.master.VolumeMarkReadonlyResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * What administrators and volume servers have done: deleting, vacuuming, marking, locking. Methods may wait, and throw
 * {@link StatusRuntimeException} with the reason if what was asked for is not true afterwards. Safe for all threads.
 */
public final class Administration {
    private final LiveTopology topology;
    private final CollectionRemover collections;
    private final Vacuumer vacuumer;
    private final VacuumSwitch autoVacuum;
    private final AdminLocks locks;

    public Administration(
            LiveTopology topology, CollectionRemover collections, Vacuumer vacuumer, VacuumSwitch autoVacuum, AdminLocks locks) {
        this.topology = topology;
        this.collections = collections;
        this.vacuumer = vacuumer;
        this.autoVacuum = autoVacuum;
        this.locks = locks;
    }

    /** An unknown collection is success: it is not there. */
    CollectionDeleteResponse deleteCollection(CollectionDeleteRequest request) throws InterruptedException {
        return switch (collections.remove(request.getName())) {
            case CollectionRemover.Result.Removed _ -> CollectionDeleteResponse.getDefaultInstance();
            case CollectionRemover.Result.Unknown() -> CollectionDeleteResponse.getDefaultInstance();
            case CollectionRemover.Result.Incomplete(var reason) -> throw status(Status.UNKNOWN, reason);
        };
    }

    VacuumVolumeResponse vacuum(VacuumVolumeRequest request) throws InterruptedException {
        Vacuumer.Summary summary = vacuumer.vacuum(
                new VacuumRequest(request.getGarbageThreshold(), request.getVolumeId(), request.getCollection()));
        if (!summary.failures().isEmpty()) throw status(Status.UNKNOWN, summary.describe());
        if (request.getVolumeId() != 0) {
            if (!summary.notNow().isEmpty()) throw status(Status.UNKNOWN, summary.notNow().getFirst());
            if (summary.rewritten() + summary.clean() == 0) {
                throw status(Status.UNKNOWN, "volume id " + Integer.toUnsignedString(request.getVolumeId()) + " not found"
                        + (request.getCollection().isEmpty() ? "" : " in collection " + request.getCollection()));
            }
        }
        return VacuumVolumeResponse.getDefaultInstance();
    }

    DisableVacuumResponse disableVacuum(DisableVacuumRequest request) {
        autoVacuum.set(false, request.getByPlugin());
        return DisableVacuumResponse.getDefaultInstance();
    }

    EnableVacuumResponse enableVacuum(EnableVacuumRequest request) {
        autoVacuum.set(true, request.getByPlugin());
        return EnableVacuumResponse.getDefaultInstance();
    }

    /** A volume server says what is true already, so an unknown volume or server is no error. */
    VolumeMarkReadonlyResponse markReadOnly(VolumeMarkReadonlyRequest request) {
        topology.markReadOnly(
                request.getIp(), request.getPort(), new VolumeId(request.getVolumeId()), request.getIsReadonly());
        return VolumeMarkReadonlyResponse.getDefaultInstance();
    }

    LeaseAdminTokenResponse lease(LeaseAdminTokenRequest request) {
        AdminLocks.Outcome outcome = locks.lease(request.getLockName(), request.getClientName(), request.getMessage(),
                request.getPreviousToken(), request.getPreviousLockTime());
        return switch (outcome) {
            case AdminLocks.Outcome.Leased(long token, long since) ->
                LeaseAdminTokenResponse.newBuilder().setToken(token).setLockTsNs(since).build();
            case AdminLocks.Outcome.Held(var client, var message) ->
                throw status(Status.UNKNOWN, "already locked by " + client + ": " + message);
            case AdminLocks.Outcome.TooMany(int count) ->
                throw status(Status.RESOURCE_EXHAUSTED, count + " locks are held already; release some");
        };
    }

    ReleaseAdminTokenResponse release(ReleaseAdminTokenRequest request) {
        locks.release(request.getLockName(), request.getPreviousToken(), request.getPreviousLockTime());
        return ReleaseAdminTokenResponse.getDefaultInstance();
    }

    GetAdminLockStatusResponse lockStatus(GetAdminLockStatusRequest request) {
        return locks.holder(request.getLockName())
                .map(holder -> GetAdminLockStatusResponse.newBuilder()
                        .setIsLocked(true).setClientName(holder.client()).setMessage(holder.message()).build())
                .orElse(GetAdminLockStatusResponse.getDefaultInstance());
    }

    private static StatusRuntimeException status(Status status, String text) {
        return status.withDescription(text).asRuntimeException();
    }
}
