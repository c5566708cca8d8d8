package dev.kelpfs.storage.vacuum;

import dev.kelpfs.storage.index.IndexEntry;
import dev.kelpfs.storage.index.IndexRow;
import dev.kelpfs.storage.volume.RecordAudit;
import dev.kelpfs.storage.volume.RewrittenIndex;
import dev.kelpfs.storage.volume.VolumeRewrite;
import dev.kelpfs.storage.volume.VolumeRewrite.Ends;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first step of a vacuum: copies everything that was live at its start, in the order in which it lies in the data file,
 * and makes sure that what it leaves behind is dead. So the times of the records go on ascending, and the last one is the
 * latest. What is overwritten or deleted meanwhile is copied or not; the rounds that follow care for it. Used by one thread.
 */
final class LiveCopy {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCopy.class);
    private static final long REPORT_BYTES = 1 << 20;

    private final VolumeRewrite rewrite;
    private final RecordCopier copier;
    private final RewrittenIndex target;
    private final Ends start;
    private final long liveEnd;
    private final boolean dropUnreadable;
    private final Expiry expiry;
    private final Set<Long> droppedKeys = new HashSet<>();
    private long copied;
    private long expired;
    private long processed;
    private long reported;

    /**
     * @param target index of the new files
     * @param start ends of the files in use; what lies behind them is left to the rounds
     * @param liveEnd records from here on do not count as live
     */
    LiveCopy(VolumeRewrite rewrite, RecordCopier copier, RewrittenIndex target, Ends start, long liveEnd, boolean dropUnreadable) {
        this.rewrite = rewrite;
        this.copier = copier;
        this.target = target;
        this.start = start;
        this.liveEnd = liveEnd;
        this.dropUnreadable = dropUnreadable;
        this.expiry = new Expiry(rewrite.volume().ttl(), rewrite.nowEpochNanos());
    }

    /**
     * @throws UnreadableRecordException if a record is damaged, or one is not dead that the index does not lead to; not if
     *     such ones are to be dropped
     */
    void run(ByteRate rate, CompactObserver observer, ByteRate.Checkpoint checkpoint) throws IOException {
        long rows = start.idxEnd() / IndexRow.BYTES;
        try (RecordAudit audit = rewrite.audit(start, rate::spend)) {
            RowsByOffset.walk(rewrite.idx(), rows, (_, keyBits, entry) -> {
                checkpoint.check();
                // Asked once: a row that is not live any more when its record is left behind is dead by a later one.
                if (rewrite.index().find(keyBits) == entry && LiveRecords.counts(entry, liveEnd)) {
                    rewrite.reading(() -> {
                        if (LiveRecords.counts(entry, start.datEnd())) audit.live(entry);
                        return true;
                    });
                    if (!LiveRecords.isCopied(target, keyBits, entry)) copy(keyBits, entry, rate, observer);
                } else {
                    rewrite.reading(() -> {
                        audit.dead(keyBits, entry);
                        return true;
                    });
                }
            });
            copyWithoutRow(rate, observer, checkpoint);
            rewrite.reading(() -> {
                audit.finish(rewrite.idx(), rows, (keyBits, detail) -> leaveBehind(keyBits, detail, observer));
                return true;
            });
        }
        observer.processed(processed);
    }

    // The index may know a needle otherwise than by its row: what contradicted its record at the start, or a row that went bad
    // since.
    private void copyWithoutRow(ByteRate rate, CompactObserver observer, ByteRate.Checkpoint checkpoint) throws IOException {
        if (LiveRecords.missing(rewrite.index(), target, liveEnd) <= leftOut()) return;
        Set<Long> keys = new HashSet<>();
        rewrite.index().forEach((keyBits, entry) -> {
            boolean missing = LiveRecords.counts(entry, liveEnd) && !LiveRecords.isCopied(target, keyBits, entry);
            if (missing && !droppedKeys.contains(keyBits)) keys.add(keyBits);
        });
        // Those that had expired are among them and are counted anew.
        expired = 0;
        for (long keyBits : keys) {
            checkpoint.check();
            long entry = rewrite.index().find(keyBits);
            if (LiveRecords.counts(entry, liveEnd)) copy(keyBits, entry, rate, observer);
        }
    }

    private void copy(long keyBits, long entry, ByteRate rate, CompactObserver observer) throws IOException {
        try {
            boolean taken = rewrite.reading(() -> copier.copy(keyBits, entry, record -> !expiry.isOver(record)));
            if (taken) copied++;
            else expired++;
        } catch (UnreadableRecordException damaged) {
            if (!dropUnreadable) throw damaged;
            LOG.warn("{}: dropped key {}: {}", rewrite.volume(), Long.toHexString(keyBits), damaged.getMessage());
            observer.dropped(keyBits, String.valueOf(damaged.getMessage()));
            droppedKeys.add(keyBits);
        }
        long bytes = rewrite.version().recordBytes(IndexEntry.bodyBytes(entry));
        rate.spend(bytes);
        processed += bytes;
        if (processed - reported < REPORT_BYTES) return;
        reported = processed;
        observer.processed(processed);
    }

    private void leaveBehind(long keyBits, String detail, CompactObserver observer) throws IOException {
        if (!dropUnreadable) throw new UnreadableRecordException(keyBits, detail);
        LOG.warn("{}: gone by the index for key {}: {}", rewrite.volume(), Long.toHexString(keyBits), detail);
        observer.dropped(keyBits, detail);
    }

    long copied() {
        return copied;
    }

    long expired() {
        return expired;
    }

    long dropped() {
        return droppedKeys.size();
    }

    /** Live needles that are not in the copy on purpose. */
    long leftOut() {
        return expired + dropped();
    }
}
