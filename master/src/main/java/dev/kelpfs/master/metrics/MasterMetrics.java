package dev.kelpfs.master.metrics;

import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.master.topology.LayoutSummary;
import dev.kelpfs.master.topology.VolumeView;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** What a master counts. Safe for all threads. */
public final class MasterMetrics {
    private static final String PREFIX = "SeaweedFS_master_";
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusRegistry registry;
    private final PlainCounter heartbeats;
    private final CounterDataPoint created;
    private final CounterDataPoint notCreated;
    private final LongAdder slowClients;
    private final LongAdder noPlace;

    /** Registers everything that needs nothing else; a registry takes one master only. */
    public MasterMetrics(PrometheusRegistry registry, Instant start) {
        this.registry = registry;
        heartbeats = plainCounter("received_heartbeats", "heartbeats and what they brought");
        Counter creations = Counter.builder().name(PREFIX + "volume_creation_total").help("volumes made, or not")
                .labelNames("result").withoutExemplars().register(registry);
        created = creations.labelValues("success");
        notCreated = creations.labelValues("failure");
        slowClients = plainCounter("broadcast_to_full", "streams closed because the client read too slowly").series(Labels.EMPTY);
        noPlace = plainCounter("pick_for_write_error", "assignments that found no place to write").series(Labels.EMPTY);
        Gauge.builder().name(PREFIX + "start_time_seconds").help("when this master started").withoutExemplars().register(registry)
                .set(start.getEpochSecond() + start.getNano() / NANOS_PER_SECOND);
        Gauge.builder().name("SeaweedFS_build_info").help("what runs here").withoutExemplars()
                .labelNames("version", "commit", "sizelimit", "goos", "goarch").register(registry)
                .labelValues(KelpVersion.PROTOCOL, "kelp-" + KelpVersion.RELEASE, KelpVersion.SIZE_LIMIT, "linux", "jvm").set(1);
    }

    private PlainCounter plainCounter(String name, String help) {
        PlainCounter counter = new PlainCounter(PREFIX + name, help);
        registry.register(counter);
        return counter;
    }

    /** Has the standing and the layouts asked for whenever somebody reads the metrics. */
    public void watch(BooleanSupplier leads, Supplier<List<LayoutSummary>> layouts) {
        GaugeWithCallback.builder().name(PREFIX + "is_leader").help("1 on the leader")
                .callback(gauge -> gauge.call(leads.getAsBoolean() ? 1 : 0)).register(registry);
        perLayout("volume_layout_writable", "volumes that may be written", layouts, layout -> layout.writable().size());
        perLayout("volume_layout_crowded", "writable volumes that are nearly full", layouts, LayoutSummary::crowded);
        perLayout("under_replicated_volumes", "volumes that lack copies", layouts, LayoutSummary::underReplicated);
    }

    /** Has the holders of locks asked for whenever somebody reads the metrics; each once, however many it holds. */
    public void watchLocks(Supplier<? extends Collection<String>> clients) {
        GaugeWithCallback.builder().name(PREFIX + "admin_lock").help("1 for each client that holds a lock").labelNames("client")
                .callback(gauge -> clients.get().forEach(client -> gauge.call(1, client))).register(registry);
    }

    /** Has the volumes asked for whose copies are not as they should be. */
    public void watchDefects(Supplier<List<VolumeView>> volumes) {
        GaugeWithCallback.builder().name(PREFIX + "replica_placement_mismatch").help("1 for a volume with too few or too many copies")
                .labelNames("collection", "id")
                .callback(gauge -> volumes.get().forEach(volume ->
                        gauge.call(1, volume.key().collection().text(), volume.id().toString())))
                .register(registry);
    }

    private void perLayout(String name, String help, Supplier<List<LayoutSummary>> layouts, ToIntFunction<LayoutSummary> value) {
        GaugeWithCallback.builder().name(PREFIX + name).help(help).labelNames("collection", "disk", "rp", "ttl")
                .callback(gauge -> {
                    for (LayoutSummary layout : layouts.get()) {
                        gauge.call(value.applyAsInt(layout), layout.key().collection().text(), layout.key().diskType().readable(),
                                layout.key().replication().toString(), layout.key().ttl().toString());
                    }
                })
                .register(registry);
    }

    public void heartbeat(String kind) {
        heartbeats.series(Labels.of("type", kind)).increment();
    }

    public void volumeMade() {
        created.inc();
    }

    public void volumeNotMade() {
        notCreated.inc();
    }

    public void clientTooSlow() {
        slowClients.increment();
    }

    public void nowhereToWrite() {
        noPlace.increment();
    }
}
