package dev.kelpfs.master.follow;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.kelp.FailedWrite;
import dev.kelpfs.wire.kelp.FailedWriteNoted;
import dev.kelpfs.wire.kelp.MastersGrpc;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Passes clients' reports on to the leader without waiting for it. While none is known, or many are on their way, a report is
 * dropped: a new leader asks all servers anyway, and the next failed write brings the next report. Safe for all threads.
 */
public final class ReportForward {
    private static final int MOST_ON_THEIR_WAY = 64;
    private static final int LIMIT_SECONDS = 2;

    private final LeaderWatch watch;
    private final RpcChannels channels;
    private final Semaphore places = new Semaphore(MOST_ON_THEIR_WAY);

    public ReportForward(LeaderWatch watch, RpcChannels channels) {
        this.watch = watch;
        this.channels = channels;
    }

    /** Sends the report, marked as one that goes no further. */
    public void passOn(FailedWrite report) {
        Optional<ServerAddress> leader = watch.current().map(LeaderWatch.Leader::address);
        if (leader.isEmpty() || !places.tryAcquire()) return;
        MastersGrpc.newStub(channels.to(leader.get())).withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
                .reportFailedWrite(report.toBuilder().setForwarded(true).build(), new Passing());
    }

    /** Gives the place free at the end. */
    private final class Passing implements StreamObserver<FailedWriteNoted> {
        @Override
        public void onNext(FailedWriteNoted noted) {}

        @Override
        public void onError(Throwable lost) {
            places.release();
        }

        @Override
        public void onCompleted() {
            places.release();
        }
    }
}
