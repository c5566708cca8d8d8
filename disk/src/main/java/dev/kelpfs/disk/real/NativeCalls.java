package dev.kelpfs.disk.real;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The system calls of 64-bit Linux that files need. Pointers travel as plain addresses; the caller keeps what they
 * point to alive. Each call returns -1 and leaves the error number in the scratch when it fails.
 */
final class NativeCalls {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int EINVAL = 22;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int ENOSYS = 38;
    static final int EOPNOTSUPP = 95;
    static final int EDQUOT = 122;

    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_CLOEXEC = 0x80000;

    private static final int RWF_NOWAIT = 8;
    private static final int SEEK_END = 2;
    private static final int FALLOC_FL_KEEP_SIZE = 1;

    private static final MemoryLayout INT = ValueLayout.JAVA_INT;
    private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;

    private static final boolean LINUX = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
            && ValueLayout.ADDRESS.byteSize() == Long.BYTES;

    private static final @Nullable MethodHandle OPEN = variadic("open", 2, INT, LONG, INT, INT);
    private static final @Nullable MethodHandle CLOSE = link("close", INT, INT);
    private static final @Nullable MethodHandle PREAD = link("pread", LONG, INT, LONG, LONG, LONG);
    private static final @Nullable MethodHandle PREADV2 = link("preadv2", LONG, INT, LONG, INT, LONG, INT);
    private static final @Nullable MethodHandle PWRITE = link("pwrite", LONG, INT, LONG, LONG, LONG);
    private static final @Nullable MethodHandle PWRITEV = link("pwritev", LONG, INT, LONG, INT, LONG);
    private static final @Nullable MethodHandle SENDFILE = link("sendfile", LONG, INT, INT, LONG, LONG);
    private static final @Nullable MethodHandle LSEEK = link("lseek", LONG, INT, LONG, INT);
    private static final @Nullable MethodHandle FTRUNCATE = link("ftruncate", INT, INT, LONG);
    private static final @Nullable MethodHandle FDATASYNC = link("fdatasync", INT, INT);
    private static final @Nullable MethodHandle FSYNC = link("fsync", INT, INT);
    private static final @Nullable MethodHandle FALLOCATE = link("fallocate", INT, INT, INT, LONG, LONG);

    private NativeCalls() {}

    /** True if files can be used through these calls on this machine. */
    static boolean available() {
        return OPEN != null && CLOSE != null && PREAD != null && PWRITE != null && PWRITEV != null && LSEEK != null
                && FTRUNCATE != null && FDATASYNC != null && FSYNC != null;
    }

    /** True if the C library knows reads that do not wait. */
    static boolean hasReadNow() {
        return PREADV2 != null;
    }

    /** True if the C library knows how to move bytes from a file to a socket. */
    static boolean hasSend() {
        return SENDFILE != null;
    }

    static int open(Scratch scratch, long path, int flags, int mode) {
        try {
            return (int) OPEN.invokeExact(scratch.errno, path, flags, mode);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    static int close(Scratch scratch, int fd) {
        try {
            return (int) CLOSE.invokeExact(scratch.errno, fd);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    static long pread(Scratch scratch, int fd, long address, long bytes, long offset) {
        try {
            return (long) PREAD.invokeExact(scratch.errno, fd, address, bytes, offset);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    /** Reads only what is in memory; fails with EAGAIN when nothing is, and with another number where it cannot tell. */
    static long preadNow(Scratch scratch, int fd, long address, long bytes, long offset) {
        scratch.vector(0, address, bytes);
        try {
            return (long) PREADV2.invokeExact(scratch.errno, fd, scratch.vectorAddress(), 1, offset, RWF_NOWAIT);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    /** Moves bytes of a file to a socket. */
    static long sendfile(Scratch scratch, int socket, int fd, long offset, long bytes) {
        // The call takes the offset by its address; the vector of the scratch has room for it.
        scratch.vector(0, offset, 0);
        try {
            return (long) SENDFILE.invokeExact(scratch.errno, socket, fd, scratch.vectorAddress(), bytes);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    static long pwrite(Scratch scratch, int fd, long address, long bytes, long offset) {
        try {
            return (long) PWRITE.invokeExact(scratch.errno, fd, address, bytes, offset);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    /** Writes the first {@code count} ranges of the scratch's vector. */
    static long pwritev(Scratch scratch, int fd, int count, long offset) {
        try {
            return (long) PWRITEV.invokeExact(scratch.errno, fd, scratch.vectorAddress(), count, offset);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    static long size(Scratch scratch, int fd) {
        try {
            return (long) LSEEK.invokeExact(scratch.errno, fd, 0L, SEEK_END);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    static int ftruncate(Scratch scratch, int fd, long size) {
        try {
            return (int) FTRUNCATE.invokeExact(scratch.errno, fd, size);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    static int fdatasync(Scratch scratch, int fd) {
        try {
            return (int) FDATASYNC.invokeExact(scratch.errno, fd);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    static int fsync(Scratch scratch, int fd) {
        try {
            return (int) FSYNC.invokeExact(scratch.errno, fd);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    /** Reserves room without changing the length; succeeds by doing nothing where the C library lacks it. */
    static int reserve(Scratch scratch, int fd, long bytes) {
        if (FALLOCATE == null) return 0;
        try {
            return (int) FALLOCATE.invokeExact(scratch.errno, fd, FALLOC_FL_KEEP_SIZE, 0L, bytes);
        } catch (Throwable impossible) {
            throw bug(impossible);
        }
    }

    private static @Nullable MethodHandle link(String name, MemoryLayout result, MemoryLayout... parameters) {
        return handle(name, FunctionDescriptor.of(result, parameters), captureErrno());
    }

    private static @Nullable MethodHandle variadic(
            String name, int firstVariadic, MemoryLayout result, MemoryLayout... parameters) {
        return handle(name, FunctionDescriptor.of(result, parameters), captureErrno(),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    private static Linker.Option captureErrno() {
        return Linker.Option.captureCallState("errno");
    }

    // What one of the checks of available() finds missing makes the disk fall back to channels as a whole.
    @SuppressWarnings("restricted")
    private static @Nullable MethodHandle handle(String name, FunctionDescriptor shape, Linker.Option... options) {
        if (!LINUX) return null;
        try {
            Linker linker = Linker.nativeLinker();
            Optional<MemorySegment> symbol = linker.defaultLookup().find(name);
            return symbol.isEmpty() ? null : linker.downcallHandle(symbol.get(), shape, options);
        } catch (IllegalCallerException | UnsupportedOperationException | IllegalArgumentException notAllowedHere) {
            return null;
        }
    }

    private static IllegalStateException bug(Throwable cause) {
        if (cause instanceof Error error) throw error;
        return new IllegalStateException("a downcall was linked with another shape than it is used with", cause);
    }
}
