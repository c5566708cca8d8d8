package dev.kelpfs.master.topology;

import dev.kelpfs.wire.master.VolumeEcShardInformationMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one erasure coded volume holds, as last reported.
 *
 * @param volumeId unsigned
 * @param dataBytes of its data shards, each counted once
 * @param allBytes of every shard on every server
 */
public record EcUsage(String collection, int volumeId, long dataBytes, long allBytes, long files, long deletedFiles) {
    /** Of the shards of a volume, those below this one hold data, the others parity. */
    private static final int DATA_SHARDS = 10;

    /** All of them by id. */
    static List<EcUsage> of(Topology topology) {
        SortedMap<Integer, List<VolumeEcShardInformationMessage>> byVolume = new TreeMap<>(Integer::compareUnsigned);
        for (Node node : topology.nodes()) {
            for (VolumeEcShardInformationMessage info : node.ecShards.all()) {
                byVolume.computeIfAbsent(info.getId(), unused -> new ArrayList<>()).add(info);
            }
        }
        return byVolume.entrySet().stream().map(entry -> of(entry.getKey(), entry.getValue())).toList();
    }

    private static EcUsage of(int volumeId, List<VolumeEcShardInformationMessage> reports) {
        Map<Integer, Long> dataBytes = new HashMap<>();
        long allBytes = 0;
        long files = 0;
        long deletedFiles = 0;
        for (VolumeEcShardInformationMessage report : reports) {
            int index = 0;
            for (int left = report.getEcIndexBits(); left != 0 && index < report.getShardSizesCount(); left &= left - 1) {
                int shard = Integer.numberOfTrailingZeros(left);
                long bytes = report.getShardSizes(index++);
                allBytes += bytes;
                if (shard < DATA_SHARDS) dataBytes.merge(shard, bytes, Math::max);
            }
            files = Math.max(files, report.getFileCount());
            deletedFiles = Math.max(deletedFiles, report.getDeleteCount());
        }
        return new EcUsage(reports.getFirst().getCollection(), volumeId,
                dataBytes.values().stream().mapToLong(Long::longValue).sum(), allBytes, files, deletedFiles);
    }
}
