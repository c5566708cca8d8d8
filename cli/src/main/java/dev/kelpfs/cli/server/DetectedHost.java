package dev.kelpfs.cli.server;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/**
 * The address that a server gives itself when none is set: the first IPv4 address of an interface that is up and no
 * loopback, else an IPv6 address that is not link-local, else {@code localhost}. Source: command line, section 6.
 */
public final class DetectedHost {
    private DetectedHost() {}

    /** Looks at the interfaces of this machine. */
    public static String find() {
        List<InetAddress> addresses = new ArrayList<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                if (each.isUp()) each.inetAddresses().forEach(addresses::add);
            }
        } catch (SocketException unreadable) {
            return of(List.of());
        }
        return of(addresses);
    }

    static String of(List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            if (address instanceof Inet4Address && !address.isLoopbackAddress()) return address.getHostAddress();
        }
        for (InetAddress address : addresses) {
            boolean global = !address.isLoopbackAddress() && !address.isLinkLocalAddress();
            if (address instanceof Inet6Address && global) return withoutZone(address.getHostAddress());
        }
        return "localhost";
    }

    private static String withoutZone(String address) {
        int percent = address.indexOf('%');
        return percent < 0 ? address : address.substring(0, percent);
    }
}
