package dev.kelpfs.shell;

import dev.kelpfs.wire.kelp.ClusterHealth;
import dev.kelpfs.wire.kelp.HealthRequest;
import dev.kelpfs.wire.kelp.MastersGrpc.MastersImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** What a master says is wrong; one of the reference does not know the question. */
final class FakeHealth extends MastersImplBase {
    volatile Optional<ClusterHealth> says = Optional.empty();

    @Override
    public void health(HealthRequest request, StreamObserver<ClusterHealth> answer) {
        if (says.isPresent()) FakeMaster.end(answer, says.get());
        else answer.onError(Status.UNIMPLEMENTED.asRuntimeException());
    }
}
