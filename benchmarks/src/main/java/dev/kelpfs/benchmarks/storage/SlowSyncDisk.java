package dev.kelpfs.benchmarks.storage;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.DiskSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A disk whose syncs of files go through a {@link SyncTimer}; all else is as on the disk below. */
final class SlowSyncDisk implements Disk {
    private final Disk below;
    private final SyncTimer timer;

    SlowSyncDisk(Disk below, SyncTimer timer) {
        this.below = below;
        this.timer = timer;
    }

    /** A file of it. */
    private record SlowSyncFile(DiskFile below, SyncTimer timer) implements DiskFile {
        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            return below.read(target, offset);
        }

        @Override
        public int readNow(ByteBuffer target, long offset) throws IOException {
            return below.readNow(target, offset);
        }

        @Override
        public void write(ByteBuffer[] sources, long offset) throws IOException {
            below.write(sources, offset);
        }

        @Override
        public long size() throws IOException {
            return below.size();
        }

        @Override
        public void reserve(long bytes) throws IOException {
            below.reserve(bytes);
        }

        @Override
        public void truncate(long size) throws IOException {
            below.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            timer.sync(below::sync);
        }

        @Override
        public void close() throws IOException {
            below.close();
        }
    }

    @Override
    public DiskFile open(Path path, Open how) throws IOException {
        return new SlowSyncFile(below.open(path, how), timer);
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
