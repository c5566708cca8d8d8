package dev.kelpfs.master.rpc;

import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;

/**
 * Assignments over one stream: one answer for each request, in order. What may be better in a moment is said inside the
 * answer; anything else ends the stream. Requests come one at a time.
 */
final class AssignStream implements StreamObserver<AssignRequest> {
    /** Answers one request; may wait. */
    @FunctionalInterface
    interface Assign {
        AssignResponse assign(AssignRequest request) throws InterruptedException;
    }

    private final Assign assign;
    private final StreamObserver<AssignResponse> answers;
    private boolean over;

    AssignStream(Assign assign, StreamObserver<AssignResponse> answers) {
        this.assign = assign;
        this.answers = answers;
    }

    @Override
    public void onNext(AssignRequest request) {
        if (over) return;
        try {
            answers.onNext(assign.assign(request));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            end(Status.UNAVAILABLE.withDescription("this master is stopping").asRuntimeException());
        } catch (RuntimeException failed) {
            StatusRuntimeException failure = Answers.failure(failed);
            switch (failure.getStatus().getCode()) {
                case UNAVAILABLE, RESOURCE_EXHAUSTED ->
                    answers.onNext(AssignResponse.newBuilder().setError(failure.getMessage()).build());
                default -> end(failure);
            }
        }
    }

    private void end(StatusRuntimeException failure) {
        over = true;
        answers.onError(failure);
    }

    @Override
    public void onError(Throwable cut) {
        over = true;
    }

    @Override
    public void onCompleted() {
        if (!over) answers.onCompleted();
        over = true;
    }
}
