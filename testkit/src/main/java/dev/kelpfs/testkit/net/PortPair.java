package dev.kelpfs.testkit.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Two free ports in the distance that every server of the system expects: HTTP at {@code p}, gRPC at
 * {@code p + 10000}. Both lie below the range from which the kernel takes the ports of outgoing connections, and locked
 * files keep them away from other tests, also of other processes, until {@link #close()}.
 */
public final class PortPair implements AutoCloseable {
    private static final int FIRST = 10_000;
    private static final int LAST = 22_000;
    private static final int DISTANCE = 10_000;
    private static final int TRIES = 2_000;

    private final int http;
    private final PortLock httpLock;
    private final PortLock grpcLock;

    private PortPair(int http, PortLock httpLock, PortLock grpcLock) {
        this.http = http;
        this.httpLock = httpLock;
        this.grpcLock = grpcLock;
    }

    /**
     * Reserves a pair that is free on all addresses of this machine right now.
     *
     * @throws IllegalStateException if none was found
     */
    public static PortPair reserve() {
        Path locks = PortLock.sharedDirectory();
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < TRIES; i++) {
            Optional<PortPair> pair = tryReserve(locks, FIRST + random.nextInt(LAST - FIRST + 1));
            if (pair.isPresent()) return pair.get();
        }
        throw new IllegalStateException("no free pair of ports in " + FIRST + "-" + LAST + " after " + TRIES
                + " tries; is " + locks + " writable for this user?");
    }

    static Optional<PortPair> tryReserve(Path locks, int http) {
        Optional<PortLock> httpLock = PortLock.tryTake(locks, http);
        if (httpLock.isEmpty()) return Optional.empty();
        Optional<PortLock> grpcLock = PortLock.tryTake(locks, http + DISTANCE);
        if (grpcLock.isPresent() && isFree(http) && isFree(http + DISTANCE)) {
            return Optional.of(new PortPair(http, httpLock.get(), grpcLock.get()));
        }
        grpcLock.ifPresent(PortLock::close);
        httpLock.get().close();
        return Optional.empty();
    }

    /** Port for HTTP. */
    public int http() {
        return http;
    }

    /** Port for gRPC: {@link #http()} + 10000. */
    public int grpc() {
        return http + DISTANCE;
    }

    /** Lets others have the ports; whoever listens on them should have stopped. */
    @Override
    public void close() {
        grpcLock.close();
        httpLock.close();
    }

    @Override
    public String toString() {
        return http + "/" + grpc();
    }

    /** The wildcard address clashes with a listener on any address; IPv6 is asked separately, as it may be bound alone. */
    private static boolean isFree(int port) {
        try {
            return canBind("0.0.0.0", port) && (!hasIpv6() || canBind("::1", port));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("numeric addresses always resolve", impossible);
        }
    }

    private static boolean hasIpv6() throws UnknownHostException {
        return canBind("::1", 0);
    }

    private static boolean canBind(String address, int port) throws UnknownHostException {
        InetSocketAddress socketAddress = new InetSocketAddress(InetAddress.getByName(address), port);
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(socketAddress);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
