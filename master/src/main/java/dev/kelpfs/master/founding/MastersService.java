package dev.kelpfs.master.founding;

import dev.kelpfs.master.raft.Member;
import dev.kelpfs.wire.kelp.ClusterHealth;
import dev.kelpfs.wire.kelp.FailedWrite;
import dev.kelpfs.wire.kelp.FailedWriteNoted;
import dev.kelpfs.wire.kelp.HealthRequest;
import dev.kelpfs.wire.kelp.Introduction;
import dev.kelpfs.wire.kelp.JoinRequest;
import dev.kelpfs.wire.kelp.JoinResponse;
import dev.kelpfs.wire.kelp.LeaderView;
import dev.kelpfs.wire.kelp.MastersGrpc.MastersImplBase;
import dev.kelpfs.wire.kelp.WatchLeaderRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The service {@code kelp_pb.Masters}. Safe for all threads. */
public final class MastersService extends MastersImplBase {
    private final UnaryOperator<Introduction> introduction;
    private final Function<Member, JoinResponse> admission;
    private final LeaderStreams streams;
    private final Consumer<FailedWrite> failedWrites;
    private final Supplier<ClusterHealth> health;

    /**
     * @param introduction what this master says of itself to another that says who it is; may write to disk
     * @param admission takes a master in, or gives the reason why not; may wait
     * @param failedWrites told what clients report; quick
     * @param health what is wrong, as far as this master knows; does not wait for others
     */
    public MastersService(
            UnaryOperator<Introduction> introduction, Function<Member, JoinResponse> admission, LeaderStreams streams,
            Consumer<FailedWrite> failedWrites, Supplier<ClusterHealth> health) {
        this.introduction = introduction;
        this.admission = admission;
        this.streams = streams;
        this.failedWrites = failedWrites;
        this.health = health;
    }

    @Override
    public void introduce(Introduction request, StreamObserver<Introduction> answer) {
        answer.onNext(introduction.apply(request));
        answer.onCompleted();
    }

    @Override
    public void join(JoinRequest request, StreamObserver<JoinResponse> answer) {
        JoinResponse outcome;
        try {
            outcome = admission.apply(Member.of(request.getSelf()));
        } catch (IllegalArgumentException unreadable) {
            outcome = JoinResponse.newBuilder().setRefusal("the request cannot be read: " + unreadable.getMessage()).build();
        }
        answer.onNext(outcome);
        answer.onCompleted();
    }

    @Override
    public void watchLeader(WatchLeaderRequest request, StreamObserver<LeaderView> answer) {
        streams.add((ServerCallStreamObserver<LeaderView>) answer);
    }

    @Override
    public void reportFailedWrite(FailedWrite report, StreamObserver<FailedWriteNoted> answer) {
        failedWrites.accept(report);
        answer.onNext(FailedWriteNoted.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public void health(HealthRequest request, StreamObserver<ClusterHealth> answer) {
        answer.onNext(health.get());
        answer.onCompleted();
    }
}
