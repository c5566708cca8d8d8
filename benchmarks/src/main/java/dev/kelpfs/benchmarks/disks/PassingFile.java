package dev.kelpfs.benchmarks.disks;

import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that does what the file below does, but for what a subclass does otherwise. */
public class PassingFile implements DiskFile {
    private final DiskFile below;

    public PassingFile(DiskFile below) {
        this.below = below;
    }

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
        below.sync();
    }

    @Override
    public void close() throws IOException {
        below.close();
    }
}
