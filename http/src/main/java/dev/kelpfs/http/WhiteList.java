package dev.kelpfs.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses and networks that may do what is guarded. An empty list admits everybody. Immutable.
 *
 * <p>Source: volume server, section 3.15; master, section 3.1. Only the address of the socket counts, no forwarding header.
 */
public final class WhiteList {
    private record Network(byte[] address, int prefixBits) {
        boolean holds(byte[] candidate) {
            if (candidate.length != address.length) return false;
            for (int bit = 0; bit < prefixBits; bit += 8) {
                int significant = Math.min(8, prefixBits - bit);
                int mask = 0xff << (8 - significant) & 0xff;
                if (((candidate[bit / 8] ^ address[bit / 8]) & mask) != 0) return false;
            }
            return true;
        }
    }

    private final List<Network> networks;

    private WhiteList(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /**
     * Reads addresses such as {@code 10.0.0.7} or {@code ::1} and networks such as {@code 10.0.0.0/8}.
     *
     * @throws IllegalArgumentException if an entry is neither; names are refused, because what they resolve to changes
     */
    public static WhiteList of(List<String> entries) {
        List<Network> networks = new ArrayList<>();
        for (String entry : entries) {
            if (!entry.isBlank()) networks.add(network(entry.strip()));
        }
        return new WhiteList(networks);
    }

    public boolean admitsAll() {
        return networks.isEmpty();
    }

    public boolean admits(InetAddress peer) {
        if (networks.isEmpty()) return true;
        byte[] candidate = peer.getAddress();
        for (Network network : networks) {
            if (network.holds(candidate)) return true;
        }
        return false;
    }

    private static Network network(String entry) {
        int slash = entry.indexOf('/');
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(slash < 0 ? entry : entry.substring(0, slash));
        } catch (IllegalArgumentException notAnAddress) {
            throw unreadable(entry, notAnAddress);
        }
        int bits = address.getAddress().length * 8;
        if (slash < 0) return new Network(address.getAddress(), bits);
        int prefix;
        try {
            prefix = Integer.parseInt(entry.substring(slash + 1));
        } catch (NumberFormatException notANumber) {
            throw unreadable(entry, notANumber);
        }
        if (prefix < 0 || prefix > bits) throw unreadable(entry, null);
        return new Network(address.getAddress(), prefix);
    }

    private static IllegalArgumentException unreadable(String entry, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "the white list takes addresses (10.0.0.7) and networks (10.0.0.0/8), got \"" + entry + "\"", cause);
    }
}
