package dev.kelpfs.disk.real;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.DiskSpace;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The files of this machine. Immutable but for what it learns about its file systems; share one per process. */
public final class RealDisk implements Disk {
    private final boolean nativeCalls;
    /** By device number; what a file system refused once is not asked of it again. */
    private final ConcurrentMap<Object, ReadNowSupport> readNowByDevice = new ConcurrentHashMap<>();

    private RealDisk(boolean nativeCalls) {
        this.nativeCalls = nativeCalls;
    }

    /** The best disk this machine can offer: native calls on 64-bit Linux, channels elsewhere. */
    public static RealDisk create() {
        return new RealDisk(NativeCalls.available());
    }

    /** A disk that uses channels only, as on machines without the native calls. Its reads never answer at once. */
    public static RealDisk portable() {
        return new RealDisk(false);
    }

    /** True if files are used through native calls. */
    public boolean usesNativeCalls() {
        return nativeCalls;
    }

    @Override
    public DiskFile open(Path path, Open how) throws IOException {
        if (!nativeCalls) return ChannelFile.open(path, how);
        NativeFile file = NativeFile.open(path, how, readNowOf(path));
        if (how == Open.READ && Files.isDirectory(path)) { // the one way in which the kernel opens a directory
            file.close();
            throw new FileSystemException(path.toString(), null, "is a directory, expected a file");
        }
        return file;
    }

    private ReadNowSupport readNowOf(Path path) throws IOException {
        Path existing = Files.exists(path) ? path : path.toAbsolutePath().getParent();
        Object device;
        try {
            device = Files.getAttribute(existing == null ? path : existing, "unix:dev");
        } catch (UnsupportedOperationException | IllegalArgumentException | IOException unknown) {
            device = "unknown";
        }
        return readNowByDevice.computeIfAbsent(device, _ -> new ReadNowSupport(NativeCalls.hasReadNow()));
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public boolean isDirectory(Path path) {
        return Files.isDirectory(path);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) return;
        for (Path at = directory.toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at) && !Files.isDirectory(at)) {
                throw new FileAlreadyExistsException(at.toString(), null, "a file is in the way");
            }
        }
        Files.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        if (Files.isDirectory(to)) throw new FileAlreadyExistsException(to.toString(), null, "a directory is in the way");
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException twoFileSystems) {
            throw new IOException("cannot rename " + from + " to " + to + " in one step: they lie on different file systems",
                    twoFileSystems);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void deleteTree(Path path) throws IOException {
        // What a link points to lies elsewhere and stays.
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            for (String name : list(path)) deleteTree(path.resolve(name));
        }
        delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            if (Files.exists(directory)) throw new NotDirectoryException(directory.toString());
            throw new NoSuchFileException(directory.toString());
        }
        if (nativeCalls) {
            NativeFile.syncDirectory(directory);
        } else {
            ChannelFile.syncDirectory(directory);
        }
    }

    @Override
    public DiskSpace space(Path path) throws IOException {
        if (!Files.exists(path)) throw new NoSuchFileException(path.toString());
        // Asked of the file itself: java.nio.file.FileStore searches the table of mounts, which lacks some in containers.
        File file = path.toFile();
        return new DiskSpace(file.getTotalSpace(), file.getUsableSpace());
    }

    @Override
    public long size(Path path) throws IOException {
        return Files.size(path);
    }

    @Override
    public long modifiedEpochSeconds(Path path) throws IOException {
        return Files.getLastModifiedTime(path).to(TimeUnit.SECONDS);
    }

    @Override
    public boolean isWritable(Path path) {
        return Files.isWritable(path);
    }

    @Override
    public DiskLock lock(Path path, String owner) throws IOException {
        if (Files.isDirectory(path)) throw new FileAlreadyExistsException(path.toString(), null, "a directory is in the way");
        return RealLock.take(path, owner);
    }
}
