package dev.kelpfs.volume.metrics;

import dev.kelpfs.storage.DirectoryReport;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.StoreReport;
import dev.kelpfs.storage.VolumeReport;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Values of the store that are asked for whenever somebody reads the metrics. */
public final class StoreGauges {
    private StoreGauges() {}

    public static void register(VolumeMetrics metrics, Store store, long startEpochSeconds) {
        metrics.gauge("start_time_seconds", "when the server was started", out -> out.call(startEpochSeconds));
        metrics.gauge("max_volumes", "volumes that all directories take together", out -> out.call(
                store.report().directories().stream().mapToInt(DirectoryReport::effectiveMaxVolumes).sum()));
        metrics.gauge("volumes", "mounted volumes",
                out -> byCollection(store.report(), volume -> 1)
                        .forEach((collection, count) -> out.call(count, collection, "volume")),
                "collection", "type");
        metrics.gauge("read_only_volumes", "volumes that take no writes",
                out -> byCollection(store.report(), volume -> volume.readOnly() ? 1 : 0)
                        .forEach((collection, count) -> out.call(count, collection, "IsReadOnly")),
                "collection", "type");
        metrics.gauge("total_disk_size", "bytes of volumes",
                out -> {
                    StoreReport report = store.report();
                    byCollection(report, VolumeReport::datBytes)
                            .forEach((collection, bytes) -> out.call(bytes, collection, "normal"));
                    byCollection(report, VolumeReport::deletedBytes)
                            .forEach((collection, bytes) -> out.call(bytes, collection, "deleted_bytes"));
                },
                "collection", "type");
        metrics.gauge("resource", "space of the disks",
                out -> store.report().directories().forEach(directory -> {
                    String name = directory.path().toString();
                    out.call(directory.space().totalBytes(), name, "all");
                    out.call(directory.space().usedBytes(), name, "used");
                    out.call(directory.space().freeBytes(), name, "free");
                    out.call(directory.space().freeBytes(), name, "avail");
                }),
                "name", "type");
    }

    private static Map<String, Long> byCollection(StoreReport report, ToLongFunction<VolumeReport> value) {
        Map<String, Long> sums = new TreeMap<>();
        for (VolumeReport volume : report.volumes()) {
            sums.merge(volume.collection().text(), value.applyAsLong(volume), Long::sum);
        }
        return sums;
    }
}
