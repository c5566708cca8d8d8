package dev.kelpfs.storage;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.DiskSpace;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk on which one file may only be read.
 *
 * @param told true if its mode says so, but opening it works, as for a privileged process; false if the mode says nothing and
 *     opening it fails, as on some network file systems
 */
record UnwritableFileDisk(Disk inner, Path unwritable, boolean told) implements Disk {
    @Override
    public DiskFile open(Path path, Open how) throws IOException {
        if (!told && path.equals(unwritable) && how != Open.READ) throw new AccessDeniedException(path.toString());
        return inner.open(path, how);
    }

    @Override
    public boolean isWritable(Path path) {
        return !(told && path.equals(unwritable)) && inner.isWritable(path);
    }

    @Override
    public boolean exists(Path path) {
        return inner.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return inner.isDirectory(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return inner.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        inner.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        inner.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        inner.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        inner.syncDirectory(directory);
    }

    @Override
    public DiskSpace space(Path path) throws IOException {
        return inner.space(path);
    }

    @Override
    public long modifiedEpochSeconds(Path path) throws IOException {
        return inner.modifiedEpochSeconds(path);
    }

    @Override
    public DiskLock lock(Path path, String owner) throws IOException {
        return inner.lock(path, owner);
    }
}
