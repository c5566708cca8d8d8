package dev.kelpfs.client;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.wire.master.KeepConnectedRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where all volumes of a cluster are, for servers that answer look-ups by themselves: kept by a stream of the master that
 * leads, and kept on when no master can be reached. What it does not know may have come a moment ago, so the masters are
 * asked before anybody says that it does not exist. Safe for all threads.
 *
 * <p>Source: master, sections 4.2 and 10.2.
 */
public final class ClusterMap implements AutoCloseable {
    private final LocationMap map = new LocationMap(KelpClient.MOST_FOLLOWED_VOLUMES);
    private final MasterFollower follower;
    private final MasterCalls masters;

    /**
     * What the masters say of volumes; one that they do not know is in neither map.
     *
     * @param found the servers of a volume, at least one each
     * @param away why a volume that exists can be reached nowhere now
     */
    public record Answer(Map<VolumeId, List<Location>> found, Map<VolumeId, String> away) {
        public Answer {
            found = Map.copyOf(found);
            away = Map.copyOf(away);
        }
    }

    private ClusterMap(ClientOptions options, String kind, String self, RpcChannels channels) {
        KeepConnectedRequest hello = KeepConnectedRequest.newBuilder().setClientType(kind).setClientAddress(self).build();
        this.follower = new MasterFollower(options.masters(), channels, map, hello, options.ticker());
        this.masters = new MasterCalls(options, channels, follower);
    }

    /**
     * Begins to follow; returns at once, whether or not a master runs.
     *
     * @param kind what the follower calls itself at the masters; a kind that they do not count among their members
     * @param self {@code host:port} of the follower
     * @param channels owned by the caller, and closed after this
     */
    public static ClusterMap follow(ClientOptions options, String kind, String self, RpcChannels channels) {
        ClusterMap made = new ClusterMap(options, kind, self, channels);
        made.follower.start();
        return made;
    }

    /** The servers of a volume as far as known here; never waits. */
    public List<Location> known(VolumeId volume) {
        return map.find(volume);
    }

    /**
     * Asks the masters; waits.
     *
     * @throws KelpException if none of them answered within the patience of the options
     */
    public Answer ask(Collection<VolumeId> volumes) throws KelpException {
        MasterCalls.Places places = masters.locateAll(volumes);
        return new Answer(places.found(), places.away());
    }

    /** True once a leading master has told everything that it knew; stays so when the masters are gone. */
    public boolean isComplete() {
        return follower.isComplete();
    }

    /** The master that is followed now. */
    public Optional<ServerAddress> leader() {
        return follower.leader();
    }

    /** How many volumes are known, erasure coded ones included. */
    public int volumes() {
        return map.size();
    }

    @Override
    public void close() {
        follower.close();
        masters.close();
    }
}
