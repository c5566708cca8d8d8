package dev.kelpfs.rpc;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/**
 * What a gRPC server is told at its start.
 *
 * @param addresses where to listen; with port 0 in the first, all listen on the port that it was given
 * @param alsoOn addresses that are a convenience: one that is taken is logged and does without; port 0 as above
 * @param nonBlockingMethods full names such as {@code master_pb.Seaweed/Assign} whose handlers never wait for
 *     anything; they run on the event loop
 */
public record RpcServerOptions(
        List<InetSocketAddress> addresses, List<InetSocketAddress> alsoOn, Set<String> nonBlockingMethods) {
    public RpcServerOptions {
        addresses = List.copyOf(addresses);
        alsoOn = List.copyOf(alsoOn);
        nonBlockingMethods = Set.copyOf(nonBlockingMethods);
        if (addresses.isEmpty()) throw new IllegalArgumentException("a server needs an address to listen on");
    }

    public static RpcServerOptions on(List<InetSocketAddress> addresses) {
        return new RpcServerOptions(addresses, List.of(), Set.of());
    }

    /** The same with handlers that may run on the event loop. */
    public RpcServerOptions withNonBlocking(Set<String> methods) {
        return new RpcServerOptions(addresses, alsoOn, methods);
    }

    public RpcServerOptions withAlsoOn(List<InetSocketAddress> changed) {
        return new RpcServerOptions(addresses, changed, nonBlockingMethods);
    }
}
