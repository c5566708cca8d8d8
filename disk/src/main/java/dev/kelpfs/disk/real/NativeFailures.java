package dev.kelpfs.disk.real;

import dev.kelpfs.disk.DeviceErrorException;
import dev.kelpfs.disk.DiskFullException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What an error number of the kernel means to the caller of a disk. */
final class NativeFailures {
    private NativeFailures() {}

    /** @param operation what was tried, so that "operation path" reads well: "read at 17 of" */
    static IOException of(Path path, String operation, int errno) {
        String name = path.toString();
        return switch (errno) {
            case NativeCalls.ENOENT -> new NoSuchFileException(name);
            case NativeCalls.EEXIST -> new FileAlreadyExistsException(name);
            case NativeCalls.EACCES, NativeCalls.EPERM -> new AccessDeniedException(name);
            case NativeCalls.ENOSPC, NativeCalls.EDQUOT -> new DiskFullException(path);
            case NativeCalls.EIO -> new DeviceErrorException(path, operation);
            case NativeCalls.ENOTDIR -> new FileSystemException(name, null, "a file is where a directory is expected");
            case NativeCalls.EISDIR -> new FileSystemException(name, null, "is a directory, expected a file");
            case NativeCalls.EMFILE, NativeCalls.ENFILE -> new FileSystemException(
                    name, null, "too many open files; raise the limit (ulimit -n)");
            case NativeCalls.EROFS -> new FileSystemException(name, null, "the file system is read-only");
            case NativeCalls.EFBIG -> new FileSystemException(name, null, "larger than the file system allows");
            default -> new IOException(operation + " " + name + " failed with error number " + errno);
        };
    }
}
