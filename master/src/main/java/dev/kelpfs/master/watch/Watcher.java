package dev.kelpfs.master.watch;

import dev.kelpfs.wire.master.KeepConnectedRequest;
import dev.kelpfs.wire.master.KeepConnectedResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** One client that follows. Messages wait in a bounded queue until the connection takes them. Safe for all threads. */
final class Watcher implements StreamObserver<KeepConnectedRequest> {
    private static final int QUEUE_LIMIT = 10_000;

    private final Watchers watchers;
    private final boolean kelp;
    // All guarded by this.
    private final ServerCallStreamObserver<KeepConnectedResponse> answers;
    private final Deque<KeepConnectedResponse> queue = new ArrayDeque<>();
    private Optional<KeepConnectedRequest> request = Optional.empty();
    private boolean completing;
    private boolean over;

    /** @param kelp the client is a process of Kelp */
    Watcher(Watchers watchers, ServerCallStreamObserver<KeepConnectedResponse> answers, boolean kelp) {
        this.watchers = watchers;
        this.kelp = kelp;
        this.answers = answers;
        answers.setOnReadyHandler(this::drain);
        answers.setOnCancelHandler(this::gone);
    }

    boolean isKelp() {
        return kelp;
    }

    /** The first message says who the client is; later ones say nothing. */
    @Override
    public void onNext(KeepConnectedRequest message) {
        KeepConnectedRequest who = watchers.identified(message);
        synchronized (this) {
            if (request.isPresent()) return;
            request = Optional.of(who);
        }
        watchers.began(this, who);
    }

    @Override
    public void onError(Throwable cut) {
        gone();
    }

    @Override
    public void onCompleted() {
        complete();
    }

    void send(KeepConnectedResponse message) {
        synchronized (this) {
            if (over || completing) return;
            if (queue.size() < QUEUE_LIMIT) {
                queue.add(message);
                drain();
                return;
            }
        }
        watchers.tooSlow();
        // Outside the guard: the end of a member is announced to the others, which have guards of their own.
        end(Status.RESOURCE_EXHAUSTED.withDescription(
                QUEUE_LIMIT + " changes wait for this client already; connect again for the whole picture"));
    }

    /** Ends the stream when everything sent so far has gone out. */
    void complete() {
        synchronized (this) {
            if (over) return;
            completing = true;
            drain();
        }
        watchers.ended(this, who());
    }

    /** Ends the stream at once. */
    void end(Status status) {
        synchronized (this) {
            if (over) return;
            over = true;
            queue.clear();
            answers.onError(status.asRuntimeException());
        }
        watchers.ended(this, who());
    }

    private synchronized Optional<KeepConnectedRequest> who() {
        return request;
    }

    private void gone() {
        synchronized (this) {
            over = true;
            queue.clear();
        }
        watchers.ended(this, who());
    }

    private synchronized void drain() {
        while (!over && !queue.isEmpty() && answers.isReady()) answers.onNext(queue.poll());
        if (!over && completing && queue.isEmpty()) {
            over = true;
            answers.onCompleted();
        }
    }
}
