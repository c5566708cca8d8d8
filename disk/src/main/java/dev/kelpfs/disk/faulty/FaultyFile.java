package dev.kelpfs.disk.faulty;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** An open file of a faulty disk. */
final class FaultyFile implements DiskFile {
    private final FaultyDisk disk;
    private final Path path;
    private final DiskFile live;
    private final FileHistory history;

    FaultyFile(FaultyDisk disk, Path path, DiskFile live, FileHistory history) {
        this.disk = disk;
        this.path = path;
        this.live = live;
        this.history = history;
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
        disk.meet(DiskCall.Kind.READ, path, target.remaining());
        return live.read(target, offset);
    }

    @Override
    public int readNow(ByteBuffer target, long offset) throws IOException {
        disk.meet(DiskCall.Kind.READ, path, target.remaining());
        return live.readNow(target, offset);
    }

    @Override
    public void write(ByteBuffer[] sources, long offset) throws IOException {
        byte[] bytes = joined(sources);
        disk.meet(DiskCall.Kind.WRITE, path, bytes.length, done -> write(bytes, done, offset));
        write(bytes, bytes.length, offset);
    }

    private void write(byte[] bytes, int count, long offset) throws IOException {
        try {
            live.write(ByteBuffer.wrap(bytes, 0, count), offset);
        } catch (DiskFullException full) {
            long grown = Math.clamp(live.size() - offset, 0, count);
            remember(offset, Arrays.copyOf(bytes, (int) grown));
            throw full;
        }
        remember(offset, Arrays.copyOf(bytes, count));
    }

    private void remember(long offset, byte[] written) {
        disk.guarded(() -> history.wrote(offset, written));
    }

    @Override
    public long size() throws IOException {
        disk.checkAlive();
        return live.size();
    }

    @Override
    public void reserve(long bytes) throws IOException {
        if (bytes > 0) disk.meet(DiskCall.Kind.RESERVE, path, bytes);
        live.reserve(bytes);
    }

    @Override
    public void truncate(long size) throws IOException {
        disk.meet(DiskCall.Kind.TRUNCATE, path, 0);
        live.truncate(size);
        disk.guarded(() -> history.truncated(size));
    }

    @Override
    public void sync() throws IOException {
        disk.sync(path, live, history);
    }

    @Override
    public void close() throws IOException {
        live.close();
    }

    private static byte[] joined(ByteBuffer[] sources) {
        int bytes = 0;
        for (ByteBuffer source : sources) bytes += source.remaining();
        ByteBuffer joined = ByteBuffer.allocate(bytes);
        for (ByteBuffer source : sources) joined.put(source);
        return joined.array();
    }
}
