package dev.kelpfs.storage.vacuum;

import static dev.kelpfs.storage.vacuum.VacuumBench.NOBODY;
import static dev.kelpfs.storage.vacuum.VacuumBench.VACUUM;
import static dev.kelpfs.storage.vacuum.VacuumBench.get;
import static dev.kelpfs.storage.vacuum.VacuumBench.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskFullException;
import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A vacuum takes the room for its copy before it writes anything, and keeps it. */
class VacuumReserveTest {
    private static final int KEYS = 30;
    private static final int DATA_BYTES = 100_000;
    private static final Path OTHERS = VacuumBench.DATA.resolve("of-others");

    private static Volume filled(Disk disk) throws IOException {
        Volume volume = VacuumBench.create(disk);
        for (int key = 1; key <= KEYS; key++) put(volume, key, data(key));
        return volume;
    }

    private static byte[] data(int key) {
        byte[] data = new byte[DATA_BYTES];
        Arrays.fill(data, (byte) key);
        return data;
    }

    /** Somebody else takes all room but so much. */
    private static void leave(Disk disk, long bytes) throws IOException {
        long free = disk.space(VacuumBench.DATA).freeBytes();
        try (DiskFile others = disk.open(OTHERS, Open.CREATE)) {
            if (free > bytes) others.write(ByteBuffer.allocate((int) (free - bytes)), others.size());
        }
    }

    @Test
    void theRoomIsAskedForBeforeAnythingIsWritten() throws Exception {
        List<DiskCall> calls = new ArrayList<>();
        FaultyDisk watched = new FaultyDisk(VacuumBench.disk(), call -> {
            if (call.path().toString().contains(".cp")) calls.add(call);
            return Fault.NONE;
        });
        Volume volume = filled(watched);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY)).isInstanceOf(CompactResult.Compacted.class);
        assertThat(calls.stream().map(DiskCall::kind).toList())
                .startsWith(DiskCall.Kind.CREATE, DiskCall.Kind.RESERVE)
                .containsOnlyOnce(DiskCall.Kind.RESERVE);
        long copied = VacuumBench.bytes(watched, VacuumBench.FILES.compactedDat()).length;
        assertThat(calls.get(1).bytes()).isBetween(copied - 8, copied);
        VACUUM.cleanup(volume);
        calls.clear();
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT.preallocating(50 << 20), NOBODY))
                .isInstanceOf(CompactResult.Compacted.class);
        assertThat(calls.get(1)).extracting(DiskCall::kind, DiskCall::bytes).containsExactly(DiskCall.Kind.RESERVE, 50L << 20);
    }

    @Test
    void withoutItTheVacuumStopsBeforeAnythingIsWritten() throws Exception {
        List<DiskCall.Kind> ofNewFiles = new ArrayList<>();
        FaultyDisk full = new FaultyDisk(VacuumBench.disk(), call -> {
            if (call.path().toString().contains(".cp")) ofNewFiles.add(call.kind());
            return call.kind() == DiskCall.Kind.RESERVE ? new Fault.Fail(new DiskFullException(call.path()), 0) : Fault.NONE;
        });
        Volume volume = filled(full);
        assertStops(full, volume);
        assertThat(ofNewFiles).containsOnly(DiskCall.Kind.CREATE, DiskCall.Kind.RESERVE, DiskCall.Kind.DELETE);
    }

    @Test
    void roomThatIsTakenBetweenQuestionAndReservationIsMissed() throws Exception {
        MemoryDisk memory = VacuumBench.disk(8_000_000);
        List<DiskCall.Kind> ofNewFiles = new ArrayList<>();
        FaultyDisk disk = new FaultyDisk(memory, call -> {
            if (!call.path().toString().contains(".cp")) return Fault.NONE;
            ofNewFiles.add(call.kind());
            if (call.kind() == DiskCall.Kind.RESERVE) takeAllBut(memory, 1_000_000);
            return Fault.NONE;
        });
        Volume volume = filled(disk);
        assertStops(disk, volume);
        assertThat(ofNewFiles).doesNotContain(DiskCall.Kind.WRITE);
        memory.delete(OTHERS);
        assertThat(disk.space(VacuumBench.DATA).freeBytes()).as("nothing stays reserved").isGreaterThan(4_900_000);
        put(volume, KEYS + 1, data(1));
    }

    @Test
    void whatIsReservedIsThereWhateverOthersWriteMeanwhile() throws Exception {
        MemoryDisk memory = VacuumBench.disk(8_000_000);
        Volume volume = filled(memory);
        int[] times = {0};
        CompactResult compacted = VACUUM.compact(volume, CompactOptions.DEFAULT, _ -> {
            times[0]++;
            takeAllBut(memory, 64_000); // for the index
        });
        assertThat(compacted).isInstanceOf(CompactResult.Compacted.class);
        assertThat(times[0]).as("others came while it was copying").isGreaterThan(1);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        for (int key = 1; key <= KEYS; key++) assertThat(get(volume, key)).hasValue(data(key));
        memory.delete(OTHERS);
        long used = 8_000_000 - memory.space(VacuumBench.DATA).freeBytes();
        assertThat(used).as("the old file's room is free again").isLessThan(KEYS * (DATA_BYTES + 100) + 2_000);
    }

    private static void takeAllBut(Disk disk, long bytes) {
        try {
            leave(disk, bytes);
        } catch (IOException unforeseen) {
            throw new IllegalStateException(unforeseen);
        }
    }

    private static void assertStops(Disk disk, Volume volume) throws IOException {
        byte[] before = VacuumBench.bytes(disk, VacuumBench.FILES.dat());
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY)).isInstanceOfSatisfying(CompactResult.NoSpace.class,
                none -> assertThat(none.detail()).contains("7.cpd"));
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.NothingCompacted.class);
        assertThat(disk.list(VacuumBench.DATA)).contains("7.dat", "7.idx", "7.vif").noneMatch(name -> name.contains(".cp"));
        assertThat(VacuumBench.bytes(disk, VacuumBench.FILES.dat())).isEqualTo(before);
        assertThat(volume.readOnly().reasons()).isEmpty();
        for (int key = 1; key <= KEYS; key++) assertThat(get(volume, key)).hasValue(data(key));
    }
}
