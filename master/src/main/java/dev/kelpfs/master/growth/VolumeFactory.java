package dev.kelpfs.master.growth;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.topology.LayoutKey;
import dev.kelpfs.master.topology.LiveTopology;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.wire.master.VolumeInformationMessage;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one volume: a copy on each server, all or none. A volume that could not be made on all is removed where it was
 * made; its id is not used again. Safe for all threads.
 */
public final class VolumeFactory {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeFactory.class);
    private static final int MAX_PER_SERVER = 4;
    /** Version of the records that servers are asked to write. */
    private static final int RECORD_VERSION = 3;

    private final LiveTopology topology;
    private final VolumeMaker maker;
    private final ServerBackoff backoff;
    private final Runnable onSuccess;
    private final Runnable onFailure;
    /** By server; a server that hangs holds up a few volumes, not all that are being made. */
    private final Map<String, Semaphore> underWay = new ConcurrentHashMap<>();

    /**
     * @param onSuccess called for every volume made
     * @param onFailure called for every volume that could not be made
     */
    public VolumeFactory(LiveTopology topology, VolumeMaker maker, Ticker ticker, Runnable onSuccess, Runnable onFailure) {
        this.topology = topology;
        this.maker = maker;
        this.backoff = new ServerBackoff(ticker);
        this.onSuccess = onSuccess;
        this.onFailure = onFailure;
    }

    ServerBackoff backoff() {
        return backoff;
    }

    /** @return why it failed; empty if the volume is there and known */
    String make(VolumeId id, List<String> nodeIds, GrowthRequest request) throws InterruptedException {
        List<Place> made = new ArrayList<>();
        for (String nodeId : nodeIds) {
            Optional<Place> place = topology.place(nodeId);
            String failure = place.isEmpty() ? nodeId + " left before volume " + id + " was made on it"
                    : makeOn(place.get(), id, request);
            if (!failure.isEmpty()) {
                made.forEach(server -> takeBack(server, id));
                onFailure.run();
                return failure;
            }
            made.add(place.orElseThrow());
        }
        topology.created(nodeIds, information(id, request.key()));
        onSuccess.run();
        return "";
    }

    /** Asks a server for a sign of life before an id is spent on it. @return what is wrong; empty if it answers */
    String reach(String nodeId) {
        Optional<Place> place = topology.place(nodeId);
        if (place.isEmpty()) return nodeId + " left";
        try {
            maker.reach(place.get());
            return "";
        } catch (IOException failed) {
            String reason = String.valueOf(failed.getMessage());
            backoff.failed(nodeId, reason);
            return reason;
        }
    }

    private String makeOn(Place server, VolumeId id, GrowthRequest request) throws InterruptedException {
        // What was chosen a moment ago may have failed meanwhile: no second wait for the same silence.
        Optional<String> failure = backoff.reason(server.nodeId());
        if (failure.isPresent()) return failure.get();
        Semaphore mine = underWay.computeIfAbsent(server.nodeId(), unused -> new Semaphore(MAX_PER_SERVER));
        mine.acquire();
        try {
            return allocate(server, id, request);
        } finally {
            mine.release();
        }
    }

    private String allocate(Place server, VolumeId id, GrowthRequest request) {
        LayoutKey key = request.key();
        try {
            maker.make(server, AllocateVolumeRequest.newBuilder()
                    .setVolumeId(id.bits())
                    .setCollection(key.collection().text())
                    .setReplication(key.replication().toString())
                    .setTtl(key.ttl().toString())
                    .setDiskType(key.diskType().tag())
                    .setPreallocate(request.preallocateBytes())
                    .setMemoryMapMaxSizeMb(request.memoryMapMaxSizeMib())
                    .setVersion(RECORD_VERSION)
                    .build());
        } catch (IOException failed) {
            String reason = String.valueOf(failed.getMessage());
            backoff.failed(server.nodeId(), reason);
            return reason;
        }
        backoff.succeeded(server.nodeId());
        return "";
    }

    private void takeBack(Place server, VolumeId id) {
        try {
            maker.remove(server, id);
        } catch (IOException failed) {
            LOG.warn("Volume {} stays on {} without its other copies, empty and unused: {}", id, server.nodeId(), failed.getMessage());
        }
    }

    private static VolumeInformationMessage information(VolumeId id, LayoutKey key) {
        return VolumeInformationMessage.newBuilder()
                .setId(id.bits())
                .setCollection(key.collection().text())
                .setReplicaPlacement(key.replication().toByte())
                .setTtl(key.ttl().toWire())
                .setDiskType(key.diskType().tag())
                .setVersion(RECORD_VERSION)
                .build();
    }
}
