package dev.kelpfs.master.topology;

import dev.kelpfs.wire.master.VolumeInformationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a collection holds in normal volumes, as last reported.
 *
 * @param layouts one for each kind of volume in it
 */
public record CollectionSummary(String collection, List<Usage> layouts) {
    /**
     * What the volumes of one layout hold. The "one copy" figures count the largest copy of each volume.
     *
     * @param replicas copies of all volumes
     */
    public record Usage(
            LayoutKey key, long volumes, long replicas, long oneCopyBytes, long allCopiesBytes, long oneCopyFiles,
            long oneCopyDeletedFiles, long oneCopyDeletedBytes, long allCopiesLiveBytes, long allCopiesLiveFiles) {}

    public CollectionSummary {
        layouts = List.copyOf(layouts);
    }

    static List<CollectionSummary> of(Topology topology, Predicate<String> wanted) {
        SortedMap<String, List<Usage>> byCollection = new TreeMap<>();
        for (Layout layout : topology.layouts()) {
            String name = layout.key.collection().text();
            if (wanted.test(name)) byCollection.computeIfAbsent(name, unused -> new ArrayList<>()).add(usage(layout));
        }
        return byCollection.entrySet().stream().map(entry -> new CollectionSummary(entry.getKey(), entry.getValue())).toList();
    }

    private static Usage usage(Layout layout) {
        long replicas = 0;
        long oneCopyBytes = 0;
        long allBytes = 0;
        long files = 0;
        long deletedFiles = 0;
        long deletedBytes = 0;
        long liveBytes = 0;
        long liveFiles = 0;
        for (Volume volume : layout.volumes.values()) {
            VolumeInformationMessage largest = volume.replicas.getFirst().info;
            for (Replica replica : volume.replicas) {
                VolumeInformationMessage info = replica.info;
                if (info.getSize() > largest.getSize()) largest = info;
                replicas++;
                allBytes += info.getSize();
                liveBytes += Math.max(0, info.getSize() - info.getDeletedByteCount());
                liveFiles += Math.max(0, info.getFileCount() - info.getDeleteCount());
            }
            oneCopyBytes += largest.getSize();
            files += largest.getFileCount();
            deletedFiles += largest.getDeleteCount();
            deletedBytes += Math.min(largest.getDeletedByteCount(), largest.getSize());
        }
        return new Usage(layout.key, layout.volumes.size(), replicas, oneCopyBytes, allBytes, files, deletedFiles, deletedBytes,
                liveBytes, liveFiles);
    }
}
