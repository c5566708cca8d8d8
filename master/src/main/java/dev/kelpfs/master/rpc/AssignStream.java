package dev.kelpfs.master.rpc;

import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * Assignments over one stream: one answer for each request, in order. What may be better in a moment is said inside the
 * answer; anything else ends the stream. Requests come one at a time, and the next one not before there is room for its
 * answer: a client that reads nothing is not read from.
 */
final class AssignStream implements StreamObserver<AssignRequest> {
    /** Answers one request; may wait. */
    @FunctionalInterface
    interface Assign {
        AssignResponse assign(AssignRequest request) throws InterruptedException;
    }

    private final Assign assign;
    private final ServerCallStreamObserver<AssignResponse> answers;
    private boolean over;
    /** The next request was not asked for yet. Calls of this class and of its handler come one after another. */
    private boolean holdsBack;

    AssignStream(Assign assign, StreamObserver<AssignResponse> answers) {
        this.assign = assign;
        this.answers = (ServerCallStreamObserver<AssignResponse>) answers;
        this.answers.disableAutoRequest();
        this.answers.setOnReadyHandler(() -> {
            if (holdsBack) askForNext();
        });
        this.answers.request(1);
    }

    private void askForNext() {
        holdsBack = !answers.isReady();
        if (!holdsBack) answers.request(1);
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
        if (!over) askForNext();
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
