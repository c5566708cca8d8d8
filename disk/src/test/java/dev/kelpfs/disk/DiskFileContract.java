package dev.kelpfs.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link DiskFile} promises, of every disk. */
@ExtendWith(TestDirectories.class)
public abstract class DiskFileContract {
    protected Disk disk;
    protected Path root;

    /** A fresh disk of the kind under test. */
    protected abstract Disk create();

    @BeforeEach
    void start(TestDirectory directory) throws IOException {
        disk = create();
        root = directory.path();
        disk.createDirectories(root);
    }

    @ParameterizedTest
    @EnumSource(value = Open.class, names = {"READ", "READ_WRITE"})
    void openOfAMissingFileFails(Open how) {
        assertThatThrownBy(() -> disk.open(root.resolve("missing"), how))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("missing");
        assertThat(disk.exists(root.resolve("missing"))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Open.class, names = {"CREATE", "CREATE_NEW"})
    void openCreatesAnEmptyFile(Open how) throws IOException {
        try (DiskFile file = disk.open(root.resolve("fresh"), how)) {
            assertThat(file.size()).isZero();
            file.write(text("now here"), 0);
        }
        assertThat(content("fresh")).isEqualTo("now here");
    }

    @ParameterizedTest
    @EnumSource(value = Open.class, names = {"CREATE", "CREATE_NEW"})
    void openCreatesNoDirectories(Open how) {
        assertThatThrownBy(() -> disk.open(root.resolve("nowhere/fresh"), how))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("fresh");
    }

    @ParameterizedTest
    @EnumSource(value = Open.class, names = {"READ", "READ_WRITE", "CREATE"})
    void openKeepsWhatIsThere(Open how) throws IOException {
        store("old", "content");
        disk.open(root.resolve("old"), how).close();
        assertThat(content("old")).isEqualTo("content");
    }

    @Test
    void aNewFileMustNotExist() throws IOException {
        store("old", "content");
        assertThatThrownBy(() -> disk.open(root.resolve("old"), Open.CREATE_NEW))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("old");
        assertThat(content("old")).isEqualTo("content");
    }

    @ParameterizedTest
    @EnumSource(Open.class)
    void aDirectoryIsNoFile(Open how) throws IOException {
        disk.createDirectories(root.resolve("directory"));
        assertThatThrownBy(() -> disk.open(root.resolve("directory"), how))
                .isInstanceOf(how == Open.CREATE || how == Open.CREATE_NEW ? FileAlreadyExistsException.class : IOException.class)
                .hasMessageContaining("directory");
    }

    @Test
    void aFileOpenForReadingRefusesChanges() throws IOException {
        store("file", "content");
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ)) {
            assertThatThrownBy(() -> file.write(text("x"), 0)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> file.truncate(1)).isInstanceOf(NonWritableChannelException.class);
            assertThat(file.size()).isEqualTo(7);
        }
        assertThat(content("file")).isEqualTo("content");
    }

    @Test
    void readsAnywhereAndTellsTheEnd() throws IOException {
        store("file", "0123456789");
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ)) {
            for (boolean direct : List.of(true, false)) {
                assertThat(read(file, 0, 4, direct)).isEqualTo("0123");
                assertThat(read(file, 6, 4, direct)).isEqualTo("6789");
                assertThat(read(file, 8, 100, direct)).isEqualTo("89"); // as much as there is
                assertThat(file.read(buffer(4, direct), 10)).isEqualTo(DiskFile.END_OF_FILE);
                assertThat(file.read(buffer(4, direct), 1L << 40)).isEqualTo(DiskFile.END_OF_FILE);
                assertThat(file.read(buffer(0, direct), 3)).isZero();
            }
        }
    }

    @Test
    void readFillsTheRemainingRoomOnly() throws IOException {
        store("file", "0123456789");
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ)) {
            for (boolean direct : List.of(true, false)) {
                ByteBuffer target = buffer(8, direct);
                target.position(2).limit(5);
                assertThat(file.read(target, 4)).isEqualTo(3);
                assertThat(target.position()).isEqualTo(5);
                assertThat(string(target.clear())).isEqualTo("\0\000456\0\0\0");
            }
        }
    }

    @Test
    void readDoesNotWriteIntoBuffersThatForbidIt() throws IOException {
        store("file", "0123456789");
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ)) {
            for (boolean direct : List.of(true, false)) {
                ByteBuffer target = buffer(4, direct);
                assertThatThrownBy(() -> file.read(target.asReadOnlyBuffer(), 0)).isInstanceOf(ReadOnlyBufferException.class);
                assertThat(string(target)).isEqualTo("\0\0\0\0");
            }
            assertThatThrownBy(() -> file.readNow(buffer(4, true).asReadOnlyBuffer(), 0))
                    .isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @Test
    void readNowAnswersRightBytesOrThatItWouldWait() throws IOException {
        store("file", "0123456789");
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ)) {
            ByteBuffer target = buffer(6, true);
            int got = file.readNow(target, 3);
            assertThat(got).isIn(6, DiskFile.WOULD_BLOCK);
            assertThat(target.position()).isEqualTo(Math.max(0, got));
            if (got > 0) assertThat(string(target.flip())).isEqualTo("345678");
            assertThat(file.readNow(buffer(4, true), 10)).isIn(DiskFile.END_OF_FILE, DiskFile.WOULD_BLOCK);
            assertThat(file.readNow(buffer(0, true), 0)).isZero();
            assertThatIllegalArgumentException().isThrownBy(() -> file.readNow(buffer(4, false), 0));
        }
    }

    @Test
    void writesAnywhereAndFillsGapsWithZeros() throws IOException {
        try (DiskFile file = disk.open(root.resolve("file"), Open.CREATE_NEW)) {
            file.write(text("tail"), 6);
            assertThat(file.size()).isEqualTo(10);
            file.write(text("head"), 0);
            file.write(text("--"), 3);
            assertThat(read(file, 0, 20, true)).isEqualTo("hea--\0tail");
        }
    }

    @Test
    void writeTakesWhatRemainsInItsBuffers() throws IOException {
        for (boolean direct : List.of(true, false)) {
            try (DiskFile file = disk.open(root.resolve("file-" + direct), Open.CREATE_NEW)) {
                ByteBuffer source = buffer(10, direct).put(bytes("0123456789")).flip();
                source.position(3).limit(7);
                file.write(source, 0);
                assertThat(source.position()).isEqualTo(7);
                assertThat(read(file, 0, 20, true)).isEqualTo("3456");
                file.write(source, 100); // nothing remains
                file.write(new ByteBuffer[0], 100);
                assertThat(file.size()).isEqualTo(4);
            }
        }
    }

    @Test
    void writeGathersManyBuffersOfAllKinds() throws IOException {
        SplittableRandom random = new Seed(42).random();
        for (int kind = 0; kind < 3; kind++) { // heap, direct, both
            byte[] expected = new byte[0];
            ByteBuffer[] sources = new ByteBuffer[1500];
            for (int i = 0; i < sources.length; i++) {
                byte[] part = new byte[i % 7 == 0 ? 0 : i == 700 ? 200_000 : random.nextInt(1, 300)];
                random.nextBytes(part);
                sources[i] = buffer(part.length, kind == 1 || kind == 2 && random.nextBoolean()).put(part).flip();
                expected = Arrays.copyOf(expected, expected.length + part.length);
                System.arraycopy(part, 0, expected, expected.length - part.length, part.length);
            }
            try (DiskFile file = disk.open(root.resolve("file-" + kind), Open.CREATE_NEW)) {
                file.write(sources, 5);
                assertThat(sources).noneMatch(ByteBuffer::hasRemaining);
                assertThat(file.size()).isEqualTo(5 + expected.length);
                assertThat(all(file)).endsWith(expected);
            }
        }
    }

    @Test
    void truncateCutsAndDoesNotLengthen() throws IOException {
        store("file", "0123456789");
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ_WRITE)) {
            file.truncate(10);
            assertThat(file.size()).isEqualTo(10);
            assertThatIllegalArgumentException().isThrownBy(() -> file.truncate(11));
            assertThatIllegalArgumentException().isThrownBy(() -> file.truncate(-1));
            file.truncate(4);
            assertThat(file.size()).isEqualTo(4);
            file.write(text("x"), 6);
            assertThat(read(file, 0, 20, true)).isEqualTo("0123\0\0x"); // what was cut does not come back
            file.truncate(0);
            assertThat(file.size()).isZero();
        }
    }

    @Test
    void negativeOffsetsAreRefused() throws IOException {
        try (DiskFile file = disk.open(root.resolve("file"), Open.CREATE)) {
            assertThatIllegalArgumentException().isThrownBy(() -> file.read(buffer(1, true), -1));
            assertThatIllegalArgumentException().isThrownBy(() -> file.readNow(buffer(1, true), -1));
            assertThatIllegalArgumentException().isThrownBy(() -> file.write(text("x"), -1));
            file.write(text("x"), 0);
            assertThat(read(file, 0, 1, true)).isEqualTo("x");
        }
    }

    @Test
    void reserveKeepsLengthAndContent() throws IOException {
        store("file", "0123456789");
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ_WRITE)) {
            file.reserve(1 << 20);
            file.reserve(0);
            assertThat(file.size()).isEqualTo(10);
        }
        assertThat(content("file")).isEqualTo("0123456789");
    }

    @Test
    void afterCloseEveryCallIsRefused() throws IOException {
        DiskFile file = disk.open(root.resolve("file"), Open.CREATE);
        file.write(text("content"), 0);
        file.sync();
        file.close();
        file.close();
        assertThatThrownBy(() -> file.read(buffer(1, true), 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.read(buffer(1, false), 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.readNow(buffer(1, true), 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.write(text("x"), 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::sync).isInstanceOf(ClosedChannelException.class);
        assertThat(content("file")).isEqualTo("content");
    }

    @Test
    void anOpenFileOutlivesItsName() throws IOException {
        store("file", "content");
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ)) {
            disk.delete(root.resolve("file"));
            store("file", "another");
            assertThat(read(file, 0, 20, true)).isEqualTo("content");
        }
    }

    @Test
    void oneFileOpenedTwiceIsOneFile() throws IOException {
        try (DiskFile writer = disk.open(root.resolve("file"), Open.CREATE);
                DiskFile reader = disk.open(root.resolve("file"), Open.READ)) {
            writer.write(text("seen"), 0);
            assertThat(read(reader, 0, 10, true)).isEqualTo("seen");
        }
    }

    @Test
    void manyReadAndWriteAtOnce() throws Exception {
        int threads = 4;
        int slots = 64;
        int slotBytes = 3000;
        try (DiskFile file = disk.open(root.resolve("file"), Open.CREATE);
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            file.write(ByteBuffer.allocate(threads * slots * slotBytes), 0);
            List<Callable<Void>> work = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int first = t * slots;
                work.add(() -> {
                    SplittableRandom random = new SplittableRandom(first);
                    for (int round = 1; round < 500; round++) {
                        long offset = (long) (first + random.nextInt(slots)) * slotBytes;
                        byte[] record = new byte[slotBytes];
                        Arrays.fill(record, (byte) random.nextInt(1, 128));
                        file.write(buffer(slotBytes, round % 2 == 0).put(record).flip(), offset);
                        assertThat(read(file, offset, slotBytes, round % 3 == 0).getBytes(StandardCharsets.ISO_8859_1))
                                .isEqualTo(record);
                    }
                    return null;
                });
            }
            for (Future<Void> done : pool.invokeAll(work)) done.get();
        }
    }

    protected void store(String name, String content) throws IOException {
        try (DiskFile file = disk.open(root.resolve(name), Open.CREATE)) {
            file.truncate(0);
            file.write(text(content), 0);
        }
    }

    protected String content(String name) throws IOException {
        try (DiskFile file = disk.open(root.resolve(name), Open.READ)) {
            return new String(all(file), StandardCharsets.ISO_8859_1);
        }
    }

    protected static byte[] all(DiskFile file) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) file.size());
        while (all.hasRemaining()) {
            if (file.read(all, all.position()) < 0) throw new AssertionError("the file ends before its size");
        }
        return all.array();
    }

    /** As many of the bytes as there are. */
    protected static String read(DiskFile file, long offset, int bytes, boolean direct) throws IOException {
        ByteBuffer target = buffer(bytes, direct);
        while (target.hasRemaining() && file.read(target, offset + target.position()) >= 0) {
            assertThat(target.position()).isPositive();
        }
        return string(target.flip());
    }

    protected static ByteBuffer buffer(int bytes, boolean direct) {
        return direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }

    protected static ByteBuffer text(String text) {
        return ByteBuffer.wrap(bytes(text));
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    protected static String string(ByteBuffer remaining) {
        return StandardCharsets.ISO_8859_1.decode(remaining).toString();
    }
}
