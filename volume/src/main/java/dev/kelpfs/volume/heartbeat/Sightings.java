package dev.kelpfs.volume.heartbeat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.kelp.LeaderView;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What masters say of themselves: which cluster each belongs to, and what it calls itself. Only what a master says while it is
 * being watched counts; others may remember what it was before. Not safe for several threads.
 */
final class Sightings {
    private static final int MAX_NAMES = 1000;

    /** Cluster ids by HTTP address; the empty text for a master of Kelp that belongs to none yet. */
    private final Map<String, String> clusters = new HashMap<>();
    /** Names by the address at which they were asked. */
    private final Map<String, String> names = new HashMap<>();
    private final Set<String> reference = new HashSet<>();
    private final Set<String> given = new HashSet<>();

    /** @param given the masters of the command line */
    Sightings(Collection<ServerAddress> given) {
        given.forEach(master -> this.given.add(master.http()));
    }

    /** A master answered. @param self what it calls itself; empty if it does not say */
    void saw(ServerAddress asked, LeaderView view, Optional<ServerAddress> self) {
        if (clusters.size() >= MAX_NAMES) clusters.clear();
        reference.remove(asked.http());
        clusters.put(asked.http(), view.getClusterId());
        self.ifPresent(name -> {
            clusters.put(name.http(), view.getClusterId());
            names.put(asked.http(), name.http());
            if (given.contains(asked.http()) && given.size() < MAX_NAMES) given.add(name.http());
        });
    }

    /** A master does not know the question. */
    void isOfTheReference(ServerAddress asked) {
        lost(asked);
        reference.add(asked.http());
    }

    /** A master answers no more: whoever is there next may be another one. */
    void lost(ServerAddress asked) {
        clusters.remove(asked.http());
        String name = names.remove(asked.http());
        if (name != null) clusters.remove(name);
    }

    /** The cluster that a master says it belongs to; the empty text for none, nothing if it is not known. */
    Optional<String> clusterOf(ServerAddress master) {
        return Optional.ofNullable(clusters.get(master.http()));
    }

    boolean isReference(ServerAddress master) {
        return reference.contains(master.http());
    }

    /** True for a master of the command line, also by the name that it gives itself. */
    boolean isGiven(ServerAddress master) {
        return given.contains(master.http());
    }
}
