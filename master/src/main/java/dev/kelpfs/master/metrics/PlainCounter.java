package dev.kelpfs.master.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A counter whose name stays as it is. The library ends the names of its counters in {@code _total}, and dashboards of the
 * reference look for names that do not. Safe for all threads.
 */
final class PlainCounter implements Collector {
    private final String name;
    private final String help;
    private final Map<Labels, LongAdder> counts = new ConcurrentHashMap<>();

    PlainCounter(String name, String help) {
        this.name = name;
        this.help = help;
    }

    /** The series with these labels; a caller on a hot path keeps it. */
    LongAdder series(Labels labels) {
        return counts.computeIfAbsent(labels, unused -> new LongAdder());
    }

    @Override
    public MetricSnapshot collect() {
        UnknownSnapshot.Builder snapshot = UnknownSnapshot.builder().name(name).help(help);
        counts.forEach((labels, count) ->
                snapshot.dataPoint(UnknownDataPointSnapshot.builder().labels(labels).value(count.sum()).build()));
        return snapshot.build();
    }
}
