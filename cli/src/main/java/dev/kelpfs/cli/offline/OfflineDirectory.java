package dev.kelpfs.cli.offline;

import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.LockHeldException;
import dev.kelpfs.storage.DirectoryLock;
import dev.kelpfs.storage.StoreEnvironment;
import dev.kelpfs.storage.volume.VolumeContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A data directory whose lock this process holds, so that no server uses its volumes meanwhile. Work on its volumes is
 * done by the thread that asks for it.
 */
final class OfflineDirectory implements AutoCloseable {
    private final @Nullable DiskLock lock;
    private final VolumeContext context;

    private OfflineDirectory(@Nullable DiskLock lock, VolumeContext context) {
        this.lock = lock;
        this.context = context;
    }

    /**
     * Locks a directory whose volumes will be changed.
     *
     * @throws IOException if somebody uses it; the message says who, and what to do
     */
    static OfflineDirectory lock(Surroundings world, Path directory) throws IOException {
        Disk disk = world.disk().get();
        if (!disk.isDirectory(directory)) throw new IOException(directory + " is no directory");
        if (!disk.isWritable(directory)) throw new IOException(directory + " is not writable for this user");
        return new OfflineDirectory(take(world, disk, directory), context(world, disk));
    }

    /** Locks a directory whose volumes will be read only. Where nobody can write, as on a read-only copy, there is no lock. */
    static OfflineDirectory lockForReading(Surroundings world, Path directory) throws IOException {
        Disk disk = world.disk().get();
        if (disk.isWritable(directory)) return lock(world, directory);
        return new OfflineDirectory(null, context(world, disk));
    }

    private static DiskLock take(Surroundings world, Disk disk, Path directory) throws IOException {
        RandomGenerator random = world.random().get();
        try {
            StoreEnvironment environment = new StoreEnvironment(disk, world.clock(), world.ticker(), random);
            return DirectoryLock.take(environment, directory, Duration.ZERO);
        } catch (LockHeldException held) {
            throw new IOException(held.getMessage() + "; stop the volume server, or wait for the other tool, then run this again",
                    held);
        }
    }

    private static VolumeContext context(Surroundings world, Disk disk) {
        return new VolumeContext(disk, world.clock(), Runnable::run, world.random().get());
    }

    /** What is needed to open its volumes. */
    VolumeContext context() {
        return context;
    }

    @Override
    public void close() throws IOException {
        if (lock != null) lock.close();
    }
}
