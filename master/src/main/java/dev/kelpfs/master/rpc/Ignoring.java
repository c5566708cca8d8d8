package dev.kelpfs.master.rpc;

import io.grpc.stub.StreamObserver;

/** The rest of a stream that was answered. */
final class Ignoring<Q> implements StreamObserver<Q> {
    @Override
    public void onNext(Q message) {}

    @Override
    public void onError(Throwable cut) {}

    @Override
    public void onCompleted() {}
}
