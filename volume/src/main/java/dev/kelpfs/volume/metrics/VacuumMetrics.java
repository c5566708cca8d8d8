package dev.kelpfs.volume.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;

/** Counts steps of vacuums. Safe for all threads. */
public final class VacuumMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Counter compactions;
    private final Counter commits;
    private final Histogram seconds;

    VacuumMetrics(VolumeMetrics metrics) {
        compactions = metrics.counter("vacuuming_compact_count", "compactions that ended", "success");
        commits = metrics.counter("vacuuming_commit_count", "compacted volumes to be put in place", "success");
        seconds = metrics.histogram("vacuuming_seconds", "time that steps of vacuums took", "type");
    }

    public void compacted(boolean success, long nanos) {
        compactions.labelValues(Boolean.toString(success)).inc();
        seconds.labelValues("compact").observe(nanos / NANOS_PER_SECOND);
    }

    public void committed(boolean success, long nanos) {
        commits.labelValues(Boolean.toString(success)).inc();
        seconds.labelValues("commit").observe(nanos / NANOS_PER_SECOND);
    }
}
