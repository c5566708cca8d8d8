package dev.kelpfs.master.raft;

import dev.kelpfs.wire.kelp.RaftMessage;
import dev.kelpfs.wire.kelp.RaftTransportGrpc.RaftTransportImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.apache.ratis.server.protocol.RaftServerProtocol;
import org.jspecify.annotations.Nullable;

/** The service by which other masters reach this one's consensus; refuses while there is none. Safe for all threads. */
public final class RaftDoor extends RaftTransportImplBase {
    private volatile @Nullable RaftServerProtocol behind;

    void open(RaftServerProtocol server) {
        behind = server;
    }

    void close() {
        behind = null;
    }

    @Override
    public void exchange(RaftMessage request, StreamObserver<RaftMessage> answer) {
        RaftServerProtocol server = behind;
        if (server == null) {
            answer.onError(Status.UNAVAILABLE.withDescription("this master takes no part in a consensus yet").asRuntimeException());
            return;
        }
        try {
            RaftMessage reply = RaftMessages.serve(server, request);
            answer.onNext(reply);
            answer.onCompleted();
        } catch (IOException | RuntimeException refused) {
            // Another cluster's log, or a server that is just starting: the sender logs it and tries again.
            answer.onError(Status.FAILED_PRECONDITION.withDescription(String.valueOf(refused.getMessage())).asRuntimeException());
        }
    }
}
