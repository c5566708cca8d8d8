package dev.kelpfs.client;

import dev.kelpfs.rpc.StatusLine;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.SeaweedGrpc.SeaweedStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks one master for ids over one stream: answers come in the order of the questions. When the stream ends, the question
 * at its head is told why, and those behind it that they may be asked again; the next question opens another stream. At
 * most {@value #MOST_WAITING} questions wait. Safe for all threads; every call blocks.
 *
 * <p>Source: master, section 4.3.
 */
final class AssignStream implements AutoCloseable {
    private static final int MOST_WAITING = 1000;

    private final SeaweedStub stub;
    /** Guarded by this. */
    private @Nullable Session session;

    AssignStream(SeaweedStub stub) {
        this.stub = stub;
    }

    /**
     * One question.
     *
     * @throws StatusRuntimeException RESOURCE_EXHAUSTED if the master, or too many questions before this one, say "later";
     *     CANCELLED if the stream ended before it came to this question; any other is the master's refusal
     */
    AssignResponse ask(AssignRequest request, Duration limit) {
        Session open;
        CompletableFuture<AssignResponse> answer;
        synchronized (this) {
            if (session == null) session = Session.open(this, stub);
            open = session;
            answer = open.ask(request);
        }
        try {
            AssignResponse given = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (given.getError().isEmpty()) return given;
            throw Status.RESOURCE_EXHAUSTED.withDescription(given.getError()).asRuntimeException();
        } catch (TimeoutException late) {
            open.cancel("an answer took longer than " + limit.toMillis() + " ms");
            throw Status.DEADLINE_EXCEEDED.withDescription("no answer for " + limit.toMillis() + " ms").asRuntimeException();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Status.ABORTED.withDescription("interrupted").withCause(interrupted).asRuntimeException();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof StatusRuntimeException status) throw status;
            throw Status.fromThrowable(failed).asRuntimeException();
        }
    }

    @Override
    public void close() {
        Session open;
        synchronized (this) {
            open = session;
        }
        if (open != null) open.cancel("closed");
    }

    private synchronized void over(Session ended) {
        if (session == ended) session = null;
    }

    /** One stream and the questions on it. */
    private static final class Session implements ClientResponseObserver<AssignRequest, AssignResponse> {
        private final AssignStream owner;
        // All guarded by this.
        private final Deque<CompletableFuture<AssignResponse>> waiting = new ArrayDeque<>();
        private @Nullable ClientCallStreamObserver<AssignRequest> call;
        private boolean over;

        private Session(AssignStream owner) {
            this.owner = owner;
        }

        static Session open(AssignStream owner, SeaweedStub stub) {
            Session session = new Session(owner);
            stub.streamAssign(session);
            return session;
        }

        @Override
        public synchronized void beforeStart(ClientCallStreamObserver<AssignRequest> stream) {
            call = stream;
        }

        synchronized CompletableFuture<AssignResponse> ask(AssignRequest request) {
            CompletableFuture<AssignResponse> answer = new CompletableFuture<>();
            if (waiting.size() >= MOST_WAITING) {
                answer.completeExceptionally(
                        Status.RESOURCE_EXHAUSTED.withDescription(MOST_WAITING + " questions wait").asRuntimeException());
                return answer;
            }
            if (over || call == null) {
                answer.completeExceptionally(Status.CANCELLED.withDescription("the stream has ended").asRuntimeException());
                return answer;
            }
            waiting.add(answer);
            call.onNext(request);
            return answer;
        }

        void cancel(String reason) {
            ClientCallStreamObserver<AssignRequest> open;
            owner.over(this);
            synchronized (this) {
                over = true;
                open = call;
            }
            // What waits is told by the end of the stream.
            if (open != null) open.cancel(reason, null);
        }

        @Override
        public void onNext(AssignResponse answer) {
            CompletableFuture<AssignResponse> next;
            synchronized (this) {
                next = waiting.poll();
            }
            if (next != null) next.complete(answer);
        }

        @Override
        public void onError(Throwable cut) {
            end(Status.fromThrowable(cut).asRuntimeException());
        }

        @Override
        public void onCompleted() {
            end(Status.CANCELLED.withDescription("the master ended the stream").asRuntimeException());
        }

        private void end(StatusRuntimeException reason) {
            owner.over(this);
            List<CompletableFuture<AssignResponse>> left;
            synchronized (this) {
                over = true;
                left = List.copyOf(waiting);
                waiting.clear();
            }
            StatusRuntimeException again = Status.CANCELLED
                    .withDescription("the stream ended with: " + StatusLine.of(reason.getStatus())).asRuntimeException();
            for (int i = 0; i < left.size(); i++) left.get(i).completeExceptionally(i == 0 ? reason : again);
        }
    }
}
