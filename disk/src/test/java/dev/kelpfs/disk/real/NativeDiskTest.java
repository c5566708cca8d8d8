package dev.kelpfs.disk.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NativeDiskTest extends RealDiskContract {
    private static final Set<String> KNOWN_TO_READ_NOW = Set.of("ext4", "xfs", "btrfs");
    private static final int PAGE_BYTES = 4096;

    @Override
    protected Disk create() {
        return RealDisk.create();
    }

    @BeforeEach
    void needNativeCalls() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        assertThat(RealDisk.create().usesNativeCalls()).isEqualTo(linux);
        assumeTrue(linux, "the native calls are those of Linux");
    }

    @Test
    void theKernelMovesBytes() throws IOException {
        byte[] content = new Seed(11).bytes(3 * PAGE_BYTES + 5);
        Files.write(root.resolve("file"), content);
        Path target = Files.createFile(root.resolve("target"));
        Scratch scratch = Scratch.take();
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ); Arena arena = Arena.ofConfined()) {
            int descriptor = NativeCalls.open(
                    scratch, arena.allocateFrom(target.toString()).address(), NativeCalls.O_RDWR, 0);
            assertThat(descriptor).isPositive();
            assertThat(file.canSend()).isTrue();
            assertThat(file.send(descriptor, 7, content.length)).isEqualTo(content.length - 7);
            assertThat(file.send(descriptor, content.length, 10)).as("at the end").isZero();
            assertThat(NativeCalls.close(scratch, descriptor)).isZero();
            assertThat(Files.readAllBytes(target)).isEqualTo(Arrays.copyOfRange(content, 7, content.length));
            assertThatThrownBy(() -> file.send(descriptor, -1, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.send(1_000_000, 0, 1)).as("no such socket").isInstanceOf(IOException.class);
        } finally {
            scratch.giveBack();
        }
    }

    @Test
    void readNowGivesWhatIsInMemory() throws IOException {
        assumeTrue(
                KNOWN_TO_READ_NOW.contains(Files.getFileStore(root).type()),
                "reading what is in memory is tried on " + KNOWN_TO_READ_NOW + ", and the temporary directory lies on "
                        + Files.getFileStore(root).type());
        byte[] content = new Seed(7).bytes(10 * PAGE_BYTES + 17);
        Files.write(root.resolve("file"), content);
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ)) {
            all(file); // now it is
            ByteBuffer target = buffer(content.length + 100, true);
            target.position(3);
            assertThat(file.readNow(target, 0)).isEqualTo(content.length);
            assertThat(target.position()).isEqualTo(3 + content.length);
            assertThat(array(target.flip().position(3))).isEqualTo(content);
            assertThat(file.readNow(buffer(10, true), content.length)).isEqualTo(DiskFile.END_OF_FILE);
            assertThat(file.readNow(buffer(10, true), content.length - 4)).isEqualTo(4);
        }
    }

    @Test
    void readNowOfWhatIsNotInMemoryAnswersRightBytesOrNone() throws IOException {
        byte[] content = new Seed(8).bytes(1 << 20);
        Path path = root.resolve("file");
        int blocked = 0;
        try (DiskFile file = disk.open(path, Open.CREATE)) {
            file.write(ByteBuffer.wrap(content), 0);
            SplittableRandom random = new Seed(9).random();
            for (int i = 0; i < 200; i++) {
                if (i % 20 == 0) {
                    file.sync();
                    PageCache.drop(path);
                }
                int offset = random.nextInt(content.length);
                ByteBuffer target = buffer(random.nextInt(1, 5 * PAGE_BYTES), true);
                int got = file.readNow(target, offset);
                assertThat(target.position()).isEqualTo(Math.max(0, got));
                if (got == DiskFile.WOULD_BLOCK) {
                    blocked++;
                    got = file.read(target, offset);
                }
                assertThat(got).isPositive();
                assertThat(array(target.flip())).isEqualTo(Arrays.copyOfRange(content, offset, offset + got));
            }
        }
        if (KNOWN_TO_READ_NOW.contains(Files.getFileStore(root).type())) assertThat(blocked).isPositive();
    }

    /** One file system's refusal must not be taken for that of another. */
    @Test
    void readNowIsLearntByFileSystem() throws IOException {
        assumeTrue(
                KNOWN_TO_READ_NOW.contains(Files.getFileStore(root).type()),
                "reading what is in memory is tried on " + KNOWN_TO_READ_NOW + ", and the temporary directory lies on "
                        + Files.getFileStore(root).type());
        Path without = Path.of("/proc/self/status"); // made up when it is read
        assumeTrue(Files.isReadable(without), "needs " + without);
        store("file", "content");
        try (DiskFile refusing = disk.open(without, Open.READ); DiskFile file = disk.open(root.resolve("file"), Open.READ)) {
            for (int i = 0; i < 2; i++) {
                assertThat(refusing.readNow(buffer(10, true), 0)).isIn(DiskFile.WOULD_BLOCK, 10);
                assertThat(file.readNow(buffer(7, true), 0)).isEqualTo(7);
            }
        }
    }

    private static byte[] array(ByteBuffer remaining) {
        byte[] array = new byte[remaining.remaining()];
        remaining.get(array);
        return array;
    }
}
