package dev.kelpfs.master.watch;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.master.ClusterNodeUpdate;
import dev.kelpfs.wire.master.KeepConnectedRequest;
import dev.kelpfs.wire.master.ListClusterNodesResponse.ClusterNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Which filers, brokers and S3 gateways hold a stream; several streams of one address count once. Safe for all threads. */
public final class Members {
    private static final Set<String> COUNTED = Set.of("filer", "broker", "s3");
    static final String FILER = "filer";
    private static final String MASTER = "master";
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private record Key(String type, String group, String address) {}

    private record Member(KeepConnectedRequest first, long createdNanos, int streams) {}

    private final InstantSource clock;
    private final RandomGenerator random;
    /** Guarded by this. */
    private final Map<Key, Member> members = new LinkedHashMap<>();

    /** @param random safe for all threads */
    Members(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** A stream began. @return what to announce, if that is new to clients */
    synchronized Optional<ClusterNodeUpdate> join(KeepConnectedRequest request) {
        if (request.getClientType().equals(MASTER)) return Optional.of(update(request, true));
        if (!COUNTED.contains(request.getClientType())) return Optional.empty();
        Member before = members.get(key(request));
        members.put(key(request), before == null
                ? new Member(request, nowNanos(), 1)
                : new Member(before.first, before.createdNanos, before.streams + 1));
        return before == null ? Optional.of(update(request, true)) : Optional.empty();
    }

    /** A stream ended. @return what to announce, if it was the last of its member */
    synchronized Optional<ClusterNodeUpdate> leave(KeepConnectedRequest request) {
        if (request.getClientType().equals(MASTER)) return Optional.of(update(request, false));
        Member before = members.get(key(request));
        if (before == null) return Optional.empty();
        if (before.streams > 1) {
            members.put(key(request), new Member(before.first, before.createdNanos, before.streams - 1));
            return Optional.empty();
        }
        members.remove(key(request));
        return Optional.of(update(request, false));
    }

    /** The filers of a group, as updates that add them. */
    synchronized List<ClusterNodeUpdate> filersOf(String group) {
        List<ClusterNodeUpdate> filers = new ArrayList<>();
        members.forEach((key, member) -> {
            if (key.type.equals(FILER) && key.group.equals(group)) {
                filers.add(update(member.first, true).toBuilder().setCreatedAtNs(member.createdNanos).build());
            }
        });
        return filers;
    }

    /** Addresses of the filers of a group, sorted. */
    synchronized List<String> filerAddresses(String group) {
        return members.keySet().stream()
                .filter(key -> key.type.equals(FILER) && key.group.equals(group)).map(Key::address).sorted().toList();
    }

    /** Members of a type and group in the order in which they came; so many of them by chance if {@code limit} is above 0. */
    public synchronized List<ClusterNode> list(String type, String group, int limit) {
        List<ClusterNode> nodes = new ArrayList<>();
        members.forEach((key, member) -> {
            if (key.type.equals(type) && key.group.equals(group)) {
                nodes.add(ClusterNode.newBuilder()
                        .setAddress(key.address)
                        .setVersion(member.first.getVersion())
                        .setCreatedAtNs(member.createdNanos)
                        .setDataCenter(member.first.getDataCenter())
                        .setRack(member.first.getRack())
                        .build());
            }
        });
        while (limit > 0 && nodes.size() > limit) nodes.remove(random.nextInt(nodes.size()));
        return nodes;
    }

    /** The address of a member of that type in any group, as it gave it, if there is one. */
    public synchronized Optional<String> find(String type, String address) {
        return members.keySet().stream()
                .filter(key -> key.type.equals(type) && sameListener(key.address, address))
                .map(Key::address).findAny();
    }

    /** Only one of two names of the same listener may tell its gRPC port. */
    private static boolean sameListener(String a, String b) {
        if (a.equals(b)) return true;
        try {
            return ServerAddress.parse(a).http().equals(ServerAddress.parse(b).http());
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private long nowNanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
    }

    private static Key key(KeepConnectedRequest request) {
        return new Key(request.getClientType(), request.getFilerGroup(), request.getClientAddress());
    }

    private static ClusterNodeUpdate update(KeepConnectedRequest request, boolean isAdd) {
        return ClusterNodeUpdate.newBuilder()
                .setNodeType(request.getClientType())
                .setAddress(request.getClientAddress())
                .setFilerGroup(request.getFilerGroup())
                .setIsAdd(isAdd)
                .build();
    }
}
