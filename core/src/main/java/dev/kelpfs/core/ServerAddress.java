package dev.kelpfs.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Address of a server: host, HTTP port and gRPC port. Text is {@code host:port} when the gRPC port is the HTTP port
 * plus 10000, else {@code host:port.grpcPort}; an IPv6 host stands in brackets. Two addresses name the same server when
 * {@link #http()} is equal.
 *
 * <p>Source: master, section 1.
 *
 * @param host without brackets
 */
public record ServerAddress(String host, int httpPort, int grpcPort) {
    /** What lies between a server's HTTP port and its gRPC port unless the address says otherwise. */
    public static final int GRPC_PORT_DISTANCE = 10_000;

    private static final int MAX_PORT = 65_535;

    public ServerAddress {
        if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
        if (host.isEmpty()) throw new IllegalArgumentException("a server address needs a host");
        checkPort(httpPort, "port");
        checkPort(grpcPort, "gRPC port");
    }

    /** Address whose gRPC port follows the rule. */
    public static ServerAddress of(String host, int httpPort) {
        return new ServerAddress(host, httpPort, httpPort + GRPC_PORT_DISTANCE);
    }

    /**
     * Parses {@code host:port}, {@code host:port.grpcPort}, and the same with {@code [ipv6]}.
     *
     * @throws IllegalArgumentException if there is no port, a port is no number of 1 to 65535, or an IPv6 host has no
     *     brackets
     */
    public static ServerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new IllegalArgumentException("a server address looks like host:port, got \"" + text + "\"");
        }
        String host = text.substring(0, colon);
        if (host.indexOf(':') >= 0 && !(host.startsWith("[") && host.endsWith("]"))) {
            throw new IllegalArgumentException("an IPv6 address needs brackets, as in [::1]:8080, got \"" + text + "\"");
        }
        String ports = text.substring(colon + 1);
        int dot = ports.lastIndexOf('.');
        if (dot < 0) return of(host, port(ports, text));
        return new ServerAddress(host, port(ports.substring(0, dot), text), port(ports.substring(dot + 1), text));
    }

    /** Parses a comma separated list; blanks around items and empty items are skipped. */
    public static List<ServerAddress> parseList(String text) {
        List<ServerAddress> addresses = new ArrayList<>();
        for (String item : text.split(",")) {
            if (!item.isBlank()) addresses.add(parse(item.strip()));
        }
        return List.copyOf(addresses);
    }

    /** {@code host:port} of the HTTP listener; what servers are compared by. */
    public String http() {
        return bracketed() + ":" + httpPort;
    }

    /** {@code host:port} of the gRPC listener. */
    public String grpc() {
        return bracketed() + ":" + grpcPort;
    }

    /** {@code host:port.grpcPort}, always with both ports: how a master names itself. */
    public String withBothPorts() {
        return http() + "." + grpcPort;
    }

    public boolean isSameServer(ServerAddress other) {
        return httpPort == other.httpPort && host.equals(other.host);
    }

    /** The shortest text that {@link #parse} reads back. */
    @Override
    public String toString() {
        return grpcPort == httpPort + GRPC_PORT_DISTANCE ? http() : withBothPorts();
    }

    private String bracketed() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static int port(String digits, String whole) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("\"" + digits + "\" is no port in the address \"" + whole + "\"", notANumber);
        }
    }

    private static void checkPort(int port, String what) {
        if (port < 1 || port > MAX_PORT) throw new IllegalArgumentException(what + " must be 1 to 65535, got " + port);
    }
}
