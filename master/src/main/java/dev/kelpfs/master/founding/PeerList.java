package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads {@code -peers}: who the masters are, this one included. */
public final class PeerList {
    private PeerList() {}

    /**
     * All masters by address, sorted, this one among them.
     *
     * @param self how this master calls itself
     * @param given from the command line; may leave this master out
     * @param resolver the IP addresses of a host; empty if it cannot be resolved
     * @throws IllegalArgumentException if an entry is this master under another name; the message says which spelling to use
     */
    public static List<ServerAddress> of(ServerAddress self, List<ServerAddress> given, Function<String, Set<String>> resolver) {
        List<ServerAddress> all = new ArrayList<>();
        all.add(self);
        Set<String> own = resolver.apply(self.host());
        for (ServerAddress peer : given) {
            if (peer.isSameServer(self)) continue;
            boolean sameHost = peer.httpPort() == self.httpPort() && resolver.apply(peer.host()).stream().anyMatch(own::contains);
            if (sameHost) {
                throw new IllegalArgumentException("-peers names " + peer.http() + ", which is this master under another name:"
                        + " it calls itself " + self.http() + ". Write " + self.http() + " in -peers of all masters, or start this one"
                        + " with -ip=" + peer.host());
            }
            all.add(peer);
        }
        all.sort(Comparator.comparing(ServerAddress::http));
        return List.copyOf(all);
    }
}
