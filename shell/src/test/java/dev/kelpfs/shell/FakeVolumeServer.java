package dev.kelpfs.shell;

import dev.kelpfs.wire.volume.PingRequest;
import dev.kelpfs.wire.volume.PingResponse;
import dev.kelpfs.wire.volume.VolumeDeleteRequest;
import dev.kelpfs.wire.volume.VolumeDeleteResponse;
import dev.kelpfs.wire.volume.VolumeMarkReadonlyRequest;
import dev.kelpfs.wire.volume.VolumeMarkReadonlyResponse;
import dev.kelpfs.wire.volume.VolumeMarkWritableRequest;
import dev.kelpfs.wire.volume.VolumeMarkWritableResponse;
import dev.kelpfs.wire.volume.VolumeServerGrpc;
import dev.kelpfs.wire.volume.VolumeServerStatusRequest;
import dev.kelpfs.wire.volume.VolumeServerStatusResponse;
import dev.kelpfs.wire.volume.VolumeStatusRequest;
import dev.kelpfs.wire.volume.VolumeStatusResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The volume server of a {@link FakeMaster}, which sees at once what happens here. */
final class FakeVolumeServer extends VolumeServerGrpc.VolumeServerImplBase {
    final List<VolumeMarkReadonlyRequest> marks = new CopyOnWriteArrayList<>();
    private final FakeMaster master;
    /** Marks are answered and forgotten. */
    volatile boolean forgetsMarks;
    /** It cannot reach the master. */
    volatile boolean isCutOff;

    /** Runs before each mark. */
    volatile Runnable onMark = () -> { };

    FakeVolumeServer(FakeMaster master) {
        this.master = master;
    }

    @Override
    public void volumeMarkReadonly(VolumeMarkReadonlyRequest request, StreamObserver<VolumeMarkReadonlyResponse> answer) {
        onMark.run();
        marks.add(request);
        if (!forgetsMarks) master.change(request.getVolumeId(), true);
        FakeMaster.end(answer, VolumeMarkReadonlyResponse.getDefaultInstance());
    }

    @Override
    public void volumeMarkWritable(VolumeMarkWritableRequest request, StreamObserver<VolumeMarkWritableResponse> answer) {
        if (!forgetsMarks) master.change(request.getVolumeId(), false);
        FakeMaster.end(answer, VolumeMarkWritableResponse.getDefaultInstance());
    }

    @Override
    public void volumeStatus(VolumeStatusRequest request, StreamObserver<VolumeStatusResponse> answer) {
        master.volumes.stream().filter(volume -> volume.getId() == request.getVolumeId()).findFirst().ifPresentOrElse(
                volume -> FakeMaster.end(answer, VolumeStatusResponse.newBuilder().setIsReadOnly(volume.getReadOnly()).build()),
                () -> answer.onError(
                        Status.UNKNOWN.withDescription("not found volume id " + request.getVolumeId()).asRuntimeException()));
    }

    @Override
    public void volumeDelete(VolumeDeleteRequest request, StreamObserver<VolumeDeleteResponse> answer) {
        master.volumes.removeIf(volume -> volume.getId() == request.getVolumeId());
        FakeMaster.end(answer, VolumeDeleteResponse.getDefaultInstance());
    }

    @Override
    public void volumeServerStatus(VolumeServerStatusRequest request, StreamObserver<VolumeServerStatusResponse> answer) {
        FakeMaster.end(answer, VolumeServerStatusResponse.newBuilder().setVersion("4.44").build());
    }

    @Override
    public void ping(PingRequest request, StreamObserver<PingResponse> answer) {
        if (isCutOff) {
            answer.onError(Status.UNKNOWN.withDescription("no route to " + request.getTarget()).asRuntimeException());
            return;
        }
        FakeMaster.end(answer, PingResponse.newBuilder().setStartTimeNs(0).setRemoteTimeNs(0).setStopTimeNs(0).build());
    }
}
