package dev.kelpfs.master.rpc;

import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.topology.CollectionSummary;
import dev.kelpfs.master.topology.EcUsage;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.master.topology.VolumeFilter;
import dev.kelpfs.wire.master.Collection;
import dev.kelpfs.wire.master.CollectionListRequest;
import dev.kelpfs.wire.master.CollectionListResponse;
import dev.kelpfs.wire.master.CollectionStatistics;
import dev.kelpfs.wire.master.CollectionStatisticsResponse;
import dev.kelpfs.wire.master.DataCenterInfo;
import dev.kelpfs.wire.master.DataNodeInfo;
import dev.kelpfs.wire.master.DiskInfo;
import dev.kelpfs.wire.master.LookupEcVolumeResponse;
import dev.kelpfs.wire.master.LookupEcVolumeResponse.EcShardIdLocation;
import dev.kelpfs.wire.master.RackInfo;
import dev.kelpfs.wire.master.StatisticsRequest;
import dev.kelpfs.wire.master.StatisticsResponse;
import dev.kelpfs.wire.master.VolumeListRequest;
import dev.kelpfs.wire.master.VolumeListResponse;
import dev.kelpfs.wire.master.VolumeListStreamResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Lists and sums over the topology. Takes its lock, so not for event loops. Safe for all threads. */
public final class Listings {
    private static final int BYTES_PER_MIB_SHIFT = 20;
    /** Shard ids go from 0 to one below. */
    private static final int MAX_SHARDS = 32;
    /** Volumes of one message of a listing in pieces. */
    private static final int BATCH = 10_000;
    /** Admits nothing: no collection has this name. */
    private static final VolumeFilter NO_VOLUMES = new VolumeFilter("/", false, 0);

    private final LiveTopology topology;
    private final Supplier<SortedSet<String>> absentCollections;
    private final long sizeLimitBytes;
    private final ReplicaPlacement defaultReplication;

    /** @param absentCollections of which servers that are not connected hold volumes */
    public Listings(
            LiveTopology topology, Supplier<SortedSet<String>> absentCollections, long sizeLimitBytes,
            ReplicaPlacement defaultReplication) {
        this.topology = topology;
        this.absentCollections = absentCollections;
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

    /** A collection exists also while all its servers are down. */
    CollectionListResponse collections(CollectionListRequest request) {
        SortedSet<String> names = new TreeSet<>();
        if (request.getIncludeNormalVolumes()) {
            topology.collections(name -> true).forEach(summary -> names.add(summary.collection()));
            names.addAll(absentCollections.get());
        }
        if (request.getIncludeEcVolumes()) topology.ecUsage().forEach(volume -> names.add(volume.collection()));
        CollectionListResponse.Builder answer = CollectionListResponse.newBuilder();
        names.forEach(name -> answer.addCollections(Collection.newBuilder().setName(name)));
        return answer.build();
    }

    CollectionStatisticsResponse collectionStatistics() {
        SortedMap<String, CollectionStatistics.Builder> sums = new TreeMap<>();
        for (CollectionSummary collection : topology.collections(name -> true)) {
            CollectionStatistics.Builder sum = sum(sums, collection.collection());
            for (CollectionSummary.Usage usage : collection.layouts()) {
                sum.setFileCount(sum.getFileCount() + usage.oneCopyFiles())
                        .setDeleteCount(sum.getDeleteCount() + usage.oneCopyDeletedFiles())
                        .setDeletedByteCount(sum.getDeletedByteCount() + usage.oneCopyDeletedBytes())
                        .setSize(sum.getSize() + usage.oneCopyBytes())
                        .setPhysicalSize(sum.getPhysicalSize() + usage.allCopiesBytes())
                        .setVolumeCount(sum.getVolumeCount() + usage.volumes());
            }
        }
        for (EcUsage volume : topology.ecUsage()) {
            CollectionStatistics.Builder sum = sum(sums, volume.collection());
            sum.setFileCount(sum.getFileCount() + volume.files())
                    .setDeleteCount(sum.getDeleteCount() + volume.deletedFiles())
                    .setSize(sum.getSize() + volume.dataBytes())
                    .setPhysicalSize(sum.getPhysicalSize() + volume.allBytes())
                    .setVolumeCount(sum.getVolumeCount() + 1);
        }
        CollectionStatisticsResponse.Builder answer = CollectionStatisticsResponse.newBuilder();
        sums.values().forEach(answer::addCollections);
        return answer.build();
    }

    private static CollectionStatistics.Builder sum(SortedMap<String, CollectionStatistics.Builder> sums, String collection) {
        return sums.computeIfAbsent(collection, name -> CollectionStatistics.newBuilder().setCollection(name));
    }

    /** Source: master, section 4.6. */
    StatisticsResponse statistics(StatisticsRequest request) {
        ReplicaPlacement replication =
                request.getReplication().isEmpty() ? defaultReplication : ReplicaPlacement.parse(request.getReplication());
        long slots = topology.describe(NO_VOLUMES).getDiskInfosMap().values().stream().mapToLong(DiskInfo::getMaxVolumeCount).sum();
        long total = slots * sizeLimitBytes;
        Held all = held(name -> true);
        Held wanted = request.getCollection().isEmpty() ? all : held(request.getCollection()::equals);
        return StatisticsResponse.newBuilder()
                .setTotalSize(total)
                .setUsedSize(wanted.bytes)
                .setFileCount(wanted.files)
                .setLogicalUsedSize(wanted.logicalBytes)
                .setLogicalTotalSize(wanted.logicalBytes + Math.max(0, total - all.bytes) / replication.copies())
                .build();
    }

    /** What collections hold without what was deleted: all copies and shards, and of each volume one. */
    private record Held(long bytes, long files, long logicalBytes) {}

    private Held held(Predicate<String> wanted) {
        List<CollectionSummary.Usage> normal =
                topology.collections(wanted).stream().flatMap(summary -> summary.layouts().stream()).toList();
        List<EcUsage> coded = topology.ecUsage().stream().filter(volume -> wanted.test(volume.collection())).toList();
        return new Held(
                normal.stream().mapToLong(CollectionSummary.Usage::allCopiesLiveBytes).sum()
                        + coded.stream().mapToLong(EcUsage::allBytes).sum(),
                normal.stream().mapToLong(CollectionSummary.Usage::allCopiesLiveFiles).sum()
                        + coded.stream().mapToLong(volume -> Math.max(0, volume.files() - volume.deletedFiles())).sum(),
                normal.stream().mapToLong(usage -> usage.oneCopyBytes() - usage.oneCopyDeletedBytes()).sum()
                        + coded.stream().mapToLong(EcUsage::dataBytes).sum());
    }

    /** One entry for each shard that a volume may have, also where nobody holds it. @throws StatusRuntimeException if it is unknown */
    LookupEcVolumeResponse ecVolume(int volumeId) {
        VolumeId volume = new VolumeId(volumeId);
        Map<Integer, List<Place>> places = volumeId == 0 ? Map.of() : topology.ecShards(volume);
        if (places.isEmpty()) {
            throw Status.UNKNOWN.withDescription("ec volume " + Integer.toUnsignedString(volumeId) + " not found").asRuntimeException();
        }
        LookupEcVolumeResponse.Builder answer = LookupEcVolumeResponse.newBuilder().setVolumeId(volumeId);
        for (int shard = 0; shard < MAX_SHARDS; shard++) {
            EcShardIdLocation.Builder entry = EcShardIdLocation.newBuilder().setShardId(shard);
            places.getOrDefault(shard, List.of()).forEach(place -> entry.addLocations(Answers.location(place)));
            answer.addShardIdLocations(entry);
        }
        return answer.build();
    }

    /** The same as {@link #volumes} in pieces: the tree first, then the volumes of one disk at a time. */
    List<VolumeListStreamResponse> volumePieces(VolumeListRequest request) {
        VolumeListResponse whole = volumes(request);
        List<VolumeListStreamResponse> pieces = new ArrayList<>();
        VolumeListResponse.Builder header = whole.toBuilder();
        for (DataCenterInfo.Builder center : header.getTopologyInfoBuilder().getDataCenterInfosBuilderList()) {
            for (RackInfo.Builder rack : center.getRackInfosBuilderList()) {
                for (DataNodeInfo.Builder node : rack.getDataNodeInfosBuilderList()) {
                    for (String type : List.copyOf(node.getDiskInfosMap().keySet())) {
                        DiskInfo disk = node.getDiskInfosOrThrow(type);
                        node.putDiskInfos(type, disk.toBuilder().clearVolumeInfos().clearEcShardInfos().build());
                        VolumeListStreamResponse.Builder where = VolumeListStreamResponse.newBuilder()
                                .setDataCenter(center.getId()).setRack(rack.getId()).setDataNode(node.getId()).setDiskType(type);
                        batches(disk.getVolumeInfosList()).forEach(batch -> pieces.add(where.clone().addAllVolumeInfos(batch).build()));
                        batches(disk.getEcShardInfosList()).forEach(batch -> pieces.add(where.clone().addAllEcShardInfos(batch).build()));
                    }
                }
            }
        }
        pieces.addFirst(VolumeListStreamResponse.newBuilder().setHeader(header).build());
        return pieces;
    }

    private static <T> List<List<T>> batches(List<T> all) {
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH) batches.add(all.subList(from, Math.min(all.size(), from + BATCH)));
        return batches;
    }
}
