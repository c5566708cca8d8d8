package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.wire.master.Heartbeat;

/**
 * How this server calls itself in its beats.
 *
 * @param host advertised host; with the port it is the server's address
 * @param nodeId stable id, {@code host:port} unless configured
 */
public record NodeIdentity(
        String host, int port, int grpcPort, String publicUrl, String nodeId, String dataCenter, String rack) {

    /** What stands in every beat about volumes that came or went between two full ones. */
    Heartbeat.Builder brief() {
        return Heartbeat.newBuilder().setIp(host).setPort(port).setDataCenter(dataCenter).setRack(rack);
    }

    /** What stands in every full beat. */
    Heartbeat.Builder full() {
        return brief().setGrpcPort(grpcPort).setPublicUrl(publicUrl).setId(nodeId);
    }

    /** Erasure coded shards; this server holds none. */
    Heartbeat shardBeat() {
        return Heartbeat.newBuilder().setHasNoEcShards(true).build();
    }

    /** The last beat of an orderly stop. It names no directories: that tells it from a node that lost its volumes. */
    Heartbeat farewell() {
        return brief().setPublicUrl(publicUrl).setHasNoVolumes(true).build();
    }
}
