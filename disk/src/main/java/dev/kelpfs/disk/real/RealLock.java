package dev.kelpfs.disk.real;

import dev.kelpfs.disk.Disk.Open;
import dev.kelpfs.disk.DiskLock;
import dev.kelpfs.disk.LockHeldException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lock of the operating system on one file that stays open. The file is never opened a second time in this process
 * while the lock is held, because closing any descriptor of a file frees the process's POSIX locks on it; so holders in
 * this process are known by the identity of the file before it is opened.
 */
final class RealLock implements DiskLock {
    private static final int MAX_OWNER_BYTES = 4096;

    /** Text of the holder by the file's key, for the whole process, whatever disk object asks. */
    private static final ConcurrentMap<Object, String> HELD_HERE = new ConcurrentHashMap<>();

    private final Object key;
    private final ChannelFile file;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RealLock(Object key, ChannelFile file) {
        this.key = key;
        this.file = file;
    }

    // One at a time: the creation of the file by one taker closes it, which must not free the lock of another.
    static synchronized RealLock take(Path path, String owner) throws IOException {
        Object key = keyOf(path);
        String holder = HELD_HERE.putIfAbsent(key, owner);
        if (holder != null) throw new LockHeldException(path, holder);
        ChannelFile file = null;
        try {
            file = ChannelFile.open(path, Open.CREATE);
            if (!file.tryLock()) throw new LockHeldException(path, holderOf(file));
            byte[] text = (owner + "\n").getBytes(StandardCharsets.UTF_8);
            file.truncate(0);
            file.write(ByteBuffer.wrap(text, 0, Math.min(text.length, MAX_OWNER_BYTES)), 0);
            return new RealLock(key, file);
        } catch (IOException | RuntimeException failed) {
            try {
                if (file != null) file.close();
            } finally {
                HELD_HERE.remove(key);
            }
            throw failed;
        }
    }

    /** What a file is known by, whatever links lead to it; creates it when missing. */
    private static Object keyOf(Path path) throws IOException {
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException there) {
            // Nothing was opened.
        }
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path.toRealPath() : key;
    }

    private static String holderOf(ChannelFile file) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MAX_OWNER_BYTES);
        file.read(text, 0);
        return StandardCharsets.UTF_8.decode(text.flip()).toString().strip();
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) return;
        try {
            file.close();
        } finally {
            HELD_HERE.remove(key);
        }
    }
}
