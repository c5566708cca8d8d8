package dev.kelpfs.master.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.faulty.FaultPlan;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.faulty.Losses;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.LocalLog;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FileKeysTest {
    private static final Path DIRECTORY = Path.of("/mdir/m1/kelp");
    private static final long LARGEST = Long.MAX_VALUE - (1L << 40);

    @Test
    void keysAscendFromOneAcrossBlocks() throws Exception {
        try (LocalLog log = open(new MemoryDisk())) {
            FileKeys keys = keys(log);
            long expected = 1;
            while (expected < 250_000) {
                OptionalLong first = await(keys, 1000);
                assertThat(first.getAsLong()).isGreaterThanOrEqualTo(expected);
                expected = first.getAsLong() + 1000;
            }
        }
    }

    @Test
    void aKeySeenAboveTheMarkVoidsTheBlockAtOnce() throws Exception {
        try (LocalLog log = open(new MemoryDisk())) {
            FileKeys keys = keys(log);
            assertThat(await(keys, 1).getAsLong()).isEqualTo(1);
            keys.seen(2);
            assertThat(await(keys, 1).getAsLong()).isEqualTo(2);
            keys.seen(1_000_000);
            assertThat(await(keys, 1).getAsLong()).isGreaterThan(1_000_000L + (1L << 32));
        }
    }

    @Test
    void aKeyTooLargeToCountOnFromIsPassedOver() throws Exception {
        try (LocalLog log = open(new MemoryDisk())) {
            FileKeys keys = keys(log);
            keys.seen(-1);
            keys.seen(Long.MAX_VALUE);
            assertThat(await(keys, 1).getAsLong()).isEqualTo(1);
        }
    }

    @Test
    void aCountHasABound() throws Exception {
        try (LocalLog log = open(new MemoryDisk())) {
            FileKeys keys = keys(log);
            assertThatThrownBy(() -> keys.take(FileKeys.MAX_COUNT + 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> keys.take(0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void noKeyIsGivenTwiceWhereverTheMasterDies() throws Exception {
        Seed seed = Seed.announced("FileKeysTest");
        for (int run = 0; run < 150; run++) {
            RandomGenerator random = seed.derive(run).random();
            MemoryDisk disk = new MemoryDisk();
            long highest = 0;
            for (int life = 0; life < 4; life++) {
                FaultyDisk faulty = new FaultyDisk(disk, FaultPlan.crashAt(random.nextInt(1, 25), random.nextInt(120)));
                highest = live(faulty, highest, random);
                disk = random.nextBoolean() ? faulty.afterProcessDeath() : faulty.afterPowerLoss(Losses.random(random));
            }
        }
    }

    private static long live(Disk disk, long highestBefore, RandomGenerator random) throws InterruptedException {
        long highest = highestBefore;
        Semaphore refilled = new Semaphore(0);
        try (LocalLog log = open(disk)) {
            FileKeys keys = new FileKeys(log, LARGEST, refilled::release);
            log.onLeadership(standing -> {
                if (standing instanceof Leadership.Failed) refilled.release();
            });
            keys.start();
            for (int i = 0; i < 100; i++) {
                OptionalLong first = keys.take(random.nextLong(1, FileKeys.MAX_COUNT + 1));
                if (first.isPresent()) {
                    assertThat(first.getAsLong()).isGreaterThan(highest);
                    highest = first.getAsLong();
                } else if (log.leadership() instanceof Leadership.Failed) {
                    return highest;
                } else {
                    assertThat(refilled.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
                }
            }
        } catch (IOException crashed) {
            return highest;
        }
        return highest;
    }

    private static FileKeys keys(LocalLog log) {
        FileKeys keys = new FileKeys(log, LARGEST, () -> { });
        keys.start();
        return keys;
    }

    private static OptionalLong await(FileKeys keys, long count) throws InterruptedException {
        return OptionalLong.of(Await.value("keys are there", Duration.ofSeconds(30), () -> {
            OptionalLong first = keys.take(count);
            return first.isPresent() ? Optional.of(first.getAsLong()) : Optional.empty();
        }));
    }

    private static LocalLog open(Disk disk) throws IOException {
        return LocalLog.open(disk, DIRECTORY, Ticker.system(), "test");
    }
}
