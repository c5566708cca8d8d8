package dev.kelpfs.master.follow;

import com.google.common.util.concurrent.ListenableFuture;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.ConnectFailures;
import dev.kelpfs.rpc.RpcChannels;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Has unary calls answered by the leader, one hop. Safe for all threads; calls wait. */
public final class GrpcForward {
    /** Stands in every call that a master forwards; such a call goes no further. */
    public static final Metadata.Key<String> FORWARDED = Metadata.Key.of("kelp-forwarded-by", Metadata.ASCII_STRING_MARSHALLER);

    /** What clients of both kinds look for before they search the leader. */
    public static final String NOT_LEADER = "raft.Server: Not current leader";

    private static final int LONGEST_SECONDS = 120;

    private final Parking parking;
    private final LeaderWatch watch;
    private final RpcChannels channels;
    private final Metadata headers = new Metadata();

    public GrpcForward(Parking parking, LeaderWatch watch, RpcChannels channels, ServerAddress self) {
        this.parking = parking;
        this.watch = watch;
        this.channels = channels;
        headers.put(FORWARDED, self.withBothPorts());
    }

    /**
     * The leader's answer.
     *
     * @param repeatable doing it twice does no harm
     * @throws StatusRuntimeException what the leader answered; UNAVAILABLE with {@link #NOT_LEADER} if none was there
     */
    public <Q, A> A forward(MethodDescriptor<Q, A> method, Q request, boolean repeatable) throws InterruptedException {
        try {
            return parking.atLeader(leader -> call(leader, method, request, repeatable));
        } catch (Parking.NoLeaderException nobody) {
            throw Status.UNAVAILABLE.withDescription(NOT_LEADER + ": " + nobody.getMessage()).asRuntimeException();
        } catch (InterruptedException | RuntimeException known) {
            throw known;
        } catch (Exception other) {
            throw new IllegalStateException(other);
        }
    }

    private <Q, A> A call(LeaderWatch.Leader leader, MethodDescriptor<Q, A> method, Q request, boolean repeatable)
            throws Parking.NotDoneException, InterruptedException {
        ManagedChannel channel = channels.to(leader.address());
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) channel.resetConnectBackoff();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(LONGEST_SECONDS, TimeUnit.SECONDS);
        Channel marked = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        ListenableFuture<A> answer = ClientCalls.futureUnaryCall(marked.newCall(method, options), request);
        // A leader that is paused or cut off answers nobody; what may be repeated then need not wait for it.
        Runnable giveUp = () -> {
            if (!watch.current().filter(leader::equals).isPresent()) answer.cancel(true);
        };
        LeaderWatch.Listening listening = repeatable ? watch.onChange(giveUp) : () -> { };
        try {
            if (repeatable) giveUp.run();
            return answer.get();
        } catch (ExecutionException failed) {
            throw outcome(Status.fromThrowable(failed), repeatable);
        } catch (CancellationException anotherLeads) {
            throw new Parking.NotDoneException(leader.address().http() + " leads no more", anotherLeads);
        } finally {
            listening.close();
        }
    }

    private static StatusRuntimeException outcome(Status status, boolean repeatable) throws Parking.NotDoneException {
        boolean refused = status.getCode() == Status.Code.UNAVAILABLE
                && (String.valueOf(status.getDescription()).contains(NOT_LEADER) || ConnectFailures.isUnconnected(status));
        if (refused || repeatable && status.getCode() == Status.Code.UNAVAILABLE) {
            throw new Parking.NotDoneException(String.valueOf(status.getDescription()), status.asRuntimeException());
        }
        return status.asRuntimeException();
    }
}
