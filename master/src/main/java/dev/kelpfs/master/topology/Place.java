package dev.kelpfs.master.topology;

/**
 * A server where a volume can be found.
 *
 * @param nodeId names the server; unique
 * @param url {@code host:port} of its HTTP listener
 * @param publicUrl what clients outside are told
 */
public record Place(String nodeId, String url, String publicUrl, int grpcPort, String dataCenter, String rack) {}
