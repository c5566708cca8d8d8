package dev.kelpfs.master.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.faulty.DiskCall;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.faulty.Losses;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LocalLogTest extends StateLogContract {
    private static final Path DIRECTORY = Path.of("/mdir/m9333/kelp");
    private static final Path LOG = DIRECTORY.resolve("log");
    private static final int SMALL_LOG_BYTES = 600;

    private final AtomicBoolean broken = new AtomicBoolean();
    private final FaultyDisk disk = new FaultyDisk(new MemoryDisk(), call -> call.kind() == DiskCall.Kind.SYNC && broken.get()
            ? new Fault.Fail(new IOException("bad disk"), 0)
            : Fault.NONE);
    private final List<LocalLog> opened = new ArrayList<>();

    @Override
    protected StateLog open() throws IOException {
        closeAll();
        LocalLog log = LocalLog.open(disk, DIRECTORY, Ticker.system(), "test", SMALL_LOG_BYTES);
        opened.add(log);
        assertThat(log.tailWasCut()).isFalse();
        return log;
    }

    @Override
    protected void closeAll() throws IOException {
        for (LocalLog log : opened) log.close();
        opened.clear();
    }

    @Override
    protected int commandsBetweenSnapshots() {
        return SMALL_LOG_BYTES;
    }

    @Override
    protected int snapshots() {
        return disk.exists(DIRECTORY.resolve("snapshot")) ? 1 : 0;
    }

    @Override
    protected void breakDisk() {
        broken.set(true);
    }

    @Override
    protected void mendDisk() {
        broken.set(false);
    }

    @Test
    void aSingleMasterLeadsAtOnce() throws Exception {
        StateLog log = open();
        assertThat(log.leadership()).isEqualTo(new Leadership.Leading(1));
        assertThat(log.holdsLease()).isTrue();
        for (int i = 0; i < 200; i++) log.propose(Commands.reserveKeys(1, 0)).get(60, TimeUnit.SECONDS);
        Await.until("a snapshot has made the log short", LIMIT, () -> disk.size(LOG) < 10 * SMALL_LOG_BYTES);
    }

    @Test
    void aTornTailIsCutWhereverItWasTorn() throws Exception {
        MemoryDisk whole = new MemoryDisk();
        long intact;
        try (LocalLog log = open(whole)) {
            keys(log, 100);
            intact = whole.size(LOG);
            keys(log, 50);
        }
        byte[] content = read(whole, LOG);
        for (int length = (int) intact + 1; length < content.length; length++) {
            MemoryDisk torn = new MemoryDisk();
            write(torn, LOG, content, length);
            try (LocalLog log = open(torn)) {
                assertThat(log.tailWasCut()).isTrue();
                assertThat(keys(log, 1)).isEqualTo(new Applied.KeysReserved(101, 1));
            }
        }
    }

    @Test
    void damageBeforeIntactCommandsIsRefusedWithFileAndOffset() throws Exception {
        MemoryDisk whole = new MemoryDisk();
        try (LocalLog log = open(whole)) {
            for (int i = 0; i < 5; i++) keys(log, 100);
        }
        byte[] content = read(whole, LOG);
        int lastBatch = content.length - (content.length - LogFile.HEADER_BYTES) / 5;
        for (int at = 0; at < lastBatch; at++) {
            byte[] damaged = content.clone();
            damaged[at] ^= 0x10;
            MemoryDisk disk = new MemoryDisk();
            write(disk, LOG, damaged, damaged.length);
            assertThatThrownBy(() -> open(disk)).isInstanceOf(IOException.class).hasMessageContaining(LOG.toString());
            assertThat(read(disk, LOG)).isEqualTo(damaged);
        }
    }

    @Test
    void aSnapshotWithoutItsLogIsRefused() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        try (LocalLog log = LocalLog.open(disk, DIRECTORY, Ticker.system(), "test", 1)) {
            keys(log, 100);
            keys(log, 100);
        }
        disk.delete(LOG);
        assertThatThrownBy(() -> open(disk)).isInstanceOf(CorruptStateException.class).hasMessageContaining("missing");
    }

    @Test
    void whereverItCrashesNoIdIsGivenTwiceAndNothingCommittedIsLost() throws Exception {
        Seed seed = Seed.announced("LocalLogTest");
        for (int run = 0; run < 400; run++) {
            RandomGenerator random = seed.derive(run).random();
            MemoryDisk disk = new MemoryDisk();
            long highestKnown = 0;
            for (int life = 0; life < 4; life++) {
                FaultyDisk faulty = new FaultyDisk(disk, FaultPlan.crashAt(random.nextInt(1, 60), random.nextInt(100)));
                highestKnown = live(faulty, highestKnown, random);
                disk = random.nextBoolean() ? faulty.afterProcessDeath() : faulty.afterPowerLoss(Losses.random(random));
            }
        }
    }

    /** Reserves until the disk dies; every range must lie above all that were ever handed out. */
    private static long live(Disk disk, long highestKnown, RandomGenerator random) throws Exception {
        long highest = highestKnown;
        try (LocalLog log = LocalLog.open(disk, DIRECTORY, Ticker.system(), "test", SMALL_LOG_BYTES)) {
            for (int i = 0; i < 40; i++) {
                List<CompletableFuture<Applied>> together = new ArrayList<>();
                for (int k = random.nextInt(1, 4); k > 0; k--) together.add(log.propose(Commands.reserveKeys(10, 0)));
                for (CompletableFuture<Applied> result : together) {
                    Applied.KeysReserved range = (Applied.KeysReserved) result.get(30, TimeUnit.SECONDS);
                    assertThat(range.first()).isGreaterThan(highest);
                    highest = range.first() + range.count() - 1;
                }
            }
        } catch (ExecutionException | IOException crashed) {
            assertThat(crashed).isNotInstanceOf(CorruptStateException.class);
        }
        return highest;
    }

    private static LocalLog open(Disk disk) throws IOException {
        return LocalLog.open(disk, DIRECTORY, Ticker.system(), "test");
    }

    private static Applied keys(LocalLog log, long count) throws Exception {
        return log.propose(Commands.reserveKeys(count, 0)).get(30, TimeUnit.SECONDS);
    }

    private static byte[] read(Disk disk, Path path) throws IOException {
        try (DiskFile file = disk.open(path, Disk.Open.READ)) {
            return LogFile.readAll(file, path).array();
        }
    }

    private static void write(Disk disk, Path path, byte[] content, int length) throws IOException {
        disk.createDirectories(path.getParent());
        try (DiskFile file = disk.open(path, Disk.Open.CREATE_NEW)) {
            file.write(ByteBuffer.wrap(content, 0, length), 0);
        }
    }
}
