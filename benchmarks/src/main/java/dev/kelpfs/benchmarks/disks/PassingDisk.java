package dev.kelpfs.benchmarks.disks;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.DiskSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** The disk below, with every file wrapped. */
public final class PassingDisk implements Disk {
    private final Disk below;
    private final UnaryOperator<DiskFile> wrapped;

    /** @param wrapped makes of a file of the disk below what is given out, a {@link PassingFile} mostly */
    public PassingDisk(Disk below, UnaryOperator<DiskFile> wrapped) {
        this.below = below;
        this.wrapped = wrapped;
    }

    @Override
    public DiskFile open(Path path, Open how) throws IOException {
        return wrapped.apply(below.open(path, how));
    }

    @Override
    public boolean exists(Path path) {
        return below.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return below.isDirectory(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return below.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        below.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        below.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        below.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        below.syncDirectory(directory);
    }

    @Override
    public DiskSpace space(Path path) throws IOException {
        return below.space(path);
    }

    @Override
    public long modifiedEpochSeconds(Path path) throws IOException {
        return below.modifiedEpochSeconds(path);
    }

    @Override
    public boolean isWritable(Path path) {
        return below.isWritable(path);
    }

    @Override
    public DiskLock lock(Path path, String owner) throws IOException {
        return below.lock(path, owner);
    }
}
