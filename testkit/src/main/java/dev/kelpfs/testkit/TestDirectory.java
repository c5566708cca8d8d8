package dev.kelpfs.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A fresh directory for one test. {@link #close()} deletes it, unless {@link #keep()} was called because the test
 * failed; then it stays and its path is printed. {@link TestDirectories} does both for JUnit tests.
 */
public final class TestDirectory implements AutoCloseable {
    private final Path path;
    private final AtomicBoolean kept = new AtomicBoolean();

    private TestDirectory(Path path) {
        this.path = path;
    }

    /** Makes {@code <temporary directory>/kelp-<name>-<random>}. */
    public static TestDirectory create(String name) {
        try {
            return new TestDirectory(Files.createTempDirectory("kelp-" + name.replaceAll("[^A-Za-z0-9.-]+", "-") + "-"));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot make a directory under " + System.getProperty("java.io.tmpdir"), failed);
        }
    }

    /** The directory itself, absolute. */
    public Path path() {
        return path;
    }

    /** A path below it; nothing is created. */
    public Path resolve(String relative) {
        return path.resolve(relative);
    }

    /** From now on {@link #close()} leaves everything where it is and prints where that is. */
    public void keep() {
        kept.set(true);
    }

    @Override
    public void close() {
        if (kept.get()) {
            System.out.println("kept for inspection: " + path);
            return;
        }
        try {
            Files.walkFileTree(path, new Deleter());
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot delete " + path, failed);
        }
    }

    private static final class Deleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            // Tests take rights away to provoke errors; give them back so that the content can go.
            directory.toFile().setWritable(true);
            directory.toFile().setExecutable(true);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed) throws IOException {
            if (failed != null) throw failed;
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
