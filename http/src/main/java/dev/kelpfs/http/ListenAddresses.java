package dev.kelpfs.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Where a server called by a name has to listen: on all addresses that the name means, so that every client finds it. */
public final class ListenAddresses {
    private ListenAddresses() {}

    /**
     * All addresses of {@code host}, IPv4 first; the wildcard address for the empty text, {@code 0.0.0.0} and {@code ::}.
     *
     * @param host a name or a literal address, IPv6 with or without brackets
     * @param port 0 lets the system choose
     * @throws UnknownHostException if the name means nothing; the message names it
     */
    public static List<InetSocketAddress> of(String host, int port) throws UnknownHostException {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (bare.isEmpty()) return List.of(new InetSocketAddress(port));
        InetAddress[] found;
        try {
            found = InetAddress.getAllByName(bare);
        } catch (UnknownHostException unknown) {
            UnknownHostException named = new UnknownHostException(
                    "cannot listen on \"" + bare + "\": the name is not known on this machine; choose another -ip or -ip.bind");
            named.initCause(unknown);
            throw named;
        }
        return Arrays.stream(found)
                .distinct()
                .sorted((a, b) -> Integer.compare(a.getAddress().length, b.getAddress().length))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    /** This machine's own address, for tools that run on it, unless one of {@code addresses} reaches it already. */
    public static List<InetSocketAddress> loopbackBeside(List<InetSocketAddress> addresses) {
        boolean reachable = addresses.stream().map(InetSocketAddress::getAddress)
                .anyMatch(ip -> ip.isAnyLocalAddress() || ip.isLoopbackAddress());
        return reachable
                ? List.of() : List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), addresses.get(0).getPort()));
    }
}
