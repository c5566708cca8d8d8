package dev.kelpfs.master.watch;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.LocationChange;
import dev.kelpfs.rpc.KelpPeer;
import dev.kelpfs.wire.master.ClusterNodeUpdate;
import dev.kelpfs.wire.master.KeepConnectedRequest;
import dev.kelpfs.wire.master.KeepConnectedResponse;
import dev.kelpfs.wire.master.LockRingUpdate;
import dev.kelpfs.wire.master.VolumeLocation;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Tells clients where volumes are: everything when they come, then every change in order. A client that reads too slowly is
 * cut off, so that it starts anew with a complete picture instead of going on with a wrong one. Safe for all threads.
 */
public final class Watchers implements AutoCloseable {
    /** Types of clients that lock by the ring of their group. */
    private static final Set<String> RING_READERS = Set.of(Members.FILER, "s3");
    private static final String NOT_LEADER = "raft.Server: Not current leader";

    private final Standing standing;
    private final LiveTopology topology;
    private final Members members;
    private final LockRings lockRings;
    private final RandomGenerator random;
    private final Runnable onTooSlow;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

    /**
     * @param random safe for all threads
     * @param onTooSlow called for every client that is cut off
     */
    public Watchers(Standing standing, LiveTopology topology, InstantSource clock, RandomGenerator random, Runnable onTooSlow) {
        this.standing = standing;
        this.topology = topology;
        this.members = new Members(clock, random);
        this.lockRings = new LockRings(clock, members::filerAddresses, ring -> announce(message(ring)));
        this.random = random;
        this.onTooSlow = onTooSlow;
    }

    /** Filers, brokers and S3 gateways that are connected. */
    public Members members() {
        return members;
    }

    /** A client opened a stream; its one request says who it is. */
    public StreamObserver<KeepConnectedRequest> open(ServerCallStreamObserver<KeepConnectedResponse> answers) {
        return new Watcher(this, answers, KelpPeer.isCalling());
    }

    /** Tells everybody. Quick; called in the order in which things changed. */
    public void announce(LocationChange change) {
        announce(message(location(change)));
    }

    /** Ends all streams. */
    @Override
    public void close() {
        watchers.forEach(watcher -> watcher.end(Status.UNAVAILABLE.withDescription("this master is stopping")));
    }

    /** The client said who it is. */
    void began(Watcher watcher, KeepConnectedRequest request) {
        if (!standing.leads()) {
            Optional<ServerAddress> leader = standing.leader();
            if (leader.isEmpty()) {
                watcher.end(Status.UNAVAILABLE.withDescription(NOT_LEADER));
            } else {
                watcher.send(message(VolumeLocation.newBuilder().setLeader(leader.get().withBothPorts())));
                watcher.complete();
            }
            return;
        }
        topology.snapshot(all -> {
            sendPicture(watcher, all);
            watchers.add(watcher);
        });
        members.filersOf(request.getFilerGroup()).forEach(filer -> watcher.send(message(filer)));
        if (RING_READERS.contains(request.getClientType())) {
            lockRings.last(request.getFilerGroup()).ifPresent(ring -> watcher.send(message(ring)));
        }
        members.join(request).ifPresent(this::announce);
        // Clients of the reference do not ask where the picture ends.
        if (watcher.isKelp()) watcher.send(KeepConnectedResponse.getDefaultInstance());
    }

    /** Who it is, with an address made up for a client that gives none, so that it is not taken for another such one. */
    KeepConnectedRequest identified(KeepConnectedRequest request) {
        if (!request.getClientAddress().isEmpty()) return request;
        return request.toBuilder().setClientAddress(new UUID(random.nextLong(), random.nextLong()).toString()).build();
    }

    private void sendPicture(Watcher watcher, List<LocationChange> all) {
        String leader = standing.address().withBothPorts();
        if (all.isEmpty()) watcher.send(message(VolumeLocation.newBuilder().setLeader(leader)));
        boolean first = true;
        for (LocationChange change : all) {
            VolumeLocation.Builder location = location(change);
            if (first) location.setLeader(leader);
            first = false;
            watcher.send(message(location));
        }
    }

    void ended(Watcher watcher, Optional<KeepConnectedRequest> request) {
        boolean known = watchers.remove(watcher);
        if (known) request.flatMap(members::leave).ifPresent(this::announce);
    }

    void tooSlow() {
        onTooSlow.run();
    }

    private void announce(ClusterNodeUpdate update) {
        if (update.getNodeType().equals(Members.FILER)) lockRings.changed(update.getFilerGroup());
        announce(message(update));
    }

    private void announce(KeepConnectedResponse message) {
        watchers.forEach(watcher -> watcher.send(message));
    }

    private static VolumeLocation.Builder location(LocationChange change) {
        return VolumeLocation.newBuilder()
                .setUrl(change.place().url())
                .setPublicUrl(change.place().publicUrl())
                .setGrpcPort(change.place().grpcPort())
                .setDataCenter(change.place().dataCenter())
                .addAllNewVids(change.newVolumes())
                .addAllDeletedVids(change.goneVolumes())
                .addAllNewEcVids(change.newEcVolumes())
                .addAllDeletedEcVids(change.goneEcVolumes());
    }

    private static KeepConnectedResponse message(VolumeLocation.Builder location) {
        return KeepConnectedResponse.newBuilder().setVolumeLocation(location).build();
    }

    private static KeepConnectedResponse message(LockRingUpdate ring) {
        return KeepConnectedResponse.newBuilder().setLockRingUpdate(ring).build();
    }

    private static KeepConnectedResponse message(ClusterNodeUpdate update) {
        return KeepConnectedResponse.newBuilder().setClusterNodeUpdate(update).build();
    }
}
