package dev.kelpfs.master.rpc;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.master.topology.CollectionSummary;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.VolumeFilter;
import dev.kelpfs.wire.master.Collection;
import dev.kelpfs.wire.master.CollectionListRequest;
import dev.kelpfs.wire.master.CollectionListResponse;
import dev.kelpfs.wire.master.CollectionStatistics;
import dev.kelpfs.wire.master.CollectionStatisticsResponse;
import dev.kelpfs.wire.master.DiskInfo;
import dev.kelpfs.wire.master.StatisticsRequest;
import dev.kelpfs.wire.master.StatisticsResponse;
import dev.kelpfs.wire.master.VolumeListRequest;
import dev.kelpfs.wire.master.VolumeListResponse;
import java.util.List;

/** Lists and sums over the topology. Takes its lock, so not for event loops. Safe for all threads. */
public final class Listings {
    private static final int BYTES_PER_MIB_SHIFT = 20;

    private final LiveTopology topology;
    private final long sizeLimitBytes;
    private final ReplicaPlacement defaultReplication;

    public Listings(LiveTopology topology, long sizeLimitBytes, ReplicaPlacement defaultReplication) {
        this.topology = topology;
        this.sizeLimitBytes = sizeLimitBytes;
        this.defaultReplication = defaultReplication;
    }

    VolumeListResponse volumes(VolumeListRequest request) {
        VolumeFilter filter =
                new VolumeFilter(request.getCollection(), request.getDefaultCollectionOnly(), request.getVolumeId());
        return VolumeListResponse.newBuilder()
                .setTopologyInfo(topology.describe(filter))
                .setVolumeSizeLimitMb(sizeLimitBytes >> BYTES_PER_MIB_SHIFT)
                .build();
    }

    CollectionListResponse collections(CollectionListRequest request) {
        CollectionListResponse.Builder answer = CollectionListResponse.newBuilder();
        if (!request.getIncludeNormalVolumes()) return answer.build();
        topology.collections(name -> true)
                .forEach(summary -> answer.addCollections(Collection.newBuilder().setName(summary.collection())));
        return answer.build();
    }

    CollectionStatisticsResponse collectionStatistics() {
        CollectionStatisticsResponse.Builder answer = CollectionStatisticsResponse.newBuilder();
        for (CollectionSummary collection : topology.collections(name -> true)) {
            CollectionStatistics.Builder sum = CollectionStatistics.newBuilder().setCollection(collection.collection());
            for (CollectionSummary.Usage usage : collection.layouts()) {
                sum.setFileCount(sum.getFileCount() + usage.oneCopyFiles())
                        .setDeleteCount(sum.getDeleteCount() + usage.oneCopyDeletedFiles())
                        .setDeletedByteCount(sum.getDeletedByteCount() + usage.oneCopyDeletedBytes())
                        .setSize(sum.getSize() + usage.oneCopyBytes())
                        .setPhysicalSize(sum.getPhysicalSize() + usage.allCopiesBytes())
                        .setVolumeCount(sum.getVolumeCount() + usage.volumes());
            }
            answer.addCollections(sum);
        }
        return answer.build();
    }

    /** Source: master, section 4.6. */
    StatisticsResponse statistics(StatisticsRequest request) {
        long slots = topology.describe(new VolumeFilter("", true, 0)).getDiskInfosMap().values().stream()
                .mapToLong(DiskInfo::getMaxVolumeCount).sum();
        long total = slots * sizeLimitBytes;
        List<CollectionSummary.Usage> all = topology.collections(name -> true).stream()
                .flatMap(summary -> summary.layouts().stream()).toList();
        List<CollectionSummary.Usage> wanted = all.stream()
                .filter(usage -> request.getCollection().isEmpty()
                        || usage.key().collection().text().equals(request.getCollection()))
                .toList();
        long clusterUsed = all.stream().mapToLong(CollectionSummary.Usage::allCopiesLiveBytes).sum();
        long logicalUsed = wanted.stream().mapToLong(usage -> usage.oneCopyBytes() - usage.oneCopyDeletedBytes()).sum();
        ReplicaPlacement replication =
                request.getReplication().isEmpty() ? defaultReplication : ReplicaPlacement.parse(request.getReplication());
        return StatisticsResponse.newBuilder()
                .setTotalSize(total)
                .setUsedSize(wanted.stream().mapToLong(CollectionSummary.Usage::allCopiesLiveBytes).sum())
                .setFileCount(wanted.stream().mapToLong(CollectionSummary.Usage::allCopiesLiveFiles).sum())
                .setLogicalUsedSize(logicalUsed)
                .setLogicalTotalSize(logicalUsed + Math.max(0, total - clusterUsed) / replication.copies())
                .build();
    }
}
