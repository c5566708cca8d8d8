package dev.kelpfs.volume;

/**
 * How a server calls itself towards masters and clients.
 *
 * @param ip advertised host; with the port it is the server's name
 * @param nodeId stable id of the node; empty takes {@code ip:port}
 * @param publicUrl advertised address for clients; empty takes {@code ip:publicPort}
 */
public record Identity(String ip, String nodeId, String publicUrl, String dataCenter, String rack) {
    public Identity {
        if (ip.isEmpty()) throw new IllegalArgumentException("a volume server needs an advertised host; give one with -ip");
        nodeId = nodeId.strip();
    }

    public static Identity of(String ip) {
        return new Identity(ip, "", "", "", "");
    }

    public Identity in(String newDataCenter, String newRack) {
        return new Identity(ip, nodeId, publicUrl, newDataCenter, newRack);
    }

    /** Advertised host as it stands before a colon and a port. */
    String host() {
        return ip.indexOf(':') >= 0 && !ip.startsWith("[") ? "[" + ip + "]" : ip;
    }
}
