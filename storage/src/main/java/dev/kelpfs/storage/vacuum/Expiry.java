package dev.kelpfs.storage.vacuum;

import dev.kelpfs.core.Ttl;
import dev.kelpfs.storage.needle.NeedleFlags;
import dev.kelpfs.storage.needle.NeedleMetadata;

/**
 * When a record's time is over for a vacuum. It is so only for a record with a time to live and a time of modification,
 * and never before a reader would stop to get it: the time counts from the later of modification and append, and is the
 * longer of the record's own and the volume's. So a record with its own time in a volume without any is kept until that
 * is over (the reference drops it at once), and one whose modification lies in the past is not dropped early.
 *
 * <p>Source: storage formats, sections 7.1 and 19.
 */
record Expiry(Ttl volumeTtl, long nowEpochNanos) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long SECONDS_PER_MINUTE = 60;

    boolean isOver(NeedleMetadata record) {
        int needed = NeedleFlags.TTL | NeedleFlags.LAST_MODIFIED;
        if ((record.flags() & needed) != needed || record.ttl().isNone()) return false;
        long minutes = Math.max(record.ttl().minutes(), volumeTtl.minutes());
        long sinceModified = nowEpochNanos / NANOS_PER_SECOND - record.lastModifiedEpochSeconds();
        long sinceAppended = nowEpochNanos - record.appendEpochNanos();
        return sinceModified >= minutes * SECONDS_PER_MINUTE
                && sinceAppended >= minutes * SECONDS_PER_MINUTE * NANOS_PER_SECOND;
    }
}
