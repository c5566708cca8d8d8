package dev.kelpfs.master.topology;

import dev.kelpfs.core.DiskType;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.kelp.RegisteredNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A connected volume server. Guarded by the topology's lock. */
final class Node {
    /** Of every ten EC shards, one slot is taken. */
    private static final int SHARDS_PER_SLOT = 10;

    final String id;
    Place place;
    String host;
    /** The stream that speaks for it. */
    BeatStream stream;
    List<String> directoryIds = List.of();
    final NodeDisks disks = new NodeDisks();
    final SortedMap<Integer, Replica> replicas = new TreeMap<>(Integer::compareUnsigned);
    /** Exclusive or of the hashes of all reported replicas. */
    long digest;
    final EcShards ecShards = new EcShards();
    /** Slots promised to volumes that are being made. */
    final Map<DiskType, Long> reservedSlots = new HashMap<>();
    long lastBeatNanos;
    /** How sure it is that the server is there. */
    Trust trust = Trust.CONFIRMED;
    /** It speaks kelp_pb. */
    boolean isKelp;
    /** No beat for too long: its volumes are not assigned to until the next. */
    boolean silent;
    /** It refuses writes because an operator said so. */
    boolean inMaintenance;
    /** Why none of its volumes may be assigned to; empty if nothing is wrong. */
    String distrust = "";

    Node(String id, Place place, String host, BeatStream stream) {
        this.id = id;
        this.place = place;
        this.host = host;
        this.stream = stream;
    }

    /** Volumes of a type of disk, tiered ones apart. */
    Map<DiskType, Long> volumesByType() {
        Map<DiskType, Long> counts = new LinkedHashMap<>();
        replicas.values().forEach(replica -> counts.merge(replica.key.diskType(), 1L, Long::sum));
        return counts;
    }

    long remoteVolumes(DiskType type) {
        return replicas.values().stream()
                .filter(replica -> replica.key.diskType().equals(type) && !replica.info.getRemoteStorageName().isEmpty())
                .count();
    }

    long freeSlots(DiskType type) {
        long volumes = replicas.values().stream().filter(replica -> replica.key.diskType().equals(type)).count();
        long shards = ecShards.count(type);
        return disks.maxVolumes(type) + remoteVolumes(type) - volumes - (shards + SHARDS_PER_SLOT - 1) / SHARDS_PER_SLOT;
    }

    long reserved(DiskType type) {
        return reservedSlots.getOrDefault(type, 0L);
    }

    boolean listensOn(String wantedHost, int httpPort) {
        ServerAddress address = ServerAddress.parse(place.url());
        return address.host().equals(wantedHost) && address.httpPort() == httpPort;
    }

    /** True if it has a volume of the collection, normal or erasure coded. */
    boolean holds(String collection) {
        return replicas.values().stream().anyMatch(replica -> replica.info.getCollection().equals(collection))
                || ecShards.all().stream().anyMatch(shards -> shards.getCollection().equals(collection));
    }

    /** True if nothing speaks against giving its volumes to writers. */
    boolean isAssignable() {
        return !silent && distrust.isEmpty();
    }

    RegisteredNode registration() {
        return RegisteredNode.newBuilder()
                .setId(id)
                .setAddress(place.url())
                .setGrpcPort(place.grpcPort())
                .setPublicUrl(place.publicUrl())
                .setDataCenter(place.dataCenter())
                .setRack(place.rack())
                .setUp(true)
                .setKelp(isKelp)
                .build();
    }
}
