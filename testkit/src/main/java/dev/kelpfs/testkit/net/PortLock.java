package dev.kelpfs.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A locked file that says "this port is mine" to all tests on this machine; the kernel unlocks it when we die. */
final class PortLock implements AutoCloseable {
    /**
     * Files that this process holds. Asked before a file is opened: closing a second channel of a file would free the
     * lock that the first one holds.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private PortLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** {@code <temporary directory>/kelp-ports}, made on first use, open to all users. */
    static Path sharedDirectory() {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"), "kelp-ports");
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
                Files.setPosixFilePermissions(directory, EnumSet.allOf(PosixFilePermission.class));
            }
            return directory;
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot make " + directory, failed);
        }
    }

    static Optional<PortLock> tryTake(Path directory, int port) {
        Path file = directory.resolve(port + ".lock");
        if (!OURS.add(file)) return Optional.empty();
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) return Optional.of(new PortLock(file, channel));
        } catch (IOException | OverlappingFileLockException notOurs) {
            // Somebody else's: the next candidate will do.
        }
        closeQuietly(channel);
        OURS.remove(file);
        return Optional.empty();
    }

    @Override
    public void close() {
        closeQuietly(channel);
        OURS.remove(file);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel == null) return;
        try {
            channel.close();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot close the lock file of a port", failed);
        }
    }
}
