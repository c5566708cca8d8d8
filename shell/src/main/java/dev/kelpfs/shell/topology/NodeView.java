package dev.kelpfs.shell.topology;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.master.DataNodeInfo;
import java.util.List;
import java.util.Optional;

/**
 * A volume server.
 *
 * @param address {@code host:port}, with the gRPC port behind a dot if it is not 10000 above
 */
public record NodeView(String id, String address, List<DiskUsage> usage, List<DiskView> disks, Sums sums) {
    public NodeView {
        usage = List.copyOf(usage);
        disks = List.copyOf(disks);
    }

    static NodeView of(DataNodeInfo node, VolumeFilter filter) {
        List<DiskView> disks = DiskView.of(node, filter).stream().filter(disk -> filter.isOff() || !disk.isEmpty()).toList();
        String text = node.getAddress().isEmpty() ? node.getId() : node.getAddress();
        return new NodeView(node.getId(), address(text, node.getGrpcPort()), DiskUsage.of(node.getDiskInfosMap()), disks,
                Sums.of(disks.stream().map(DiskView::sums)));
    }

    private static String address(String text, int grpcPort) {
        try {
            ServerAddress parsed = ServerAddress.parse(text);
            return grpcPort == 0 ? parsed.toString() : new ServerAddress(parsed.host(), parsed.httpPort(), grpcPort).toString();
        } catch (IllegalArgumentException unreadable) {
            return text;
        }
    }

    /** True if somebody means this server: by its id, or by its address with or without the gRPC port. */
    public boolean isNamed(String name) {
        return name.equals(id) || parsed(name).filter(wanted -> server().filter(wanted::isSameServer).isPresent()).isPresent();
    }

    /** Where it is reached; empty if the master knows no address that can be read. */
    public Optional<ServerAddress> server() {
        return parsed(address);
    }

    private static Optional<ServerAddress> parsed(String text) {
        try {
            return Optional.of(ServerAddress.parse(text));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
