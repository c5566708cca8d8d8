package dev.kelpfs.disk.memory;

import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;

/** An open file of a memory disk. */
final class MemoryFile implements DiskFile {
    private final Path path;
    private final MemoryContent content;
    private final boolean writable;
    private volatile boolean closed;

    MemoryFile(Path path, MemoryContent content, boolean writable) {
        this.path = path;
        this.content = content;
        this.writable = writable;
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
        checkOpen();
        return content.read(target, offset);
    }

    @Override
    public int readNow(ByteBuffer target, long offset) throws IOException {
        if (!target.isDirect()) throw new IllegalArgumentException("readNow needs a direct buffer");
        return read(target, offset);
    }

    @Override
    public void write(ByteBuffer[] sources, long offset) throws IOException {
        checkWritable();
        long at = offset;
        for (ByteBuffer source : sources) {
            int bytes = source.remaining();
            content.write(source, at);
            at += bytes;
        }
    }

    @Override
    public long size() throws IOException {
        checkOpen();
        return content.size();
    }

    @Override
    public void reserve(long bytes) throws IOException {
        checkWritable();
        content.reserve(bytes);
    }

    @Override
    public void truncate(long size) throws IOException {
        checkWritable();
        content.truncate(size);
    }

    @Override
    public void sync() throws IOException {
        checkOpen();
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private void checkOpen() throws ClosedChannelException {
        if (closed) throw new ClosedChannelException();
    }

    private void checkWritable() throws ClosedChannelException {
        checkOpen();
        if (!writable) throw new NonWritableChannelException();
    }
}
