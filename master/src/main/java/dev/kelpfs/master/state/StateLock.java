package dev.kelpfs.master.state;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.LockHeldException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;

/** The lock of a master's state directory: the file {@code .lock} in it, held for the life of the process. */
public final class StateLock {
    /** A stopping master keeps the lock for a moment. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long PAUSE_MILLIS = 50;

    private StateLock() {}

    /**
     * Waits up to 15 seconds for whoever holds it.
     *
     * @param directory exists
     * @param owner who holds the lock, for the message of whoever comes second
     */
    public static DiskLock take(Disk disk, Path directory, Ticker ticker, String owner) throws IOException {
        Path path = directory.resolve(".lock");
        long start = ticker.nanos();
        while (true) {
            try {
                return disk.lock(path, owner);
            } catch (LockHeldException held) {
                if (ticker.since(start).compareTo(PATIENCE) >= 0) throw held;
                pause(path);
            }
        }
    }

    private static void pause(Path path) throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + path);
        }
    }
}
