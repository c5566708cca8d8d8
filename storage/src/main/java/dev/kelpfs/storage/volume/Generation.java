package dev.kelpfs.storage.volume;

import dev.kelpfs.disk.DiskFile;
import dev.kelpfs.storage.index.NeedleIndex;
import dev.kelpfs.storage.needle.RecordVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open files and the index that belong together. A reader acquires the generation before it looks a key up and
 * releases it when the bytes are copied or sent; unmounting, deleting and vacuum put another one in its place, and
 * whoever releases it last closes it. So a descriptor is never closed, and its number never used for another file,
 * under a reader.
 */
final class Generation {
    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

    final DiskFile dat;
    final DiskFile idx;
    final Path datPath;
    final NeedleIndex index;
    final RecordVersion version;
    /** Rises by one with each vacuum. */
    final int revision;

    /** How the rows of the index file are ordered; null until somebody has looked. */
    private volatile AppendTimes.@Nullable Order order;

    /** Readers, plus one while it is the volume's current generation. 0 = closed. */
    private final AtomicInteger holders = new AtomicInteger(1);

    Generation(DiskFile dat, DiskFile idx, Path datPath, NeedleIndex index, RecordVersion version, int revision) {
        this.dat = dat;
        this.idx = idx;
        this.datPath = datPath;
        this.index = index;
        this.version = version;
        this.revision = revision;
    }

    AppendTimes.@Nullable Order order() {
        return order;
    }

    void order(AppendTimes.Order found) {
        order = found;
    }

    /** False if it is closed already. */
    boolean acquire() {
        int now = holders.get();
        while (now > 0) {
            int seen = holders.compareAndExchange(now, now + 1);
            if (seen == now) return true;
            now = seen;
        }
        return false;
    }

    void release() {
        int left = holders.decrementAndGet();
        if (left < 0) throw new IllegalStateException("generation of " + datPath + " released more often than acquired");
        if (left == 0) close();
    }

    private void close() {
        index.close();
        for (DiskFile file : new DiskFile[] {dat, idx}) {
            try {
                file.close();
            } catch (IOException failed) {
                LOG.warn("closing {}: {}", datPath, failed.getMessage());
            }
        }
    }
}
