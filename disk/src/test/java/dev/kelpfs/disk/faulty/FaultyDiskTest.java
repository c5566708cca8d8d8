package dev.kelpfs.disk.faulty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.disk.DeviceErrorException;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskContract;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskFullException;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.faulty.DiskCall.Kind;
import dev.kelpfs.disk.memory.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Without faults it is a disk like any other; with them it keeps to the plan. */
class FaultyDiskTest extends DiskContract {
    private static final Path FILE = Path.of("/file");
    private static final Path OTHER = Path.of("/other");

    @Override
    protected Disk create() {
        return new FaultyDisk(new MemoryDisk(), FaultPlan.NONE);
    }

    @Test
    void asksThePlanAboutEachCallInOrder() throws IOException {
        List<DiskCall> met = new ArrayList<>();
        FaultyDisk watched = new FaultyDisk(new MemoryDisk(), call -> {
            met.add(call);
            return Fault.NONE;
        });
        watched.createDirectories(Path.of("/directory"));
        try (DiskFile file = watched.open(FILE, Open.CREATE)) {
            file.write(new ByteBuffer[] {text("ab"), text("c")}, 0);
            file.reserve(0); // asks for nothing
            file.reserve(10);
            file.read(buffer(2, true), 0);
            file.readNow(buffer(3, true), 0);
            file.truncate(1);
            file.sync();
        }
        watched.open(FILE, Open.CREATE).close(); // creates nothing
        watched.rename(FILE, OTHER);
        watched.syncDirectory(Path.of("/"));
        watched.delete(FILE); // is missing
        watched.delete(OTHER);
        assertThat(met).containsExactly(
                new DiskCall(1, Kind.CREATE, FILE, 0),
                new DiskCall(2, Kind.WRITE, FILE, 3),
                new DiskCall(3, Kind.RESERVE, FILE, 10),
                new DiskCall(0, Kind.READ, FILE, 2),
                new DiskCall(0, Kind.READ, FILE, 3),
                new DiskCall(4, Kind.TRUNCATE, FILE, 0),
                new DiskCall(5, Kind.SYNC, FILE, 0),
                new DiskCall(6, Kind.RENAME, OTHER, 0),
                new DiskCall(7, Kind.SYNC_DIRECTORY, Path.of("/"), 0),
                new DiskCall(8, Kind.DELETE, OTHER, 0));
        assertThat(watched.calls()).isEqualTo(8);
    }

    @Test
    void anyCallCanFailAndChangesNothingThen() throws IOException {
        for (Kind kind : Kind.values()) {
            boolean[] armed = {false};
            FaultyDisk faulty = new FaultyDisk(new MemoryDisk(), call -> armed[0] && call.kind() == kind
                    ? new Fault.Fail(new DeviceErrorException(call.path(), "call on"), 0) : Fault.NONE);
            try (DiskFile file = faulty.open(FILE, Open.CREATE)) {
                file.write(text("content"), 0);
                Map<Path, byte[]> before = faulty.afterProcessDeath().snapshot();
                armed[0] = true;
                ThrowingCallable call = switch (kind) {
                    case READ -> () -> file.read(buffer(1, true), 0);
                    case CREATE -> () -> faulty.open(OTHER, Open.CREATE);
                    case RESERVE -> () -> file.reserve(100);
                    case WRITE -> () -> file.write(text("x"), 0);
                    case TRUNCATE -> () -> file.truncate(0);
                    case SYNC -> file::sync;
                    case RENAME -> () -> faulty.rename(FILE, OTHER);
                    case DELETE -> () -> faulty.delete(FILE);
                    case SYNC_DIRECTORY -> () -> faulty.syncDirectory(Path.of("/"));
                };
                assertThatThrownBy(call).as("%s", kind).isInstanceOf(DeviceErrorException.class);
                armed[0] = false;
                assertThat(faulty.afterProcessDeath().snapshot()).containsExactlyEntriesOf(before);
                assertThat(faulty.hasCrashed()).isFalse();
                file.write(text("x"), 0); // life goes on
                assertThat(read(file, 0, 10, true)).isEqualTo("xontent");
            }
        }
    }

    @Test
    void aFailingWriteMayHaveDoneAPart() throws IOException {
        FaultyDisk faulty = new FaultyDisk(new MemoryDisk(), call -> call.number() == 2
                ? new Fault.Fail(new DiskFullException(call.path()), 3) : Fault.NONE);
        try (DiskFile file = faulty.open(FILE, Open.CREATE)) {
            assertThatThrownBy(() -> file.write(new ByteBuffer[] {text("ab"), text("cdef")}, 0))
                    .isInstanceOf(DiskFullException.class);
            assertThat(read(file, 0, 10, true)).isEqualTo("abc");
        }
        assertThat(content(faulty.afterProcessDeath())).isEqualTo("abc");
    }

    @Test
    void fillsUpWithTheDiskBelow() throws IOException {
        FaultyDisk faulty = new FaultyDisk(new MemoryDisk(InstantSource.fixed(Instant.EPOCH), 8), FaultPlan.NONE);
        try (DiskFile file = faulty.open(FILE, Open.CREATE)) {
            file.write(text("abcd"), 0);
            assertThatThrownBy(() -> file.write(text("CDEFGHIJKL"), 2)).isInstanceOf(DiskFullException.class);
            assertThat(faulty.space(FILE).freeBytes()).isZero();
            assertThatThrownBy(() -> file.write(text("x"), 8)).isInstanceOf(DiskFullException.class);
            file.sync();
            faulty.syncDirectory(Path.of("/"));
        }
        assertThat(content(faulty.afterProcessDeath())).isEqualTo("abCDEFGH");
        assertThat(content(faulty.afterPowerLoss(new EveryLoss()))).isEqualTo("abCDEFGH");
    }

    @Test
    void theDeathOfTheProcessTearsTheCallItFallsInto() throws IOException {
        for (int done = 0; done <= 6; done++) {
            FaultyDisk dying = new FaultyDisk(new MemoryDisk(), FaultPlan.crashAt(3, done));
            DiskFile file = dying.open(FILE, Open.CREATE);
            file.write(text("......"), 0);
            assertThatThrownBy(() -> file.write(text("abcdef"), 0)).isInstanceOf(CrashedException.class);
            assertThat(dying.hasCrashed()).isTrue();
            assertThat(content(dying.afterProcessDeath())).isEqualTo("abcdef".substring(0, done) + "......".substring(done));
        }
    }

    @Test
    void theDeadDoNothingMore() throws IOException {
        boolean[] armed = {false};
        FaultyDisk dying = new FaultyDisk(new MemoryDisk(), _ -> armed[0] ? new Fault.Crash(0) : Fault.NONE);
        DiskFile file = dying.open(FILE, Open.CREATE);
        file.write(text("content"), 0);
        armed[0] = true;
        assertThatThrownBy(() -> file.read(buffer(1, true), 0)).isInstanceOf(CrashedException.class);
        armed[0] = false;
        List<ThrowingCallable> calls = List.of(
                () -> file.read(buffer(1, true), 0),
                () -> file.readNow(buffer(1, true), 0),
                () -> file.write(text("x"), 0),
                file::size,
                () -> file.truncate(0),
                file::sync,
                () -> dying.open(FILE, Open.READ),
                () -> dying.open(OTHER, Open.CREATE),
                () -> dying.list(Path.of("/")),
                () -> dying.createDirectories(Path.of("/directory")),
                () -> dying.rename(FILE, OTHER),
                () -> dying.delete(FILE),
                () -> dying.delete(OTHER),
                () -> dying.syncDirectory(Path.of("/")),
                () -> dying.space(FILE),
                () -> dying.size(FILE),
                () -> dying.modifiedEpochSeconds(FILE),
                () -> dying.lock(OTHER, "x"));
        for (ThrowingCallable call : calls) assertThatThrownBy(call).isInstanceOf(CrashedException.class);
        file.close();
        assertThat(dying.afterProcessDeath().snapshot()).containsOnlyKeys(FILE);
        assertThat(dying.afterProcessDeath().directories()).isEmpty();
        assertThat(content(dying.afterProcessDeath())).isEqualTo("content");
    }

    @Test
    void locksEndWithTheProcess() throws IOException {
        FaultyDisk dying = new FaultyDisk(new MemoryDisk(), FaultPlan.NONE);
        try (DiskLock held = dying.lock(FILE, "holder")) {
            MemoryDisk next = dying.afterProcessDeath();
            assertThat(content(next)).isEqualTo("holder\n");
            next.lock(FILE, "next").close();
            assertThat(held).isNotNull();
        }
    }

    private static String content(Disk disk) throws IOException {
        try (DiskFile file = disk.open(FILE, Open.READ)) {
            return read(file, 0, 100, true);
        }
    }
}
