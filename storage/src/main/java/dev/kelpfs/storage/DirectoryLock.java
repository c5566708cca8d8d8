package dev.kelpfs.storage;

import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.LockHeldException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The lock {@code .kelp-volume.lock} of a data directory: whoever changes volumes in it, servers and offline tools alike,
 * holds it.
 */
public final class DirectoryLock {
    public static final String FILE_NAME = ".kelp-volume.lock";

    private static final long RETRY_NANOS = Duration.ofMillis(50).toNanos();

    private DirectoryLock() {}

    /**
     * Takes the lock, waiting for a holder that is stopping.
     *
     * @param wait how long at most
     * @throws LockHeldException if it is still held then; carries who holds it
     */
    public static DiskLock take(StoreEnvironment environment, Path directory, Duration wait) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        String owner = "process " + ProcessHandle.current().pid() + ", since " + environment.clock().instant();
        long start = environment.ticker().nanos();
        while (true) {
            try {
                return environment.disk().lock(file, owner);
            } catch (LockHeldException held) {
                boolean interrupted = Thread.currentThread().isInterrupted();
                if (interrupted || environment.ticker().since(start).compareTo(wait) >= 0) throw held;
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }
}
