package dev.kelpfs.disk.memory;

import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.DiskSpace;
import dev.kelpfs.disk.LockHeldException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A disk in the heap with a fixed capacity. The root of every path exists. */
public final class MemoryDisk implements Disk {
    private final InstantSource clock;
    private final MemorySpace space;

    // Names are guarded by this; contents guard themselves.
    private final Map<Path, MemoryContent> files = new TreeMap<>();
    private final Set<Path> directories = new HashSet<>();
    private final Map<Path, String> locks = new HashMap<>();

    /** @param capacityBytes what fits into all files together; more is {@link dev.kelpfs.disk.DiskFullException} */
    public MemoryDisk(InstantSource clock, long capacityBytes) {
        this.clock = clock;
        this.space = new MemorySpace(capacityBytes);
    }

    /** A disk with room for 1 GiB and a clock that stands at the epoch. */
    public MemoryDisk() {
        this(InstantSource.fixed(Instant.EPOCH), 1L << 30);
    }

    @Override
    public DiskFile open(Path path, Open how) throws IOException {
        Path name = clean(path);
        synchronized (this) {
            if (directoryExists(name)) throw directoryAt(path, how);
            MemoryContent content = files.get(name);
            switch (how) {
                case READ, READ_WRITE -> {
                    if (content == null) throw new NoSuchFileException(path.toString());
                }
                case CREATE -> {
                    if (content == null) content = create(name);
                }
                case CREATE_NEW -> {
                    if (content != null) throw new FileAlreadyExistsException(path.toString());
                    content = create(name);
                }
            }
            return new MemoryFile(path, content, how != Open.READ);
        }
    }

    private static IOException directoryAt(Path path, Open how) {
        return switch (how) {
            case READ, READ_WRITE -> new FileSystemException(path.toString(), null, "is a directory, expected a file");
            case CREATE, CREATE_NEW -> new FileAlreadyExistsException(path.toString(), null, "a directory is in the way");
        };
    }

    private MemoryContent create(Path name) throws NoSuchFileException {
        Path parent = name.getParent();
        if (parent != null && !directoryExists(parent)) throw new NoSuchFileException(name.toString());
        MemoryContent content = new MemoryContent(name, space, clock);
        files.put(name, content);
        return content;
    }

    @Override
    public synchronized boolean exists(Path path) {
        Path name = clean(path);
        return files.containsKey(name) || directoryExists(name);
    }

    @Override
    public synchronized boolean isDirectory(Path path) {
        return directoryExists(clean(path));
    }

    @Override
    public synchronized List<String> list(Path directory) throws IOException {
        Path parent = clean(directory);
        if (files.containsKey(parent)) throw new NotDirectoryException(directory.toString());
        if (!directoryExists(parent)) throw new NoSuchFileException(directory.toString());
        List<String> names = new ArrayList<>();
        for (Path file : files.keySet()) {
            if (parent.equals(file.getParent())) names.add(file.getFileName().toString());
        }
        for (Path inner : directories) {
            if (parent.equals(inner.getParent())) names.add(inner.getFileName().toString());
        }
        names.sort(null);
        return List.copyOf(names);
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        for (Path at = clean(directory); at != null; at = at.getParent()) {
            if (files.containsKey(at)) throw new FileAlreadyExistsException(at.toString(), null, "a file is in the way");
        }
        for (Path at = clean(directory); at != null && at.getParent() != null; at = at.getParent()) directories.add(at);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        Path source = clean(from);
        Path target = clean(to);
        MemoryContent content = files.get(source);
        if (content == null) throw new NoSuchFileException(from.toString());
        Path parent = target.getParent();
        if (parent != null && !directoryExists(parent)) throw new NoSuchFileException(to.toString());
        if (directoryExists(target)) throw new FileAlreadyExistsException(to.toString(), null, "a directory is in the way");
        if (source.equals(target)) return;
        files.remove(source);
        MemoryContent replaced = files.put(target, content);
        if (replaced != null) replaced.unlink();
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        Path name = clean(path);
        if (directoryExists(name)) {
            if (name.getParent() == null || !list(path).isEmpty()) throw new DirectoryNotEmptyException(path.toString());
            directories.remove(name);
            return;
        }
        MemoryContent content = files.remove(name);
        if (content != null) content.unlink();
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        Path name = clean(directory);
        if (files.containsKey(name)) throw new NotDirectoryException(directory.toString());
        if (!directoryExists(name)) throw new NoSuchFileException(directory.toString());
    }

    @Override
    public DiskSpace space(Path path) throws IOException {
        if (!exists(path)) throw new NoSuchFileException(path.toString());
        return space.now();
    }

    @Override
    public synchronized long modifiedEpochSeconds(Path path) throws IOException {
        return content(path).modified().getEpochSecond();
    }

    @Override
    public synchronized boolean isWritable(Path path) {
        return exists(path);
    }

    @Override
    public synchronized DiskLock lock(Path path, String owner) throws IOException {
        Path name = clean(path);
        String holder = locks.get(name);
        if (holder != null) throw new LockHeldException(path, holder);
        try (DiskFile file = open(path, Open.CREATE)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8)), 0);
        }
        locks.put(name, owner);
        return new MemoryLock(name);
    }

    /** All files with their content: what a reboot would find. */
    public synchronized Map<Path, byte[]> snapshot() {
        Map<Path, byte[]> contents = new TreeMap<>();
        files.forEach((path, content) -> contents.put(path, content.bytes()));
        return contents;
    }

    /** Names of all directories but the root. */
    public synchronized Set<Path> directories() {
        return Set.copyOf(directories);
    }

    private MemoryContent content(Path path) throws NoSuchFileException {
        MemoryContent content = files.get(clean(path));
        if (content == null) throw new NoSuchFileException(path.toString());
        return content;
    }

    private boolean directoryExists(Path name) {
        return name.getParent() == null || directories.contains(name);
    }

    private static Path clean(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private final class MemoryLock implements DiskLock {
        private final Path name;
        private boolean held = true; // guarded by the disk

        private MemoryLock(Path name) {
            this.name = name;
        }

        @Override
        public void close() {
            synchronized (MemoryDisk.this) {
                if (held) locks.remove(name);
                held = false;
            }
        }
    }
}
