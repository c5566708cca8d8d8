package dev.kelpfs.disk.real;

import dev.kelpfs.disk.DeviceErrorException;
import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A file as a channel of the JDK, for machines without the native calls. The asynchronous kind of channel is used, with
 * all its work done by the calling thread: unlike the plain kind it stays open when a reading thread is interrupted.
 */
final class ChannelFile implements DiskFile {
    private static final CallerRuns CALLER_RUNS = new CallerRuns();

    private final Path path;
    private final boolean writable;
    private final AsynchronousFileChannel channel;

    private ChannelFile(Path path, boolean writable, AsynchronousFileChannel channel) {
        this.path = path;
        this.writable = writable;
        this.channel = channel;
    }

    static ChannelFile open(Path path, Open how) throws IOException {
        Set<? extends OpenOption> options = switch (how) {
            case READ -> Set.of(StandardOpenOption.READ);
            case READ_WRITE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
            case CREATE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            case CREATE_NEW -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        };
        if (Files.isDirectory(path)) {
            if (how == Open.CREATE || how == Open.CREATE_NEW) {
                throw new FileAlreadyExistsException(path.toString(), null, "a directory is in the way");
            }
            throw new FileSystemException(path.toString(), null, "is a directory, expected a file");
        }
        return new ChannelFile(path, how != Open.READ, AsynchronousFileChannel.open(path, options, CALLER_RUNS));
    }

    /** Makes the names of a directory durable. */
    static void syncDirectory(Path directory) throws IOException {
        Set<? extends OpenOption> reading = Set.of(StandardOpenOption.READ);
        try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(directory, reading, CALLER_RUNS)) {
            new ChannelFile(directory, false, channel).force(true);
        }
    }

    /**
     * Takes the lock of the operating system on the whole file, until it is closed.
     *
     * @return false if another process has it
     */
    boolean tryLock() throws IOException {
        return channel.tryLock() != null;
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
        checkOpen();
        if (target.isReadOnly()) throw new ReadOnlyBufferException();
        return done(channel.read(target, offset), "read at " + offset + " of");
    }

    @Override
    public int readNow(ByteBuffer target, long offset) throws IOException {
        if (!target.isDirect()) throw new IllegalArgumentException("readNow needs a direct buffer");
        if (target.isReadOnly()) throw new ReadOnlyBufferException();
        checkOffset(offset);
        checkOpen();
        return target.hasRemaining() ? WOULD_BLOCK : 0;
    }

    @Override
    public void write(ByteBuffer[] sources, long offset) throws IOException {
        checkOffset(offset);
        checkWritable();
        long at = offset;
        for (ByteBuffer source : sources) {
            while (source.hasRemaining()) at += done(channel.write(source, at), "write at " + at + " of");
        }
    }

    @Override
    public long size() throws IOException {
        try {
            return channel.size();
        } catch (IOException failed) {
            throw named(failed, "size of");
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        checkWritable();
        long now = size();
        if (size < 0 || size > now) throw new IllegalArgumentException("cannot cut " + path + " of " + now + " bytes to " + size);
        try {
            channel.truncate(size);
        } catch (IOException failed) {
            throw named(failed, "truncate");
        }
    }

    @Override
    public void sync() throws IOException {
        force(false);
    }

    private void force(boolean metadata) throws IOException {
        try {
            channel.force(metadata);
        } catch (IOException failed) {
            throw named(failed, "sync");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    // The work is done when the channel hands out the future, so this never waits and no interrupt can come between.
    private int done(Future<Integer> result, String operation) throws IOException {
        try {
            return result.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException io) throw named(io, operation);
            throw new IllegalStateException("the channel of " + path + " failed", failed.getCause());
        } catch (InterruptedException impossible) {
            Thread.currentThread().interrupt();
            throw new IOException(operation + " " + path + " was interrupted", impossible);
        }
    }

    private void checkOpen() throws ClosedChannelException {
        if (!channel.isOpen()) throw new ClosedChannelException();
    }

    private void checkWritable() throws ClosedChannelException {
        checkOpen();
        if (!writable) throw new NonWritableChannelException();
    }

    private static void checkOffset(long offset) {
        if (offset < 0) throw new IllegalArgumentException("negative offset " + offset);
    }

    // The JDK tells what happened in words only.
    private IOException named(IOException failed, String operation) {
        if (failed instanceof ClosedChannelException) return failed;
        String text = String.valueOf(failed.getMessage());
        if (text.contains("No space left") || text.contains("quota exceeded")) return new DiskFullException(path);
        if (text.contains("Input/output error")) return new DeviceErrorException(path, operation);
        return new IOException(operation + " " + path + ": " + text, failed);
    }

    /** Runs each task at once in the thread that brings it. */
    private static final class CallerRuns extends AbstractExecutorService {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
