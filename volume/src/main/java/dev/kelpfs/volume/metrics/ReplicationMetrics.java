package dev.kelpfs.volume.metrics;

import dev.kelpfs.http.client.PeerFailure;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.EnumMap;
import java.util.Map;

/** Counts changes that are passed on to other servers. Safe for all threads. */
public final class ReplicationMetrics {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double[] TARGET_BOUNDS = {1, 2, 3, 4, 5};

    /** What is passed on. */
    public enum Operation {
        WRITE("write"),
        DELETE("delete");

        private final String label;

        Operation(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    private final Map<Operation, CounterDataPoint> successes = new EnumMap<>(Operation.class);
    private final Map<Operation, CounterDataPoint> losses = new EnumMap<>(Operation.class);
    private final Map<Operation, DistributionDataPoint> seconds = new EnumMap<>(Operation.class);
    private final Histogram targets;
    private final Counter failures;

    ReplicationMetrics(VolumeMetrics metrics) {
        Counter operations =
                metrics.counter("replication_operations_total", "changes passed on to the other copies", "operation", "result");
        Histogram times =
                metrics.histogram("replication_seconds", "time until all other copies have answered", "operation");
        targets = metrics.histogram("replication_targets", "servers that a change is passed on to", TARGET_BOUNDS);
        failures = metrics.counter(
                "replication_failures_total", "servers that did not take a change", "operation", "reason");
        for (Operation operation : Operation.values()) {
            successes.put(operation, operations.labelValues(operation.label, "success"));
            losses.put(operation, operations.labelValues(operation.label, "failure"));
            seconds.put(operation, times.labelValues(operation.label));
        }
    }

    public void begun(int servers) {
        targets.observe(servers);
    }

    public void ended(Operation operation, boolean success, long nanos) {
        of(success ? successes : losses, operation).inc();
        of(seconds, operation).observe(nanos / NANOS_PER_SECOND);
    }

    /** A server said no. */
    public void refused(Operation operation) {
        failures.labelValues(operation.label, "server_error").inc();
    }

    /** A server did not answer. */
    public void failed(Operation operation, PeerFailure kind) {
        String reason = switch (kind) {
            case REFUSED -> "connection_refused";
            case TIMEOUT -> "timeout";
            case BROKEN, BUSY -> "server_error";
        };
        failures.labelValues(operation.label, reason).inc();
    }

    private static <T> T of(Map<Operation, T> byOperation, Operation operation) {
        T series = byOperation.get(operation);
        if (series == null) throw new IllegalStateException("no series for " + operation);
        return series;
    }
}
