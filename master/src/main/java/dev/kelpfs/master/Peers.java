package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.raft.RaftSettings.ElectionTimeout;
import java.util.List;

/**
 * Which masters there are, and how they choose a leader.
 *
 * @param named by {@code -peers}, possibly this one too; empty for a cluster of one
 * @param election when masters think that the leader is gone
 * @param bootstrap a new cluster is founded by a majority of those named; without meaning for a master that has a cluster
 */
public record Peers(List<ServerAddress> named, ElectionTimeout election, boolean bootstrap) {
    /** A cluster of one. */
    public static final Peers NONE = new Peers(List.of(), ElectionTimeout.DEFAULT, false);

    public Peers {
        named = List.copyOf(named);
    }

    public static Peers of(List<ServerAddress> named) {
        return new Peers(named, ElectionTimeout.DEFAULT, false);
    }
}
