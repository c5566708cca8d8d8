package dev.kelpfs.volume.location;

import dev.kelpfs.core.ServerAddress;

/**
 * A server that has a copy of a volume.
 *
 * @param address for other servers: HTTP of the admin port, and gRPC
 * @param publicUrl {@code host:port} for clients
 */
public record Holder(ServerAddress address, String publicUrl, String dataCenter) {
    /** {@code host:port} by which servers are told apart. */
    public String url() {
        return address.http();
    }
}
