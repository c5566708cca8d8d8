package dev.kelpfs.shell.volume;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.topology.NodeView;
import dev.kelpfs.shell.topology.Topology;
import dev.kelpfs.shell.topology.VolumeRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which servers hold which volumes. Pure. */
final class Replicas {
    /** A copy of a volume on a server. */
    record Replica(long volume, ServerAddress server) {}

    private Replicas() {}

    /** The copy of a volume on the server that somebody has named. */
    static Replica on(Topology topology, String node, long volume) throws CommandException {
        Replica replica = new Replica(volume, server(topology, node));
        List<Replica> all = where(topology, row -> row.id() == volume);
        if (all.contains(replica)) return replica;
        throw new CommandException("volume " + volume + " is not on " + node + (all.isEmpty()
                ? ", nor on any other server"
                : "; it is on " + all.stream().map(each -> each.server().toString()).collect(Collectors.joining(", "))));
    }

    /** The server that is named as {@code host:port}, {@code host:port.grpcPort} or by its id. */
    private static ServerAddress server(Topology topology, String node) throws CommandException {
        return topology.nodes()
                .filter(each -> each.isNamed(node))
                .findFirst()
                .flatMap(NodeView::server)
                .orElseThrow(() -> new CommandException("the cluster has no volume server " + node + "; it has "
                        + topology.nodes().map(NodeView::id).collect(Collectors.joining(", "))));
    }

    /** All copies of the volumes of a collection. */
    static List<Replica> ofCollection(Topology topology, String collection) {
        return where(topology, volume -> volume.collection().equals(collection));
    }

    private static List<Replica> where(Topology topology, Predicate<VolumeRow> wanted) {
        List<Replica> replicas = new ArrayList<>();
        topology.nodes().forEach(node -> node.server().ifPresent(server -> node.disks().stream()
                .flatMap(disk -> disk.volumes().stream())
                .filter(wanted)
                .forEach(volume -> replicas.add(new Replica(volume.id(), server)))));
        return replicas;
    }
}
