package dev.kelpfs.disk.real;

import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.Charset;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file as a descriptor of the kernel. The number is given back only when no call is using it any more: the kernel
 * gives it to the next file that is opened, and a call that came late would read or write that one.
 */
final class NativeFile implements DiskFile {
    private static final int MODE = 0644;
    private static final int CLOSED = Integer.MIN_VALUE;

    /** How this JVM turns names into bytes; a name must mean the same file here and in {@code java.nio.file}. */
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private final Path path;
    private final int fd;
    private final boolean writable;
    private final ReadNowSupport readNow;

    /** Calls under way, plus {@link #CLOSED}. */
    private final AtomicInteger uses = new AtomicInteger();

    private NativeFile(Path path, int fd, boolean writable, ReadNowSupport readNow) {
        this.path = path;
        this.fd = fd;
        this.writable = writable;
        this.readNow = readNow;
    }

    static NativeFile open(Path path, Open how, ReadNowSupport readNow) throws IOException {
        int flags = switch (how) {
            case READ -> NativeCalls.O_RDONLY;
            case READ_WRITE -> NativeCalls.O_RDWR;
            case CREATE -> NativeCalls.O_RDWR | NativeCalls.O_CREAT;
            case CREATE_NEW -> NativeCalls.O_RDWR | NativeCalls.O_CREAT | NativeCalls.O_EXCL;
        };
        return new NativeFile(path, descriptor(path, flags), how != Open.READ, readNow);
    }

    /** Makes the names of a directory durable. */
    static void syncDirectory(Path directory) throws IOException {
        int fd = descriptor(directory, NativeCalls.O_RDONLY);
        NativeFile open = new NativeFile(directory, fd, false, new ReadNowSupport(false));
        Scratch scratch = open.begin();
        try {
            while (NativeCalls.fsync(scratch, fd) < 0) open.retryIfInterrupted(scratch, "sync of directory");
        } finally {
            open.end(scratch);
            open.close();
        }
    }

    private static int descriptor(Path path, int flags) throws IOException {
        byte[] name = path.toAbsolutePath().toString().getBytes(NAMES);
        Scratch scratch = Scratch.take();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(name.length + 1L); // zeros, so that the name ends with one
            MemorySegment.copy(name, 0, text, ValueLayout.JAVA_BYTE, 0, name.length);
            while (true) {
                int fd = NativeCalls.open(scratch, text.address(), flags | NativeCalls.O_CLOEXEC, MODE);
                if (fd >= 0) return fd;
                int error = scratch.error();
                if (error == NativeCalls.EISDIR && (flags & NativeCalls.O_CREAT) != 0) {
                    throw new FileAlreadyExistsException(path.toString(), null, "a directory is in the way");
                }
                if (error != NativeCalls.EINTR) throw NativeFailures.of(path, "open", error);
            }
        } finally {
            scratch.giveBack();
        }
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
        checkArguments(target, offset);
        Scratch scratch = begin();
        try {
            if (!target.hasRemaining()) return 0;
            ByteBuffer direct = target.isDirect() ? target : scratch.carrier();
            int wanted = Math.min(target.remaining(), direct.remaining());
            int got = pread(scratch, direct, wanted, offset);
            if (got == 0) return END_OF_FILE;
            if (direct == target) {
                target.position(target.position() + got);
            } else {
                target.put(direct.limit(got));
            }
            return got;
        } finally {
            end(scratch);
        }
    }

    private int pread(Scratch scratch, ByteBuffer direct, int bytes, long offset) throws IOException {
        try {
            while (true) {
                long got = NativeCalls.pread(scratch, fd, address(direct), bytes, offset);
                if (got >= 0) return (int) got;
                retryIfInterrupted(scratch, "read at " + offset + " of");
            }
        } finally {
            Reference.reachabilityFence(direct);
        }
    }

    @Override
    public int readNow(ByteBuffer target, long offset) throws IOException {
        if (!target.isDirect()) throw new IllegalArgumentException("readNow needs a direct buffer");
        checkArguments(target, offset);
        Scratch scratch = begin();
        try {
            if (!target.hasRemaining()) return 0;
            if (!readNow.supported()) return WOULD_BLOCK;
            int got = (int) NativeCalls.preadNow(scratch, fd, address(target), target.remaining(), offset);
            if (got > 0) {
                target.position(target.position() + got);
                return got;
            }
            if (got == 0) return END_OF_FILE;
            int error = scratch.error();
            switch (error) {
                case NativeCalls.EAGAIN, NativeCalls.EINTR -> {}
                case NativeCalls.EOPNOTSUPP, NativeCalls.ENOSYS -> readNow.refuse();
                default -> throw NativeFailures.of(path, "read at " + offset + " of", error);
            }
            return WOULD_BLOCK;
        } finally {
            Reference.reachabilityFence(target);
            end(scratch);
        }
    }

    @Override
    public boolean canSend() {
        return NativeCalls.hasSend();
    }

    @Override
    public long send(int socket, long offset, long bytes) throws IOException {
        checkOffset(offset);
        if (!canSend()) return CANNOT_SEND;
        Scratch scratch = begin();
        try {
            while (true) {
                long sent = NativeCalls.sendfile(scratch, socket, fd, offset, bytes);
                if (sent >= 0) return sent;
                int error = scratch.error();
                switch (error) {
                    case NativeCalls.EINTR -> { }
                    case NativeCalls.EAGAIN -> {
                        return 0;
                    }
                    case NativeCalls.EINVAL, NativeCalls.ENOSYS, NativeCalls.EOPNOTSUPP -> {
                        return CANNOT_SEND;
                    }
                    default -> throw NativeFailures.of(path, "send at " + offset + " of", error);
                }
            }
        } finally {
            end(scratch);
        }
    }

    @Override
    public void write(ByteBuffer[] sources, long offset) throws IOException {
        checkOffset(offset);
        Scratch scratch = beginWriting();
        try {
            if (fitsCarrier(sources)) {
                ByteBuffer carrier = scratch.carrier();
                for (ByteBuffer source : sources) carrier.put(source);
                writeAll(scratch, carrier.flip(), offset);
            } else if (sources.length == 1 && sources[0].isDirect()) {
                writeAll(scratch, sources[0], offset);
            } else {
                gather(scratch, sources, offset);
            }
        } finally {
            Reference.reachabilityFence(sources);
            end(scratch);
        }
    }

    // A heap buffer cannot be handed to the kernel, so small writes with one travel in the carrier as one call.
    private static boolean fitsCarrier(ByteBuffer[] sources) {
        long total = 0;
        boolean heap = false;
        for (ByteBuffer source : sources) {
            total += source.remaining();
            heap |= !source.isDirect();
        }
        return heap && total <= Scratch.CARRIER_BYTES;
    }

    private void gather(Scratch scratch, ByteBuffer[] sources, long offset) throws IOException {
        long at = offset;
        int first = 0;
        while (first < sources.length) {
            ByteBuffer source = sources[first];
            if (!source.hasRemaining()) {
                first++;
            } else if (!source.isDirect()) {
                ByteBuffer carrier = scratch.carrier();
                int bytes = Math.min(carrier.remaining(), source.remaining());
                carrier.put(source.slice(source.position(), bytes));
                writeAll(scratch, carrier.flip(), at);
                source.position(source.position() + bytes);
                at += bytes;
            } else {
                at += gatherDirect(scratch, sources, first, at);
            }
        }
    }

    private long gatherDirect(Scratch scratch, ByteBuffer[] sources, int first, long offset) throws IOException {
        int ranges = 0;
        for (int i = first; i < sources.length && ranges < Scratch.MAX_RANGES && sources[i].isDirect(); i++) {
            if (sources[i].hasRemaining()) scratch.vector(ranges++, address(sources[i]), sources[i].remaining());
        }
        long written = NativeCalls.pwritev(scratch, fd, ranges, offset);
        if (written < 0) {
            retryIfInterrupted(scratch, "write at " + offset + " of");
            return 0;
        }
        long left = written;
        for (int i = first; left > 0; i++) {
            int bytes = (int) Math.min(left, sources[i].remaining());
            sources[i].position(sources[i].position() + bytes);
            left -= bytes;
        }
        return written;
    }

    private void writeAll(Scratch scratch, ByteBuffer direct, long offset) throws IOException {
        long at = offset;
        while (direct.hasRemaining()) {
            long written = NativeCalls.pwrite(scratch, fd, address(direct), direct.remaining(), at);
            if (written >= 0) {
                direct.position(direct.position() + (int) written);
                at += written;
            } else {
                retryIfInterrupted(scratch, "write at " + at + " of");
            }
        }
    }

    @Override
    public long size() throws IOException {
        Scratch scratch = begin();
        try {
            return size(scratch);
        } finally {
            end(scratch);
        }
    }

    private long size(Scratch scratch) throws IOException {
        long size = NativeCalls.size(scratch, fd);
        if (size < 0) throw NativeFailures.of(path, "size of", scratch.error());
        return size;
    }

    @Override
    public void reserve(long bytes) throws IOException {
        Scratch scratch = beginWriting();
        try {
            if (bytes <= 0 || NativeCalls.reserve(scratch, fd, bytes) >= 0) return;
            int error = scratch.error();
            // Anything else means that this file system cannot reserve, which is allowed.
            if (error == NativeCalls.ENOSPC || error == NativeCalls.EDQUOT || error == NativeCalls.EIO) {
                throw NativeFailures.of(path, "reserve room for", error);
            }
        } finally {
            end(scratch);
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        Scratch scratch = beginWriting();
        try {
            long now = size(scratch);
            if (size < 0 || size > now) {
                throw new IllegalArgumentException("cannot cut " + path + " of " + now + " bytes to " + size);
            }
            while (NativeCalls.ftruncate(scratch, fd, size) < 0) retryIfInterrupted(scratch, "truncate");
        } finally {
            end(scratch);
        }
    }

    @Override
    public void sync() throws IOException {
        Scratch scratch = begin();
        try {
            while (NativeCalls.fdatasync(scratch, fd) < 0) retryIfInterrupted(scratch, "sync");
        } finally {
            end(scratch);
        }
    }

    @Override
    public void close() throws IOException {
        if (uses.getAndUpdate(calls -> calls | CLOSED) != 0) return; // closed before, or the last call under way does it
        Scratch scratch = Scratch.take();
        try {
            giveBackDescriptor(scratch);
        } finally {
            scratch.giveBack();
        }
    }

    private void giveBackDescriptor(Scratch scratch) throws IOException {
        // Linux frees the descriptor whatever it answers; asking twice could close somebody else's file.
        if (NativeCalls.close(scratch, fd) < 0 && scratch.error() != NativeCalls.EINTR) {
            throw NativeFailures.of(path, "close", scratch.error());
        }
    }

    /** Starts a call: until {@link #end} the descriptor stays this file's. */
    private Scratch begin() throws ClosedChannelException {
        Scratch scratch = Scratch.take();
        int calls = uses.get();
        while (calls >= 0) {
            if (uses.compareAndSet(calls, calls + 1)) return scratch;
            calls = uses.get();
        }
        scratch.giveBack();
        throw new ClosedChannelException();
    }

    private Scratch beginWriting() throws IOException {
        Scratch scratch = begin();
        if (writable) return scratch;
        end(scratch);
        throw new NonWritableChannelException();
    }

    private void end(Scratch scratch) throws IOException {
        try {
            if (uses.decrementAndGet() == CLOSED) giveBackDescriptor(scratch);
        } finally {
            scratch.giveBack();
        }
    }

    private void retryIfInterrupted(Scratch scratch, String operation) throws IOException {
        if (scratch.error() != NativeCalls.EINTR) throw NativeFailures.of(path, operation, scratch.error());
    }

    private static void checkArguments(ByteBuffer target, long offset) {
        if (target.isReadOnly()) throw new ReadOnlyBufferException(); // the kernel would write into it all the same
        checkOffset(offset);
    }

    private static void checkOffset(long offset) {
        if (offset < 0) throw new IllegalArgumentException("negative offset " + offset);
    }

    /** Address of the first remaining byte of a direct buffer. */
    private static long address(ByteBuffer direct) {
        return MemorySegment.ofBuffer(direct).address();
    }
}
