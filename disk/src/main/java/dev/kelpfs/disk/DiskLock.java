package dev.kelpfs.disk;

import java.io.Closeable;
import java.io.IOException;

/** A held lock; closing gives it back. The lock file itself stays. */
public interface DiskLock extends Closeable {
    @Override
    void close() throws IOException;
}
