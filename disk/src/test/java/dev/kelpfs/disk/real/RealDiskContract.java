package dev.kelpfs.disk.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kelpfs.disk.DeviceErrorException;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskContract;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskFullException;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.LockHeldException;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.ProcessPlan;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the disk of this machine promises beyond {@link DiskContract}, whichever way it goes to the kernel. */
abstract class RealDiskContract extends DiskContract {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @Test
    void writesRealFiles() throws IOException {
        store("file", "content");
        assertThat(root.resolve("file")).hasContent("content");
        Files.writeString(root.resolve("foreign"), "of another hand");
        assertThat(content("foreign")).isEqualTo("of another hand");
        assertThat(disk.modifiedEpochSeconds(root.resolve("file")))
                .isEqualTo(Files.getLastModifiedTime(root.resolve("file")).toInstant().getEpochSecond());
    }

    @Test
    void relativePathsAndOtherAlphabetsLeadToTheSameFile() throws IOException {
        Path relative = Path.of("").toAbsolutePath().relativize(root);
        store("file", "content");
        try (DiskFile file = disk.open(relative.resolve("file"), Open.READ)) {
            assertThat(file.size()).isEqualTo(7);
        }
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "file names beyond ASCII need a UTF-8 locale (LC_ALL)");
        store("Größe-海藻", "content");
        assertThat(disk.list(root)).containsExactly("Größe-海藻", "file");
        assertThat(root.resolve("Größe-海藻")).hasContent("content");
    }

    @Test
    void interruptsDisturbNoCallAndCloseNothing() throws IOException {
        try (DiskFile file = disk.open(root.resolve("file"), Open.CREATE)) {
            Thread.currentThread().interrupt();
            file.write(text("content"), 0);
            assertThat(read(file, 0, 20, true)).isEqualTo("content");
            assertThat(read(file, 0, 20, false)).isEqualTo("content");
            file.readNow(buffer(4, true), 0);
            file.sync();
            file.truncate(4);
            assertThat(file.size()).isEqualTo(4);
            disk.syncDirectory(root);
            disk.lock(root.resolve("lock"), "interrupted").close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(read(file, 0, 20, true)).isEqualTo("cont");
        } finally {
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void interruptsOfReadersLeaveTheFileToOthers() throws Exception {
        byte[] content = new byte[1 << 16];
        Arrays.fill(content, (byte) 'x');
        Files.write(root.resolve("file"), content);
        try (DiskFile file = disk.open(root.resolve("file"), Open.READ)) {
            CountDownLatch reading = new CountDownLatch(1);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicBoolean failed = new AtomicBoolean();
            Thread reader = Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    try {
                        file.read(buffer(content.length, true), 0);
                    } catch (IOException wrong) {
                        failed.set(true);
                    }
                    reading.countDown();
                }
            });
            reading.await();
            for (int i = 0; i < 1000; i++) {
                reader.interrupt();
                assertThat(read(file, i, 10, i % 2 == 0)).isEqualTo("xxxxxxxxxx");
            }
            stop.set(true);
            reader.join();
            assertThat(failed).isFalse();
        }
    }

    @Test
    void noDescriptorIsLeftBehind() throws IOException {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "open files are counted in " + DESCRIPTORS);
        store("file", "content");
        disk.createDirectories(root.resolve("directory"));
        DiskFile open = disk.open(root.resolve("file"), Open.READ);
        assertThat(openBelowRoot()).containsExactly(root.resolve("file").toString()); // so this way of counting sees them
        open.close();
        for (int i = 0; i < 50; i++) {
            store("file", "content");
            disk.open(root.resolve("file"), Open.CREATE).close();
            assertThatThrownBy(() -> disk.open(root.resolve("file"), Open.CREATE_NEW)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> disk.open(root.resolve("missing"), Open.READ)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> disk.open(root.resolve("directory"), Open.READ)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> disk.open(root.resolve("directory"), Open.READ_WRITE)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> disk.lock(root.resolve("directory"), "x")).isInstanceOf(IOException.class);
            try (DiskFile file = disk.open(root.resolve("file"), Open.READ)) {
                assertThatThrownBy(() -> file.write(text("x"), 0)).isInstanceOf(RuntimeException.class);
                assertThatThrownBy(() -> file.truncate(1)).isInstanceOf(RuntimeException.class);
            }
            disk.syncDirectory(root);
            disk.list(root);
            disk.size(root.resolve("file"));
            disk.lock(root.resolve("lock"), "x").close();
        }
        assertThat(openBelowRoot()).isEmpty();
    }

    /**
     * The kernel gives the number of a closed file to the next one that is opened. Whoever still holds the closed file
     * must never reach that one.
     */
    @Test
    void aClosedFileNeverReachesAnotherOne() throws Exception {
        Files.writeString(root.resolve("mine"), "a".repeat(64));
        Files.writeString(root.resolve("foreign"), "b".repeat(64));
        for (int round = 0; round < 300; round++) {
            DiskFile mine = disk.open(root.resolve("mine"), Open.READ_WRITE);
            CountDownLatch working = new CountDownLatch(3);
            try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
                List<Future<?>> workers = IntStream.range(0, 3).<Future<?>>mapToObj(i -> pool.submit(() -> {
                    try {
                        while (true) {
                            if (i == 0) mine.write(text("a".repeat(64)), 0);
                            if (i == 1) assertThat(read(mine, 0, 64, true)).isEqualTo("a".repeat(64));
                            if (i == 2) assertThat(mine.size()).isEqualTo(64);
                            working.countDown();
                        }
                    } catch (ClosedChannelException closed) {
                        return null;
                    }
                })).toList();
                working.await();
                mine.close();
                try (DiskFile foreign = disk.open(root.resolve("foreign"), Open.READ_WRITE)) {
                    for (Future<?> worker : workers) worker.get();
                    assertThat(read(foreign, 0, 100, true)).isEqualTo("b".repeat(64));
                }
            }
        }
        assertThat(root.resolve("foreign")).hasContent("b".repeat(64));
        if (Files.isDirectory(DESCRIPTORS)) assertThat(openBelowRoot()).isEmpty();
    }

    @Test
    void aLockIsSeenByOtherProcesses() throws Exception {
        Path lock = root.resolve("lock");
        try (DiskLock held = disk.lock(lock, "this process")) {
            // Being refused here must not free it for others.
            assertThatThrownBy(() -> disk.lock(lock, "second")).isInstanceOf(LockHeldException.class);
            try (ManagedProcess second = taker(lock)) {
                second.awaitLine(Pattern.compile("held by this process"), LIMIT);
                assertThat(second.awaitExit(LIMIT)).isEqualTo(LockTaker.REFUSED);
            }
            assertThat(held).isNotNull();
        }
        try (ManagedProcess holder = taker(lock)) {
            holder.awaitLine(Pattern.compile("locked"), LIMIT);
            String text = "taker " + holder.pid();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> disk.lock(lock, "us")).isInstanceOfSatisfying(
                        LockHeldException.class, refused -> assertThat(refused.holder()).isEqualTo(text));
            }
            assertThat(content("lock")).isEqualTo(text + "\n");
            holder.kill();
        }
        disk.lock(lock, "after its death").close();
    }

    private ManagedProcess taker(Path lock) {
        return ManagedProcess.start(ProcessPlan.of("taker", root, List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xshare:auto", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), LockTaker.class.getName(), lock.toString())));
    }

    @Test
    void aLockIsOneByWhateverLinkItIsReached() throws IOException {
        try (DiskLock held = disk.lock(root.resolve("lock"), "holder")) {
            Files.createSymbolicLink(root.resolve("link"), root.resolve("lock"));
            disk.createDirectories(root.resolve("inner"));
            Files.createSymbolicLink(root.resolve("directory"), root);
            Files.createLink(root.resolve("hard"), root.resolve("lock"));
            for (String name : List.of("link", "hard", "directory/lock", "inner/../lock")) {
                assertThatThrownBy(() -> disk.lock(root.resolve(name), "second"))
                        .as(name).isInstanceOf(LockHeldException.class).hasMessageContaining("holder");
            }
            assertThat(held).isNotNull();
        }
    }

    @Test
    void linksAreDeletedNotFollowed() throws IOException {
        disk.createDirectories(root.resolve("elsewhere"));
        store("elsewhere/file", "content");
        disk.createDirectories(root.resolve("tree"));
        Files.createSymbolicLink(root.resolve("tree/link"), root.resolve("elsewhere"));
        Files.createSymbolicLink(root.resolve("tree/dangling"), root.resolve("missing"));
        disk.deleteTree(root.resolve("tree"));
        assertThat(disk.list(root)).containsExactly("elsewhere");
        assertThat(content("elsewhere/file")).isEqualTo("content");
    }

    @Test
    void aFullDeviceIsTold() throws IOException {
        assumeTrue(Files.isWritable(Path.of("/dev/full")), "needs /dev/full");
        try (DiskFile full = disk.open(Path.of("/dev/full"), Open.READ_WRITE)) {
            for (boolean direct : List.of(true, false)) {
                assertThatThrownBy(() -> full.write(buffer(10, direct), 0))
                        .isInstanceOf(DiskFullException.class).hasMessageContaining("/dev/full");
            }
        }
    }

    @Test
    void aFailingDeviceIsTold() throws IOException {
        Path unmapped = Path.of("/proc/self/mem"); // where page 0 cannot be read
        assumeTrue(Files.isReadable(unmapped), "needs " + unmapped);
        try (DiskFile file = disk.open(unmapped, Open.READ)) {
            assertThatThrownBy(() -> file.read(buffer(10, true), 0))
                    .isInstanceOf(DeviceErrorException.class).hasMessageContaining(unmapped.toString());
        }
    }

    @Test
    void aFileInTheMiddleOfAPathIsToldByName() throws IOException {
        store("file", "content");
        for (Open how : Open.values()) {
            assertThatThrownBy(() -> disk.open(root.resolve("file/below"), how))
                    .isInstanceOf(IOException.class).isNotInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("file/below");
        }
    }

    /** Targets of this process's descriptors that lie below the root. */
    private List<String> openBelowRoot() throws IOException {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.map(RealDiskContract::target).filter(target -> target.startsWith(root.toString())).toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
