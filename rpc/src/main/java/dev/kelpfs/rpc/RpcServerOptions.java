package dev.kelpfs.rpc;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/**
 * What a gRPC server is told at its start.
 *
 * @param addresses where to listen; with port 0 in the first, all listen on the port that it was given
 * @param nonBlockingMethods full names such as {@code master_pb.Seaweed/Assign} whose handlers never wait for
 *     anything; they run on the event loop
 */
public record RpcServerOptions(List<InetSocketAddress> addresses, Set<String> nonBlockingMethods) {
    public RpcServerOptions {
        addresses = List.copyOf(addresses);
        nonBlockingMethods = Set.copyOf(nonBlockingMethods);
        if (addresses.isEmpty()) throw new IllegalArgumentException("a server needs an address to listen on");
    }

    public static RpcServerOptions on(List<InetSocketAddress> addresses) {
        return new RpcServerOptions(addresses, Set.of());
    }

    /** The same with handlers that may run on the event loop. */
    public RpcServerOptions withNonBlocking(Set<String> methods) {
        return new RpcServerOptions(addresses, methods);
    }
}
