package dev.kelpfs.master.state;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.wire.kelp.MasterCommand;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The state directory of a single master: {@code log}, {@code snapshot} and {@code .lock}. The state is the snapshot plus
 * the commands of the log that come after it. Used by one thread.
 */
final class LocalFiles implements Closeable {
    private static final String LOG = "log";
    private static final String SNAPSHOT = "snapshot";

    private final Disk disk;
    private final Path directory;
    private final DiskLock lock;
    private LogFile log;

    private LocalFiles(Disk disk, Path directory, DiskLock lock, LogFile log) {
        this.disk = disk;
        this.directory = directory;
        this.lock = lock;
        this.log = log;
    }

    /** The files and the state that they hold. */
    record Loaded(LocalFiles files, MasterState state, boolean tailWasCut) {}

    /** True if the directory holds the state of a single master. */
    static boolean exist(Disk disk, Path directory) {
        return disk.exists(directory.resolve(LOG)) || disk.exists(directory.resolve(SNAPSHOT));
    }

    /** Removes the state of a single master. A crash in between leaves some of it. */
    static void delete(Disk disk, Path directory) throws IOException {
        disk.delete(directory.resolve(LOG));
        disk.delete(directory.resolve(SNAPSHOT));
        disk.syncDirectory(directory);
    }

    /** Reads the state, or makes an empty one. @param lock of the directory; closed with the files, but not if this fails */
    static Loaded open(Disk disk, Path directory, DiskLock lock) throws IOException {
        Path logPath = directory.resolve(LOG);
        Path snapshotPath = directory.resolve(SNAPSHOT);
        boolean hasSnapshot = disk.exists(snapshotPath);
        MasterState state = hasSnapshot ? MasterState.restore(SnapshotFile.read(disk, snapshotPath)) : new MasterState();
        if (!disk.exists(logPath)) {
            if (hasSnapshot) throw new CorruptStateException(logPath, 0, "it is missing beside a snapshot");
            LogFile log = LogFile.create(disk, logPath, 1);
            syncUpwards(disk, directory);
            return new Loaded(new LocalFiles(disk, directory, lock, log), state, false);
        }
        LogFile.Opened opened = LogFile.open(disk, logPath);
        try {
            replay(opened, state, logPath);
        } catch (IOException | RuntimeException failed) {
            LogFile.closeAfter(opened.log(), failed);
            throw failed;
        }
        return new Loaded(new LocalFiles(disk, directory, lock, opened.log()), state, opened.tailWasCut());
    }

    private static void replay(LogFile.Opened opened, MasterState state, Path logPath) throws IOException {
        if (opened.firstIndex() > state.appliedIndex() + 1) {
            throw new CorruptStateException(logPath, 0, "it begins with command " + opened.firstIndex()
                    + ", but the snapshot ends with command " + state.appliedIndex());
        }
        for (LogBatch batch : opened.batches()) {
            long index = batch.firstIndex();
            for (MasterCommand command : batch.commands()) {
                // A crash between a new snapshot and its new log leaves commands that the snapshot includes.
                if (index > state.appliedIndex()) state.apply(index, command);
                index++;
            }
        }
    }

    /** The directories above may have been made by us a moment ago; their names must be as durable as what is in them. */
    private static void syncUpwards(Disk disk, Path directory) throws IOException {
        Path portDirectory = directory.toAbsolutePath().getParent();
        if (portDirectory == null) return;
        disk.syncDirectory(portDirectory);
        Path above = portDirectory.getParent();
        if (above != null) disk.syncDirectory(above);
    }

    void append(LogBatch batch) throws IOException {
        log.append(batch);
    }

    long logBytes() {
        return log.bytes();
    }

    /** Puts the whole state into the snapshot and begins an empty log. */
    void compact(MasterState state) throws IOException {
        SnapshotFile.write(disk, directory.resolve(SNAPSHOT), state.snapshot());
        LogFile next = LogFile.create(disk, directory.resolve(LOG), state.appliedIndex() + 1);
        LogFile old = log;
        log = next;
        old.close();
    }

    /** Closes the files and goes on holding the lock, which belongs to the caller then. */
    DiskLock closeAllButTheLock() throws IOException {
        log.close();
        return lock;
    }

    @Override
    public void close() throws IOException {
        try {
            log.close();
        } finally {
            lock.close();
        }
    }
}
