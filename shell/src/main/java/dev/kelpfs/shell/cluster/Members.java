package dev.kelpfs.shell.cluster;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.wire.master.ListClusterNodesRequest;
import dev.kelpfs.wire.master.ListClusterNodesResponse.ClusterNode;
import dev.kelpfs.wire.master.RaftListClusterServersRequest;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Who belongs to the cluster beside its volume servers. */
final class Members {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Members() {}

    /**
     * A process that keeps a stream to the master.
     *
     * @param createdAt when it joined, as text; empty if it did not say
     */
    record Member(String address, String version, String createdAt, String dataCenter, String rack) {
        static Member of(ClusterNode node) {
            long nanos = node.getCreatedAtNs();
            String created = nanos == 0 ? "" : Instant.ofEpochSecond(nanos / NANOS_PER_SECOND).toString();
            return new Member(node.getAddress(), node.getVersion(), created, node.getDataCenter(), node.getRack());
        }
    }

    /** @param type broker, s3 or filer */
    static List<Member> of(Masters masters, String type, String filerGroup) throws AccessException {
        ListClusterNodesRequest request =
                ListClusterNodesRequest.newBuilder().setClientType(type).setFilerGroup(filerGroup).build();
        return masters.ask("list of " + type + "s", Masters.SHORT, stub -> stub.listClusterNodes(request))
                .getClusterNodesList().stream().map(Member::of).toList();
    }

    /** All masters: those that the leader names, or if it cannot, those that were given and the leader. */
    static List<ServerAddress> masters(Masters masters) throws AccessException {
        ServerAddress leader = masters.leader();
        List<ServerAddress> found = new ArrayList<>(List.of(leader));
        try {
            masters.ask("list of masters", Masters.SHORT,
                            stub -> stub.raftListClusterServers(RaftListClusterServersRequest.getDefaultInstance()))
                    // The id has the port of HTTP in it, the address only that of gRPC.
                    .getClusterServersList().forEach(server -> add(found, server.getId()));
        } catch (AccessException failed) {
            if (failed.code() != Status.Code.UNIMPLEMENTED && failed.code() != Status.Code.UNKNOWN) throw failed;
        }
        if (found.size() == 1) masters.known().forEach(master -> add(found, master.toString()));
        return List.copyOf(found);
    }

    /** The same, and whoever was given beside them: one that waits to be taken in is no member yet. */
    static List<ServerAddress> mastersAndGiven(Masters masters) throws AccessException {
        List<ServerAddress> found = new ArrayList<>(masters(masters));
        masters.known().forEach(master -> add(found, master.toString()));
        return List.copyOf(found);
    }

    private static void add(List<ServerAddress> found, String text) {
        try {
            ServerAddress address = ServerAddress.parse(text);
            // One master goes by several names; two on one port of a host are the same.
            boolean known = found.stream().anyMatch(other -> other.isSameServer(address)
                    || other.httpPort() == address.httpPort() && (isLocal(other) || isLocal(address)));
            if (!known) found.add(address);
        } catch (IllegalArgumentException unreadable) {
            // It cannot be asked anyway.
        }
    }

    private static boolean isLocal(ServerAddress address) {
        return address.host().equals("localhost") || address.host().startsWith("127.");
    }
}
