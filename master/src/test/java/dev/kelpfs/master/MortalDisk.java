package dev.kelpfs.master;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.DiskSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Another disk, for a process that dies before its n-th call that changes something: nothing is changed from then on. */
class MortalDisk implements Disk {
    private final Disk real;
    private final AtomicInteger callsLeft;

    MortalDisk(Disk real, int lastCall) {
        this.real = real;
        this.callsLeft = new AtomicInteger(lastCall);
    }

    boolean isDead() {
        return callsLeft.get() <= 0;
    }

    private void change() throws IOException {
        if (callsLeft.decrementAndGet() <= 0) throw new IOException("the process died as planned");
    }

    @Override
    public DiskFile open(Path path, Open how) throws IOException {
        if (how != Open.READ) change();
        return new MortalFile(real.open(path, how));
    }

    @Override
    public boolean exists(Path path) {
        return real.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return real.isDirectory(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return real.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        change();
        real.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        change();
        real.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        change();
        real.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        change();
        real.syncDirectory(directory);
    }

    @Override
    public DiskSpace space(Path path) throws IOException {
        return real.space(path);
    }

    @Override
    public long modifiedEpochSeconds(Path path) throws IOException {
        return real.modifiedEpochSeconds(path);
    }

    @Override
    public boolean isWritable(Path path) {
        return real.isWritable(path);
    }

    @Override
    public DiskLock lock(Path path, String owner) throws IOException {
        return real.lock(path, owner);
    }

    private final class MortalFile implements DiskFile {
        private final DiskFile file;

        private MortalFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            return file.read(target, offset);
        }

        @Override
        public int readNow(ByteBuffer target, long offset) throws IOException {
            return file.readNow(target, offset);
        }

        @Override
        public void write(ByteBuffer[] sources, long offset) throws IOException {
            change();
            file.write(sources, offset);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            change();
            file.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            change();
            file.sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
