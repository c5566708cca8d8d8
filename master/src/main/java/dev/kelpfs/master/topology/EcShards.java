package dev.kelpfs.master.topology;

import dev.kelpfs.core.DiskType;
import dev.kelpfs.wire.master.VolumeEcShardInformationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The EC shards of one server, by volume and physical disk. Guarded by the topology's lock. */
final class EcShards {
    private final NavigableMap<Long, VolumeEcShardInformationMessage> byVolumeAndDisk = new TreeMap<>();

    /** Replaces everything. */
    void set(Iterable<VolumeEcShardInformationMessage> all) {
        byVolumeAndDisk.clear();
        all.forEach(info -> byVolumeAndDisk.put(key(info), info));
    }

    void add(VolumeEcShardInformationMessage added) {
        byVolumeAndDisk.merge(key(added), added, (old, now) ->
                now.toBuilder().setEcIndexBits(old.getEcIndexBits() | now.getEcIndexBits()).build());
    }

    void remove(VolumeEcShardInformationMessage removed) {
        byVolumeAndDisk.computeIfPresent(key(removed), (unused, old) -> {
            int left = old.getEcIndexBits() & ~removed.getEcIndexBits();
            return left == 0 ? null : old.toBuilder().setEcIndexBits(left).build();
        });
    }

    long count(DiskType type) {
        return of(type).stream().mapToLong(info -> Integer.bitCount(info.getEcIndexBits())).sum();
    }

    List<VolumeEcShardInformationMessage> of(DiskType type) {
        List<VolumeEcShardInformationMessage> found = new ArrayList<>();
        for (VolumeEcShardInformationMessage info : byVolumeAndDisk.values()) {
            if (new DiskType(info.getDiskType()).equals(type)) found.add(info);
        }
        return found;
    }

    List<VolumeEcShardInformationMessage> all() {
        return List.copyOf(byVolumeAndDisk.values());
    }

    Set<Integer> volumeIds() {
        Set<Integer> ids = new TreeSet<>(Integer::compareUnsigned);
        byVolumeAndDisk.values().forEach(info -> ids.add(info.getId()));
        return ids;
    }

    void removeCollection(String collection) {
        byVolumeAndDisk.values().removeIf(info -> info.getCollection().equals(collection));
    }

    /** Which shards of a volume are here, on any disk: one bit each. */
    int bits(int volumeId) {
        long first = (long) volumeId << Integer.SIZE;
        int bits = 0;
        for (VolumeEcShardInformationMessage info : byVolumeAndDisk.subMap(first, true, first | 0xffff_ffffL, true).values()) {
            bits |= info.getEcIndexBits();
        }
        return bits;
    }

    /** The collection of a volume that has a shard here. */
    Optional<String> collection(int volumeId) {
        long first = (long) volumeId << Integer.SIZE;
        return byVolumeAndDisk.subMap(first, true, first | 0xffff_ffffL, true).values().stream()
                .map(VolumeEcShardInformationMessage::getCollection).findFirst();
    }

    /** Per shard id of a volume the servers that hold the shard. */
    static Map<Integer, List<Place>> places(Iterable<Node> nodes, int volumeId) {
        SortedMap<Integer, List<Place>> places = new TreeMap<>();
        for (Node node : nodes) {
            for (int left = node.ecShards.bits(volumeId); left != 0; left &= left - 1) {
                places.computeIfAbsent(Integer.numberOfTrailingZeros(left), unused -> new ArrayList<>()).add(node.place);
            }
        }
        return places;
    }

    private static long key(VolumeEcShardInformationMessage info) {
        return (long) info.getId() << 32 | Integer.toUnsignedLong(info.getDiskId());
    }
}
