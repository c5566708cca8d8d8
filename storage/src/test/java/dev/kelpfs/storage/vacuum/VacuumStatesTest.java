package dev.kelpfs.storage.vacuum;

import static dev.kelpfs.storage.vacuum.VacuumBench.FILES;
import static dev.kelpfs.storage.vacuum.VacuumBench.NOBODY;
import static dev.kelpfs.storage.vacuum.VacuumBench.START_SECONDS;
import static dev.kelpfs.storage.vacuum.VacuumBench.VACUUM;
import static dev.kelpfs.storage.vacuum.VacuumBench.bytes;
import static dev.kelpfs.storage.vacuum.VacuumBench.delete;
import static dev.kelpfs.storage.vacuum.VacuumBench.get;
import static dev.kelpfs.storage.vacuum.VacuumBench.put;
import static dev.kelpfs.storage.vacuum.VacuumBench.vacuum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.Cookie;
import dev.kelpfs.core.NeedleKey;
import dev.kelpfs.core.Ttl;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskFullException;
import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.storage.needle.NeedleDraft;
import dev.kelpfs.storage.volume.AppendResult;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.storage.volume.ReadOnlyCause;
import dev.kelpfs.storage.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the steps of a vacuum answer, and what they leave when they do not go through. */
class VacuumStatesTest {
    private static final byte[] ONE = "one".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TWO = "two".getBytes(StandardCharsets.UTF_8);

    private final MemoryDisk disk;

    VacuumStatesTest() throws IOException {
        disk = VacuumBench.disk();
    }

    private static Volume filled(Disk disk) throws IOException {
        Volume volume = VacuumBench.create(disk);
        for (int key = 1; key <= 10; key++) put(volume, key, ONE);
        for (int key = 1; key <= 5; key++) delete(volume, key);
        return volume;
    }

    private static void assertAsBefore(Disk disk, Volume volume) throws IOException {
        assertThat(disk.list(VacuumBench.DATA)).containsExactly("7.dat", "7.idx", "7.vif");
        assertThat(volume.numbers().revision()).isZero();
        for (int key = 6; key <= 10; key++) assertThat(get(volume, key)).hasValue(ONE);
        put(volume, 1, TWO);
        assertThat(get(volume, 1)).hasValue(TWO);
    }

    @Test
    void commitNeedsCompactedFiles() throws Exception {
        Volume volume = filled(disk);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.NothingCompacted.class);
        VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY);
        disk.delete(FILES.compactedIdx());
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.NothingCompacted.class);
        assertAsBefore(disk, volume);
        vacuum(volume);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.NothingCompacted.class);
    }

    @Test
    void cleanupRemovesWhatWasNotCommitted() throws Exception {
        Volume volume = filled(disk);
        assertThat(VACUUM.cleanup(volume)).isEqualTo(new CleanupResult.Clean());
        VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY);
        assertThat(disk.exists(FILES.compactedDat())).isTrue();
        assertThat(VACUUM.cleanup(volume)).isEqualTo(new CleanupResult.Clean());
        assertAsBefore(disk, volume);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.NothingCompacted.class);
        VacuumBench.write(disk, FILES.compactedDat(), ONE);
        assertThat(VACUUM.cleanup(volume)).isEqualTo(new CleanupResult.Clean());
        assertThat(disk.exists(FILES.compactedDat())).isFalse();
        VacuumBench.write(disk, FILES.compactionCommit(), new byte[0]);
        assertThat(VACUUM.cleanup(volume)).isInstanceOf(CleanupResult.Committing.class);
    }

    @Test
    void compactingAgainReplacesWhatWasNotCommitted() throws Exception {
        Volume volume = filled(disk);
        VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY);
        delete(volume, 6);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY))
                .isInstanceOfSatisfying(CompactResult.Compacted.class, done -> assertThat(done.copied()).isEqualTo(4));
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
    }

    @Test
    void aMarkerOfAnEarlierVacuumDoesNotOutliveTheNext() throws Exception {
        Volume volume = filled(disk);
        VacuumBench.write(disk, FILES.compactionCommit(), new byte[0]);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY)).isInstanceOf(CompactResult.Compacted.class);
        assertThat(disk.exists(FILES.compactionCommit())).isFalse();
    }

    @Test
    void theObserverSeesProgressAndMayCancel() throws Exception {
        Volume volume = VacuumBench.create(disk);
        byte[] data = new byte[300_000];
        for (int key = 1; key <= 20; key++) put(volume, key, data);
        List<Long> seen = new ArrayList<>();
        VACUUM.compact(volume, CompactOptions.DEFAULT, seen::add);
        assertThat(seen).isSorted().hasSizeBetween(5, 8);
        assertThat(seen.getLast()).isEqualTo(volume.numbers().datBytes() - 8);
        VACUUM.cleanup(volume);
        CompactObserver impatient = new CompactObserver() {
            private boolean enough;

            @Override
            public void processed(long sourceBytes) {
                enough = sourceBytes > 3_000_000;
            }

            @Override
            public boolean isCancelled() {
                return enough;
            }
        };
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, impatient)).isEqualTo(new CompactResult.Cancelled());
        assertThat(disk.list(VacuumBench.DATA)).containsExactly("7.dat", "7.idx", "7.vif");
    }

    @Test
    void readOnlyAndBrokenVolumesAreRefused() throws Exception {
        Volume volume = filled(disk);
        volume.markReadOnly(false, false);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY)).isInstanceOf(CompactResult.Refused.class);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT.evenMarkedReadOnly(), NOBODY))
                .isInstanceOf(CompactResult.Compacted.class);
        assertThat(VACUUM.commit(volume))
                .isInstanceOfSatisfying(CommitResult.Committed.class, done -> assertThat(done.wasReadOnly()).isTrue());
        assertThat(volume.readOnly().has(ReadOnlyCause.MARKED)).isTrue();
        volume.markWritable();
        volume.diskIsLow(true, "the disk is low");
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY)).isInstanceOf(CompactResult.Compacted.class);
        volume.unmount(true);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY)).isEqualTo(new CompactResult.Unmounted());
        assertThat(disk.list(VacuumBench.DATA)).containsExactly("7.dat", "7.idx", "7.vif");
    }

    @Test
    void aVolumeWhoseSyncFailedIsNotCommitted() throws Exception {
        AtomicReference<FaultPlan> plan = new AtomicReference<>(FaultPlan.NONE);
        FaultyDisk faulty = new FaultyDisk(disk, call -> plan.get().decide(call));
        Volume volume = filled(faulty);
        VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY);
        plan.set(call -> call.kind() == DiskCall.Kind.SYNC ? new Fault.Fail(new IOException("planned"), 0) : Fault.NONE);
        assertThatThrownBy(volume::sync).isInstanceOf(IOException.class);
        plan.set(FaultPlan.NONE);
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Refused.class);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT.evenMarkedReadOnly(), NOBODY))
                .isInstanceOf(CompactResult.Refused.class);
        assertThat(VACUUM.cleanup(volume)).isEqualTo(new CleanupResult.Clean());
        assertThat(get(volume, 7)).hasValue(ONE);
    }

    @Test
    void anUnreadableLiveRecordStopsItAndIsDroppedOnlyOnDemand() throws Exception {
        Volume volume = filled(disk);
        byte[] dat = bytes(disk, FILES.dat());
        int record = 48; // header, body of 4 + 3 + 1 + 5, tail of 12, padding
        int at = 8 + 6 * record + 20; // data of key 7
        assertThat(dat[at]).isEqualTo((byte) 'o');
        try (DiskFile file = disk.open(FILES.dat(), Open.READ_WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {'x'}), at);
        }
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY))
                .isInstanceOfSatisfying(CompactResult.Unreadable.class, damage -> {
                    assertThat(damage.keyBits()).isEqualTo(7);
                    assertThat(damage.detail()).contains("7.dat").contains("at " + (8 + 6 * record)).contains("checksum");
                });
        assertThat(disk.list(VacuumBench.DATA)).containsExactly("7.dat", "7.idx", "7.vif");
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.NothingCompacted.class);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT.droppingUnreadable(), NOBODY))
                .isInstanceOfSatisfying(CompactResult.Compacted.class, done -> {
                    assertThat(done.dropped()).isEqualTo(1);
                    assertThat(done.copied()).isEqualTo(4);
                });
        assertThat(VACUUM.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        assertThat(get(volume, 7)).isEmpty();
        assertThat(get(volume, 8)).hasValue(ONE);
    }

    @Test
    void aDamagedDeadRecordIsNobodysBusiness() throws Exception {
        Volume volume = filled(disk);
        try (DiskFile file = disk.open(FILES.dat(), Open.READ_WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {'x'}), 8 + 20);
        }
        assertThat(vacuum(volume)).isInstanceOf(CommitResult.Committed.class);
    }

    @Test
    void spaceIsAskedForFirst() throws Exception {
        MemoryDisk small = VacuumBench.disk(60_000);
        Volume volume = VacuumBench.create(small);
        byte[] data = new byte[1000];
        for (int key = 1; key <= 30; key++) put(volume, key, data);
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY))
                .isInstanceOfSatisfying(CompactResult.NoSpace.class, none -> assertThat(none.detail()).contains("bytes free"));
        assertThat(small.list(VacuumBench.DATA)).containsExactly("7.dat", "7.idx", "7.vif");
        assertThat(VACUUM.compact(filled(disk), CompactOptions.DEFAULT.preallocating(2L << 30), NOBODY))
                .isInstanceOf(CompactResult.NoSpace.class);
    }

    @Test
    void aDiskThatFillsUpDuringTheCopyLeavesEverythingAsItWas() throws Exception {
        for (int write = 1; ; write++) {
            int failing = write;
            int[] writes = {0};
            MemoryDisk memory = VacuumBench.disk();
            FaultyDisk faulty = new FaultyDisk(memory, call -> {
                boolean ours = call.kind() == DiskCall.Kind.WRITE && call.path().toString().contains(".cp");
                return ours && ++writes[0] == failing ? new Fault.Fail(new DiskFullException(call.path()), 5) : Fault.NONE;
            });
            Volume volume = filled(faulty);
            CompactResult compacted = VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY);
            if (compacted instanceof CompactResult.Compacted) {
                put(volume, 11, TWO);
                CommitResult committed = VACUUM.commit(volume);
                if (committed instanceof CommitResult.Committed) {
                    assertThat(write).isGreaterThan(4);
                    return;
                }
                assertThat(committed).isInstanceOf(CommitResult.NoSpace.class);
            } else {
                assertThat(compacted).isInstanceOf(CompactResult.NoSpace.class);
            }
            assertAsBefore(faulty, volume);
        }
    }

    @Test
    void timeToLive() throws Exception {
        VacuumBench.Clock clock = new VacuumBench.Clock();
        Volume volume = VacuumBench.create(disk, FILES, Ttl.parse("1h"), clock);
        put(volume, 1, ONE); // takes the hour of the volume
        volume.append(draft(2).ttl(Ttl.parse("3h")).lastModified(START_SECONDS).build(), Durability.PROCESS_DEATH);
        volume.append(draft(3).lastModified(START_SECONDS - 7200).build(), Durability.PROCESS_DEATH);
        volume.append(draft(4).lastModified(START_SECONDS + 3600).build(), Durability.PROCESS_DEATH);
        clock.seconds.addAndGet(3599);
        assertThat(copied(volume)).isEqualTo(4);
        clock.seconds.addAndGet(2);
        assertThat(copied(volume)).as("1 and 3 are over").isEqualTo(2);
        clock.seconds.addAndGet(3600);
        assertThat(copied(volume)).as("4 counts from its modification").isEqualTo(1);
        clock.seconds.addAndGet(3600);
        assertThat(copied(volume)).isZero();
        vacuum(volume);
        assertThat(volume.numbers().datBytes()).isEqualTo(8);
    }

    @Test
    void aTimeToLiveInAVolumeWithoutOneIsHonoured() throws Exception {
        VacuumBench.Clock clock = new VacuumBench.Clock();
        Volume volume = VacuumBench.create(disk, FILES, Ttl.NONE, clock);
        volume.append(draft(1).ttl(Ttl.parse("5m")).lastModified(START_SECONDS).build(), Durability.PROCESS_DEATH);
        volume.append(draft(2).ttl(Ttl.parse("5m")).build(), Durability.PROCESS_DEATH); // readers never see it expire
        put(volume, 3, ONE);
        clock.seconds.addAndGet(299);
        assertThat(copied(volume)).isEqualTo(3);
        clock.seconds.addAndGet(1);
        assertThat(copied(volume)).isEqualTo(2);
    }

    private static NeedleDraft.Builder draft(long key) {
        return NeedleDraft.of(new NeedleKey(key), new Cookie(77)).data(ByteBuffer.wrap(ONE));
    }

    private static long copied(Volume volume) throws IOException {
        CompactResult result = VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY);
        VACUUM.cleanup(volume);
        return ((CompactResult.Compacted) result).copied();
    }

    @Test
    void bytesPerSecondAreBounded() throws Exception {
        Volume volume = VacuumBench.create(disk);
        byte[] data = new byte[10_000];
        for (int key = 1; key <= 100; key++) put(volume, key, data);
        AtomicLong nanos = new AtomicLong();
        Vacuum slow = new Vacuum(nanos::get, nanos::addAndGet);
        slow.compact(volume, CompactOptions.DEFAULT.atMost(100_000), NOBODY);
        // Everything is read once to copy it and once more to check the copy.
        double seconds = 2.0 * volume.numbers().datBytes() / 100_000;
        assertThat(nanos.get() / 1e9).isBetween(seconds - 0.5, seconds + 0.5);
        nanos.set(0);
        slow.compact(volume, CompactOptions.DEFAULT, NOBODY);
        assertThat(nanos.get()).isZero();
    }

    @Test
    void onlyTheLastMebibyteIsFollowedWhileNobodyCanWrite() throws Exception {
        Volume volume = VacuumBench.create(disk);
        byte[] data = new byte[100_000];
        put(volume, 1, data);
        int[] pauses = {0};
        AtomicLong nanos = new AtomicLong();
        Vacuum slow = new Vacuum(nanos::get, pause -> {
            nanos.addAndGet(pause);
            // Goes through only if the one who waits here has no append right.
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    if (++pauses[0] <= 5) put(volume, 1000 + pauses[0], data);
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            assertThat(writer.join(Duration.ofSeconds(60))).isTrue();
        });
        slow.compact(volume, CompactOptions.DEFAULT.atMost(2_000_000), NOBODY);
        for (int key = 2; key <= 30; key++) put(volume, key, data);
        pauses[0] = 0;
        assertThat(slow.commit(volume)).isInstanceOf(CommitResult.Committed.class);
        assertThat(pauses[0]).isGreaterThan(5);
        for (int key = 1; key <= 30; key++) assertThat(get(volume, key)).hasValue(data);
        for (int key = 1001; key <= 1005; key++) assertThat(get(volume, key)).hasValue(data);
    }

    @Test
    void onlyOneAtATimeAndUnmountingEndsIt() throws Exception {
        Volume volume = filled(disk);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<Object> result = new AtomicReference<>();
        CompactObserver waiting = new CompactObserver() {
            @Override
            public void processed(long sourceBytes) {}

            @Override
            public boolean isCancelled() {
                inside.countDown();
                try {
                    if (!goOn.await(60, TimeUnit.SECONDS)) throw new IllegalStateException("nobody let the vacuum go on");
                } catch (InterruptedException stop) {
                    throw new IllegalStateException(stop);
                }
                return false;
            }
        };
        Thread first = Thread.ofPlatform().start(() -> {
            try {
                result.set(VACUUM.compact(volume, CompactOptions.DEFAULT, waiting));
            } catch (IOException failed) {
                result.set(failed);
            }
        });
        assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(VACUUM.compact(volume, CompactOptions.DEFAULT, NOBODY)).isEqualTo(new CompactResult.AlreadyRunning());
        assertThat(VACUUM.commit(volume)).isEqualTo(new CommitResult.StillRunning());
        put(volume, 50, TWO);
        Thread unmounting = Thread.ofPlatform().start(() -> {
            try {
                volume.unmount(true);
            } catch (IOException failed) {
                result.set(failed);
            }
        });
        goOn.countDown();
        assertThat(first.join(Duration.ofSeconds(60))).isTrue();
        assertThat(unmounting.join(Duration.ofSeconds(60))).isTrue();
        // The compaction had not begun to copy when key 50 came, so it has six needles unless the unmounting was faster.
        assertThat(result.get()).isIn(new CompactResult.Cancelled(), new CompactResult.Compacted(6, 0, 0, 8 + 6 * 48));
        assertThat(disk.list(VacuumBench.DATA)).containsExactly("7.dat", "7.idx", "7.vif");
        Volume opened = VacuumBench.open(disk);
        assertThat(get(opened, 50)).hasValue(TWO);
        assertThat(opened.append(VacuumBench.draft(51, ONE), Durability.PROCESS_DEATH))
                .isInstanceOf(AppendResult.Stored.class);
    }
}
