package dev.kelpfs.client;

/**
 * A volume server that holds a volume.
 *
 * @param url {@code host:port} by which servers reach it
 * @param publicUrl {@code host:port} by which clients outside reach it; the same as {@code url} unless set otherwise
 * @param grpcPort port of its gRPC interface, on the host of {@code url}
 * @param dataCenter empty if unknown
 */
public record Location(String url, String publicUrl, int grpcPort, String dataCenter) {
    static Location of(dev.kelpfs.wire.master.Location wire) {
        String publicUrl = wire.getPublicUrl().isEmpty() ? wire.getUrl() : wire.getPublicUrl();
        return new Location(wire.getUrl(), publicUrl, wire.getGrpcPort(), wire.getDataCenter());
    }
}
