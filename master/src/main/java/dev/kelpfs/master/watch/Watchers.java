package dev.kelpfs.master.watch;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.cluster.Standing;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.LocationChange;
import dev.kelpfs.wire.master.ClusterNodeUpdate;
import dev.kelpfs.wire.master.KeepConnectedRequest;
import dev.kelpfs.wire.master.KeepConnectedResponse;
import dev.kelpfs.wire.master.VolumeLocation;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells clients where volumes are: everything when they come, then every change in order. A client that reads too slowly is
 * cut off, so that it starts anew with a complete picture instead of going on with a wrong one. Safe for all threads.
 */
public final class Watchers implements AutoCloseable {
    private static final String NOT_LEADER = "raft.Server: Not current leader";

    private final Standing standing;
    private final LiveTopology topology;
    private final Members members;
    private final Runnable onTooSlow;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();

    /** @param onTooSlow called for every client that is cut off */
    public Watchers(Standing standing, LiveTopology topology, InstantSource clock, Runnable onTooSlow) {
        this.standing = standing;
        this.topology = topology;
        this.members = new Members(clock);
        this.onTooSlow = onTooSlow;
    }

    /** Filers, brokers and S3 gateways that are connected. */
    public Members members() {
        return members;
    }

    /** A client opened a stream; its one request says who it is. */
    public StreamObserver<KeepConnectedRequest> open(ServerCallStreamObserver<KeepConnectedResponse> answers) {
        return new Watcher(this, answers);
    }

    /** Tells everybody. Quick; called in the order in which things changed. */
    public void announce(LocationChange change) {
        KeepConnectedResponse message = message(location(change));
        watchers.forEach(watcher -> watcher.send(message));
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
        members.join(request).ifPresent(this::announce);
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
        KeepConnectedResponse message = message(update);
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

    private static KeepConnectedResponse message(ClusterNodeUpdate update) {
        return KeepConnectedResponse.newBuilder().setClusterNodeUpdate(update).build();
    }
}
