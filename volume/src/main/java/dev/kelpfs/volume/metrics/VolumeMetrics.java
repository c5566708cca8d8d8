package dev.kelpfs.volume.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * The counters of one volume server. Safe for all threads and cheap enough for every request: series of requests are
 * looked up once and then found by index.
 */
public final class VolumeMetrics {
    private static final String PREFIX = "SeaweedFS_volumeServer_";
    private static final double FIRST_BUCKET_SECONDS = 0.0001;
    private static final int BUCKETS = 24;
    private static final int STATUS_CODES = 600;
    /** How a request is counted whose client left before its answer. */
    private static final int CLIENT_LEFT = 499;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusRegistry registry;
    private final Counter requests;
    private final AtomicReferenceArray<CounterDataPoint> requestsByKindAndStatus =
            new AtomicReferenceArray<>(RequestKind.values().length * STATUS_CODES);
    private final DistributionDataPoint[] secondsByKind = new DistributionDataPoint[RequestKind.values().length];
    private final DistributionDataPoint localWriteSeconds;
    private final Counter events;
    private final Counter disconnections;
    private final Counter readFailures;
    private final Counter invalidNeedles;
    private final Counter writeFailures;
    private final DistributionDataPoint copiedWriteSeconds;
    private final ReplicationMetrics replication;
    private final VacuumMetrics vacuums;

    /** Registers everything; a registry takes one volume server only. */
    public VolumeMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        requests = counter("request_total", "requests answered", "type", "code");
        Histogram seconds = histogram("request_seconds", "time from the head of a request to its answer", "type");
        for (RequestKind kind : RequestKind.values()) {
            secondsByKind[kind.ordinal()] = seconds.labelValues(kind.name());
        }
        copiedWriteSeconds = seconds.labelValues("writeToReplicas");
        replication = new ReplicationMetrics(this);
        vacuums = new VacuumMetrics(this);
        localWriteSeconds = seconds.labelValues("writeToLocalDisk");
        events = counter("handler_total", "what happened inside handlers", "type");
        disconnections = counter("master_disconnections", "streams to a master that ended", "address");
        readFailures = counter("file_read_failures", "reads that failed for another reason than a missing file");
        invalidNeedles = counter("file_read_invalid_needles", "records whose content is damaged");
        writeFailures = counter("file_write_failures", "writes that failed");
    }

    Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(PREFIX + name).help(help).withoutExemplars().labelNames(labels).register(registry);
    }

    Histogram histogram(String name, String help, String... labels) {
        return Histogram.builder().name(PREFIX + name).help(help)
                .classicOnly().classicExponentialUpperBounds(FIRST_BUCKET_SECONDS, 2, BUCKETS)
                .withoutExemplars().labelNames(labels).register(registry);
    }

    Histogram histogram(String name, String help, double[] upperBounds) {
        return Histogram.builder().name(PREFIX + name).help(help)
                .classicOnly().classicUpperBounds(upperBounds).withoutExemplars().register(registry);
    }

    /** A value that is asked for whenever somebody reads the metrics. */
    public void gauge(String name, String help, Consumer<GaugeWithCallback.Callback> values, String... labels) {
        GaugeWithCallback.builder().name(PREFIX + name).help(help).labelNames(labels).callback(values).register(registry);
    }

    /** A request was answered with this status, or with 0 if the client left before. */
    public void finished(RequestKind kind, int status, long nanos) {
        secondsByKind[kind.ordinal()].observe(nanos / NANOS_PER_SECOND);
        requestSeries(kind, status).inc();
    }

    private CounterDataPoint requestSeries(RequestKind kind, int answered) {
        int status = answered == 0 ? CLIENT_LEFT : answered;
        if (status < 0 || status >= STATUS_CODES) return requests.labelValues(kind.name(), Integer.toString(status));
        int index = kind.ordinal() * STATUS_CODES + status;
        CounterDataPoint known = requestsByKindAndStatus.get(index);
        if (known != null) return known;
        CounterDataPoint found = requests.labelValues(kind.name(), Integer.toString(status));
        requestsByKindAndStatus.set(index, found);
        return found;
    }

    public void localWrite(long nanos) {
        localWriteSeconds.observe(nanos / NANOS_PER_SECOND);
    }

    /** Time that the other copies took, this one not included. */
    public void copiedWrite(long nanos) {
        copiedWriteSeconds.observe(nanos / NANOS_PER_SECOND);
    }

    /** A write is not on all servers that should have it. */
    public void copyFailed() {
        writeFailures.inc();
        events.labelValues("errorWriteToReplicas").inc();
    }

    /** A read of a volume that is elsewhere: one of {@code readProxyRequest}, {@code readRedirectRequest}, and their ends. */
    public void elsewhere(String event) {
        events.labelValues(event).inc();
    }

    public ReplicationMetrics replication() {
        return replication;
    }

    public VacuumMetrics vacuums() {
        return vacuums;
    }

    public void fileNotFound() {
        events.labelValues("errorGetNotFound").inc();
    }

    public void readFailed() {
        readFailures.inc();
        events.labelValues("errorGetInternal").inc();
    }

    public void damagedRecord() {
        invalidNeedles.inc();
        events.labelValues("errorCRC").inc();
    }

    public void writeFailed() {
        writeFailures.inc();
        events.labelValues("errorWriteToLocalDisk").inc();
    }

    public void uploadHeldBack() {
        events.labelValues("uploadLimitCondition").inc();
    }

    public void downloadHeldBack() {
        events.labelValues("downloadLimitCondition").inc();
    }

    public void masterLost(String address) {
        disconnections.labelValues(address).inc();
    }
}
