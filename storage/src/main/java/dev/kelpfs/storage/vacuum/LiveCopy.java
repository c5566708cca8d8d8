package dev.kelpfs.storage.vacuum;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.volume.VolumeRewrite;
import dev.kelpfs.storage.volume.VolumeRewrite.Ends;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first step of a vacuum: copies everything that was live at its start, in ascending order of the keys. What is
 * overwritten or deleted meanwhile is copied or not; the rounds that follow care for it. Used by one thread.
 */
final class LiveCopy {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCopy.class);
    private static final int BATCH_KEYS = 1 << 20;
    private static final long REPORT_BYTES = 1 << 20;

    private final VolumeRewrite rewrite;
    private final RecordCopier copier;
    private final long datEnd;
    private final boolean dropUnreadable;
    private final Expiry expiry;
    private long copied;
    private long expired;
    private long dropped;

    /** @param start ends of the files in use; what lies behind them is left to the rounds */
    LiveCopy(VolumeRewrite rewrite, RecordCopier copier, Ends start, boolean dropUnreadable) {
        this.rewrite = rewrite;
        this.copier = copier;
        this.datEnd = start.datEnd();
        this.dropUnreadable = dropUnreadable;
        this.expiry = new Expiry(rewrite.volume().ttl(), rewrite.nowEpochNanos());
    }

    /** @throws UnreadableRecordException if a record is damaged and damaged ones are not to be dropped */
    void run(ByteRate rate, CompactObserver observer, ByteRate.Checkpoint checkpoint) throws IOException {
        LiveKeys keys = new LiveKeys(rewrite.index(), datEnd, BATCH_KEYS);
        long processed = 0;
        long reported = 0;
        for (long[] batch = keys.next(); batch.length > 0; batch = keys.next()) {
            for (long keyBits : batch) {
                checkpoint.check();
                long entry = rewrite.index().find(keyBits);
                if (!LiveKeys.counts(entry, datEnd)) continue;
                copy(keyBits, entry, observer);
                long bytes = rewrite.version().recordBytes(IndexEntry.bodyBytes(entry));
                rate.spend(bytes);
                processed += bytes;
                if (processed - reported >= REPORT_BYTES) {
                    reported = processed;
                    observer.processed(processed);
                }
            }
        }
        observer.processed(processed);
    }

    private void copy(long keyBits, long entry, CompactObserver observer) throws IOException {
        try {
            boolean taken = rewrite.reading(() -> copier.copy(keyBits, entry, record -> !expiry.isOver(record)));
            if (taken) copied++;
            else expired++;
        } catch (UnreadableRecordException damaged) {
            if (!dropUnreadable) throw damaged;
            LOG.warn("{}: dropped key {}: {}", rewrite.volume(), Long.toHexString(keyBits), damaged.getMessage());
            observer.dropped(keyBits, String.valueOf(damaged.getMessage()));
            dropped++;
        }
    }

    long copied() {
        return copied;
    }

    long expired() {
        return expired;
    }

    long dropped() {
        return dropped;
    }

    /** Live needles that are not in the copy on purpose. */
    long leftOut() {
        return expired + dropped;
    }
}
