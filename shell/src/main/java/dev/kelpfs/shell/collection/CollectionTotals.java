package dev.kelpfs.shell.collection;

import dev.kelpfs.shell.topology.EcRow;
import dev.kelpfs.shell.topology.Topology;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What each collection holds, every volume counted once: a copy gives its share of what the placement asks for. Pure.
 * Source: admin shell, section 5.
 */
final class CollectionTotals {
    private static final int DATA_SHARDS = 10;

    /** One collection; counts of files include deleted ones. */
    record Total(String collection, long volumeCount, long size, long fileCount, long deletedBytes, long deletion) {
        @Override
        public String toString() {
            return "collection:\"" + collection + "\"\tvolumeCount:" + volumeCount + "\tsize:" + size + "\tfileCount:" + fileCount
                    + "\tdeletedBytes:" + deletedBytes + "\tdeletion:" + deletion;
        }
    }

    /** Sums of shares, which are no whole numbers. */
    private static final class Sum {
        final Set<Long> ids = new HashSet<>();
        double size;
        double files;
        double deletedBytes;
        double deletions;

        Total total(String collection) {
            return new Total(collection, ids.size(), Math.round(size), Math.round(files), Math.round(deletedBytes),
                    Math.round(deletions));
        }
    }

    private final Map<String, Sum> sums = new TreeMap<>();

    private CollectionTotals() {}

    /** @param names collections that are known, also those without a volume that anybody reports */
    static List<Total> of(Topology topology, List<String> names) {
        CollectionTotals totals = new CollectionTotals();
        names.forEach(totals::sum);
        topology.volumes().forEach(volume -> {
            Sum sum = totals.sum(volume.collection());
            double share = 1.0 / volume.copies();
            sum.ids.add(volume.id());
            sum.size += volume.size() * share;
            sum.files += volume.fileCount() * share;
            sum.deletedBytes += volume.deletedByteCount() * share;
            sum.deletions += volume.deleteCount() * share;
        });
        totals.addCoded(topology);
        List<Total> list = new ArrayList<>();
        totals.sums.forEach((name, sum) -> list.add(sum.total(name)));
        return list;
    }

    /** Holders of shards all count the files of the whole volume; each counts the deletions that it was told of. */
    private void addCoded(Topology topology) {
        Map<Long, Long> mostFiles = new TreeMap<>();
        topology.ecVolumes().forEach(volume -> {
            Sum sum = sum(volume.collection());
            sum.ids.add(volume.id());
            sum.size += dataBytes(volume);
            sum.deletions += volume.deleteCount();
            long before = mostFiles.getOrDefault(volume.id(), 0L);
            if (volume.fileCount() > before) {
                sum.files += volume.fileCount() - before;
                mostFiles.put(volume.id(), volume.fileCount());
            }
        });
    }

    private static long dataBytes(EcRow volume) {
        long bytes = 0;
        for (int i = 0; i < volume.sizes().size(); i++) {
            if (volume.shards().get(i) < DATA_SHARDS) bytes += volume.sizes().get(i);
        }
        return bytes;
    }

    private Sum sum(String collection) {
        return sums.computeIfAbsent(collection, _ -> new Sum());
    }
}
