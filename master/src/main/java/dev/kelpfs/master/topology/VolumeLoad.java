package dev.kelpfs.master.topology;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How full a volume is taken to be: the size that was last reported, and what was promised to writers since. Every
 * report takes back half of what was promised and not written. Safe for all threads.
 *
 * <p>Files of unknown size count as 1 MiB, but all of them together never as more than a quarter of the size limit: ids
 * that are fetched and not used must not close volumes. Source: master, section 5.2.
 */
final class VolumeLoad {
    static final long UNHINTED_BYTES = 1 << 20;

    private static final int UNHINTED_SHARE = 4;
    /** The replicas of a volume report within moments of each other; only the first takes promises back. */
    private static final long SAME_REPORT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final AtomicLong pendingBytes = new AtomicLong();
    private volatile long reportedBytes;

    // Guarded by the topology's lock.
    private boolean reported;
    private long lastReportNanos;
    private int compactRevision;

    /** Notes that files were promised to a writer. @param hintBytes expected size of one, 0 if unknown */
    void promise(long files, long hintBytes, long limitBytes) {
        if (hintBytes > 0) {
            pendingBytes.addAndGet(saturatedProduct(files, hintBytes));
        } else if (pendingBytes.get() < limitBytes / UNHINTED_SHARE) {
            pendingBytes.addAndGet(Math.min(saturatedProduct(files, UNHINTED_BYTES), limitBytes / UNHINTED_SHARE));
        }
    }

    /** What was reported and promised together. */
    long estimateBytes() {
        return Math.max(0, reportedBytes + pendingBytes.get());
    }

    long reportedBytes() {
        return reportedBytes;
    }

    /** What was promised to writers and is not known to be written. */
    long pendingBytes() {
        return pendingBytes.get();
    }

    /** True if a report would take anything back. */
    boolean hasPending() {
        return pendingBytes.get() > 0;
    }

    void report(long bytes, int revision, long nowNanos) {
        if (reported && revision != compactRevision) {
            pendingBytes.set(0);
            reportedBytes = bytes;
        } else if (reported && nowNanos - lastReportNanos < SAME_REPORT_NANOS) {
            reportedBytes = Math.max(reportedBytes, bytes);
            return;
        } else {
            long written = bytes - reportedBytes;
            pendingBytes.updateAndGet(pending -> Math.max(0, pending - written) / 2);
            reportedBytes = bytes;
        }
        reported = true;
        compactRevision = revision;
        lastReportNanos = nowNanos;
    }

    private static long saturatedProduct(long files, long bytes) {
        long high = Math.multiplyHigh(files, bytes);
        long low = files * bytes;
        // A quarter of the range, so that sums of promises cannot wrap before the volume counts as full.
        return high != 0 || low < 0 || low > Long.MAX_VALUE / 4 ? Long.MAX_VALUE / 4 : low;
    }
}
