package dev.kelpfs.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system as Kelp needs it. All methods may block and are safe for use by several threads.
 *
 * <p>Failures are {@link IOException}s whose message names the path: {@link java.nio.file.NoSuchFileException} when
 * something is missing, {@link java.nio.file.FileAlreadyExistsException} when something is in the way,
 * {@link DiskFullException} when no space is left, {@link DeviceErrorException} when the device under the file system
 * failed. A method that throws has changed nothing, unless it says otherwise.
 */
public interface Disk {
    /** How a file is opened. */
    enum Open {
        /** Must exist; writes are refused. */
        READ,
        /** Must exist. */
        READ_WRITE,
        /** Is created when missing; what is there stays. */
        CREATE,
        /** Must not exist yet. */
        CREATE_NEW
    }

    DiskFile open(Path path, Open how) throws IOException;

    boolean exists(Path path);

    boolean isDirectory(Path path);

    /** Names of the entries of a directory, sorted. */
    List<String> list(Path directory) throws IOException;

    /** Creates the directory and what is missing above it. */
    void createDirectories(Path directory) throws IOException;

    /**
     * Gives a file another name in one step; a file that has that name already is replaced, a directory is in the way.
     */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file or an empty directory; one that is missing is fine. */
    void delete(Path path) throws IOException;

    /**
     * Removes a file, or a directory with all that is in it; one that is missing is fine. Links are removed, not
     * followed. Not one step.
     */
    default void deleteTree(Path path) throws IOException {
        if (isDirectory(path)) {
            for (String name : list(path)) deleteTree(path.resolve(name));
        }
        delete(path);
    }

    /** Makes the names in a directory durable: creations, renames and removals so far survive a power loss. */
    void syncDirectory(Path directory) throws IOException;

    /** Space of the file system that holds the path. */
    DiskSpace space(Path path) throws IOException;

    /** Length of a file in bytes. */
    default long size(Path path) throws IOException {
        try (DiskFile file = open(path, Open.READ)) {
            return file.size();
        }
    }

    /** Seconds since the epoch of the last change of the content. */
    long modifiedEpochSeconds(Path path) throws IOException;

    /** True if the path may be written by this process, as far as its permissions say. */
    boolean isWritable(Path path);

    /**
     * Takes the lock that this file stands for, held until it is closed or the process ends. The file is created when
     * missing and filled with {@code owner}, a text for the message of whoever comes second.
     * Nothing in this process may open the file by itself meanwhile: closing it would free the lock.
     *
     * @throws LockHeldException if another process, or another holder in this one, has it; carries the holder's text
     */
    DiskLock lock(Path path, String owner) throws IOException;
}
