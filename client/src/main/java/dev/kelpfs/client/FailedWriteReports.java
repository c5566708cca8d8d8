package dev.kelpfs.client;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.kelp.FailedWrite;
import dev.kelpfs.wire.kelp.FailedWriteNoted;
import dev.kelpfs.wire.kelp.MastersGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells a master of volume servers that could not be written to, so that the leader looks after them at once instead of giving
 * them to the next client. Nobody waits for it; a report that is lost costs nothing. A server is reported once a second at most,
 * and masters that do not know the call, those of the reference, are left in peace. Safe for all threads.
 */
final class FailedWriteReports {
    private static final int MOST_UNDER_WAY = 4;
    private static final int LIMIT_SECONDS = 2;
    private static final Duration SPACING = Duration.ofSeconds(1);
    private static final int SERVER_ERRORS = 500;

    private final Supplier<ServerAddress> master;
    private final RpcChannels channels;
    private final Ticker ticker;
    private final Semaphore places = new Semaphore(MOST_UNDER_WAY);
    /** Addresses of masters that do not know the call. */
    private final Set<String> unaware = ConcurrentHashMap.newKeySet();
    /** When servers were reported, for as long as they must not be again. Guarded by itself. */
    private final Map<String, Long> reported = new HashMap<>();

    /** @param master whom to tell: the one that leads, or whoever passes it on */
    FailedWriteReports(Supplier<ServerAddress> master, RpcChannels channels, Ticker ticker) {
        this.master = master;
        this.channels = channels;
        this.ticker = ticker;
    }

    /** A write to the server failed. Reports it if the server may be gone; one that refused on purpose is there. */
    void failed(Location server, KelpException failure) {
        if (failure.httpStatus().orElse(SERVER_ERRORS) < SERVER_ERRORS || Thread.currentThread().isInterrupted()) return;
        ServerAddress to = master.get();
        if (unaware.contains(to.http()) || !isDue(server.url())) return;
        if (!places.tryAcquire()) return;
        MastersGrpc.newStub(channels.to(to)).withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
                .reportFailedWrite(FailedWrite.newBuilder().setServer(server.url()).build(), new Reporting(to));
    }

    private boolean isDue(String url) {
        long now = ticker.nanos();
        synchronized (reported) {
            reported.values().removeIf(then -> now - then >= SPACING.toNanos());
            return reported.putIfAbsent(url, now) == null;
        }
    }

    /** Gives the place free at the end. */
    private final class Reporting implements StreamObserver<FailedWriteNoted> {
        private final ServerAddress to;

        Reporting(ServerAddress to) {
            this.to = to;
        }

        @Override
        public void onNext(FailedWriteNoted noted) {}

        @Override
        public void onError(Throwable lost) {
            places.release();
            if (Status.fromThrowable(lost).getCode() == Status.Code.UNIMPLEMENTED) unaware.add(to.http());
        }

        @Override
        public void onCompleted() {
            places.release();
        }
    }
}
