package dev.kelpfs.shell.access;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.wire.master.GetAdminLockStatusRequest;
import dev.kelpfs.wire.master.GetAdminLockStatusResponse;
import dev.kelpfs.wire.master.LeaseAdminTokenRequest;
import dev.kelpfs.wire.master.LeaseAdminTokenResponse;
import dev.kelpfs.wire.master.ReleaseAdminTokenRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to change the cluster, which one shell has at a time: a lease of ten seconds from the master that leads,
 * renewed by a thread of its own for as long as it is wanted. Safe for all threads.
 */
public final class AdminLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminLock.class);
    private static final String NAME = "shell";
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration RENEW_AFTER = Duration.ofSeconds(4);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(3);

    private final Masters masters;
    private final String clientName;
    private final Ticker ticker;
    private final Pause pause;

    // Guarded by this.
    private @Nullable Lease lease;
    private @Nullable Thread renewer;
    private String message = "";

    /** What the master gave. @param askedNanos when it was asked, from which its ten seconds are counted at the latest */
    private record Lease(long token, long sinceEpochNanos, long askedNanos) {
        boolean isValid(long nowNanos) {
            return nowNanos - askedNanos < LEASE.toNanos();
        }
    }

    /** @param clientName what others are told about who holds the lock */
    public AdminLock(Masters masters, String clientName, Ticker ticker, Pause pause) {
        this.masters = masters;
        this.clientName = clientName;
        this.ticker = ticker;
        this.pause = pause;
    }

    /** True while the lock is held for certain. */
    public synchronized boolean isHeld() {
        return lease != null && lease.isValid(ticker.nanos());
    }

    /** True if it was taken, not given back, and is not held any more. */
    public synchronized boolean isLost() {
        return lease != null && !isHeld();
    }

    /** Says what the holder is doing, for whoever waits. */
    public synchronized void doing(String what) {
        message = what;
    }

    /**
     * Takes the lock, waiting for as long as somebody else has it.
     *
     * @param tell is told who has it when that changes, and when it is obtained after all
     * @throws AccessException if no master can be asked
     */
    public void acquire(Consumer<String> tell) throws AccessException, InterruptedException {
        String lastTold = "";
        while (!isHeld()) {
            try {
                lease(true);
            } catch (AccessException refused) {
                if (refused.code() == Status.Code.UNAVAILABLE) throw refused;
                String holder = holder().orElse("");
                if (holder.isEmpty() && refused.code() != Status.Code.UNKNOWN) throw refused;
                if (!holder.equals(lastTold) && !holder.isEmpty()) tell.accept("the lock is held by " + holder + "; waiting");
                lastTold = holder.isEmpty() ? lastTold : holder;
                pause.of(RETRY_AFTER);
            }
        }
        if (!lastTold.isEmpty()) tell.accept("the lock is acquired");
        startRenewing();
    }

    /** Who has the lock, as far as the master knows. */
    public Optional<String> holder() throws AccessException {
        GetAdminLockStatusRequest question = GetAdminLockStatusRequest.newBuilder().setLockName(NAME).build();
        GetAdminLockStatusResponse status = masters.ask("lock status", Masters.SHORT, stub -> stub.getAdminLockStatus(question));
        if (!status.getIsLocked()) return Optional.empty();
        return Optional.of(status.getClientName() + (status.getMessage().isEmpty() ? "" : " (" + status.getMessage() + ")"));
    }

    /** Asks for the lease, a first or a further one. */
    private void lease(boolean patient) throws AccessException {
        Lease before;
        LeaseAdminTokenRequest.Builder request = LeaseAdminTokenRequest.newBuilder().setLockName(NAME).setClientName(clientName);
        synchronized (this) {
            before = lease;
            request.setMessage(message);
        }
        if (before != null) request.setPreviousToken(before.token).setPreviousLockTime(before.sinceEpochNanos);
        long askedNanos = ticker.nanos();
        LeaseAdminTokenRequest asked = request.build();
        LeaseAdminTokenResponse given = patient
                ? masters.ask("lock", LONGEST_CALL, stub -> stub.leaseAdminToken(asked))
                : masters.askOnce("renewing the lock", LONGEST_CALL, stub -> stub.leaseAdminToken(asked));
        synchronized (this) {
            // Else it was released meanwhile.
            if (lease == before) lease = new Lease(given.getToken(), given.getLockTsNs(), askedNanos);
        }
    }

    private synchronized void startRenewing() {
        if (renewer != null) return;
        renewer = Thread.ofPlatform().daemon().name("kelp-shell-lock").start(this::renew);
    }

    private void renew() {
        try {
            Duration wait = RENEW_AFTER;
            while (true) {
                pause.of(wait);
                wait = renewOnce() ? RENEW_AFTER : RETRY_AFTER;
            }
        } catch (InterruptedException released) {
            // Nobody wants the lock any more.
        }
    }

    /** A lease that has run out is not taken again: somebody else may have changed the cluster since. */
    private boolean renewOnce() {
        if (!isHeld()) return true;
        try {
            lease(false);
            return true;
        } catch (AccessException failed) {
            LOG.debug("{}", failed.getMessage());
            return false;
        }
    }

    /** Gives the lock back, if it is held. */
    public void release() throws AccessException {
        stopRenewing();
        Lease held;
        synchronized (this) {
            held = lease;
            lease = null;
            message = "";
        }
        if (held == null || !held.isValid(ticker.nanos())) return;
        ReleaseAdminTokenRequest request = ReleaseAdminTokenRequest.newBuilder()
                .setLockName(NAME).setPreviousToken(held.token).setPreviousLockTime(held.sinceEpochNanos).build();
        masters.askOnce("unlock", LONGEST_CALL, stub -> stub.releaseAdminToken(request));
    }

    /** Waits for a renewal under way, whose lease would be another one than that which is given back. */
    private void stopRenewing() {
        Thread stopping;
        synchronized (this) {
            stopping = renewer;
            renewer = null;
        }
        if (stopping == null) return;
        stopping.interrupt();
        try {
            stopping.join(LONGEST_CALL);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@link #release}; if no master answers, the lease ends by itself. */
    @Override
    public void close() {
        try {
            release();
        } catch (AccessException failed) {
            LOG.debug("{}", failed.getMessage());
        }
    }
}
