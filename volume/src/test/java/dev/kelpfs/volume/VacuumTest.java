package dev.kelpfs.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.volume.VacuumVolumeCheckRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCleanupRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCommitRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCommitResponse;
import dev.kelpfs.wire.volume.VacuumVolumeCompactRequest;
import dev.kelpfs.wire.volume.VacuumVolumeCompactResponse;
import dev.kelpfs.wire.volume.VolumeServerLeaveRequest;
import dev.kelpfs.wire.volume.VolumeStatusRequest;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A vacuum in the steps in which a master asks for it. */
@ExtendWith(TestDirectories.class)
class VacuumTest {
    private static final int FILES = 20;

    private RunningServer server;

    @BeforeEach
    void start(TestDirectory directory) throws Exception {
        server = RunningServer.start(directory.path());
        server.allocate(3);
        for (int i = 1; i <= FILES; i++) assertThat(server.put(path(i), content(i)).statusCode()).isEqualTo(201);
        for (int i = 1; i <= FILES / 2; i++) assertThat(server.delete(path(i)).statusCode()).isEqualTo(202);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static String path(int i) {
        return "/3," + Integer.toHexString(i) + "637037d6";
    }

    private static byte[] content(int i) {
        return new Seed(i).bytes(10_000);
    }

    private List<VacuumVolumeCompactResponse> compact(int volume) {
        List<VacuumVolumeCompactResponse> progress = new ArrayList<>();
        server.admin().vacuumVolumeCompact(VacuumVolumeCompactRequest.newBuilder().setVolumeId(volume).build())
                .forEachRemaining(progress::add);
        return progress;
    }

    private VacuumVolumeCommitResponse commit(int volume) {
        return server.admin().vacuumVolumeCommit(VacuumVolumeCommitRequest.newBuilder().setVolumeId(volume).build());
    }

    private void cleanUp(int volume) {
        assertThat(server.admin().vacuumVolumeCleanup(VacuumVolumeCleanupRequest.newBuilder().setVolumeId(volume).build()))
                .isNotNull();
    }

    private double garbage() {
        return server.admin().vacuumVolumeCheck(VacuumVolumeCheckRequest.newBuilder().setVolumeId(3).build()).getGarbageRatio();
    }

    private long bytes() {
        return server.admin().volumeStatus(VolumeStatusRequest.newBuilder().setVolumeId(3).build()).getVolumeSize();
    }

    private void liveFilesAreThere() throws Exception {
        for (int i = FILES / 2 + 1; i <= FILES; i++) assertThat(server.get(path(i)).body()).isEqualTo(content(i));
        assertThat(server.get(path(1)).statusCode()).isEqualTo(404);
    }

    @Test
    void givesTheSpaceOfDeletedFilesBack() throws Exception {
        assertThat(garbage()).isBetween(0.4, 0.6);
        long before = bytes();
        assertThat(compact(3)).as("too small for a report").isEmpty();
        server.put(path(FILES + 1), content(FILES + 1));
        VacuumVolumeCommitResponse committed = commit(3);
        assertThat(committed.getIsReadOnly()).isFalse();
        assertThat(committed.getVolumeSize()).isEqualTo(bytes()).isLessThan(before * 2 / 3);
        assertThat(garbage()).isZero();
        liveFilesAreThere();
        assertThat(server.get(path(FILES + 1)).body()).as("written in between").isEqualTo(content(FILES + 1));
        cleanUp(3);
        liveFilesAreThere();
    }

    @Test
    void aCleanupThrowsTheNewFilesAway() throws Exception {
        long before = bytes();
        compact(3);
        cleanUp(3);
        assertThatThrownBy(() -> commit(3)).isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("compact swap aborted: missing .cpd/.cpx");
        assertThat(bytes()).isEqualTo(before);
        liveFilesAreThere();
    }

    @Test
    void unknownVolumesAndALeavingServerAreRefused() throws Exception {
        assertThatThrownBy(() -> compact(9)).isInstanceOf(StatusRuntimeException.class).hasMessageContaining("not found");
        assertThatThrownBy(() -> commit(9)).isInstanceOf(StatusRuntimeException.class).hasMessageContaining("not found");
        assertThatThrownBy(() -> cleanUp(9)).isInstanceOf(StatusRuntimeException.class).hasMessageContaining("not found");
        compact(3);
        server.admin().volumeServerLeave(VolumeServerLeaveRequest.getDefaultInstance());
        assertThatThrownBy(() -> commit(3)).isInstanceOf(StatusRuntimeException.class).hasMessageContaining("stopping");
        liveFilesAreThere();
    }
}
