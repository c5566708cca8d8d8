package dev.kelpfs.master.mirror;

import dev.kelpfs.client.ClientOptions;
import dev.kelpfs.client.ClusterMap;
import dev.kelpfs.client.KelpException;
import dev.kelpfs.client.Location;
import dev.kelpfs.core.CollectionName;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.master.topology.Place;
import dev.kelpfs.master.topology.VolumePlaces;
import dev.kelpfs.master.topology.Whereabouts.Found;
import dev.kelpfs.rpc.RpcChannels;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Where volumes are, as the leading master tells it, and as it is remembered when no master answers. The stream does not name
 * collections, so whether a volume belongs to one that was asked for is not compared. Safe for all threads.
 */
public final class MirroredVolumes implements AutoCloseable {
    /** As masters call those that only follow; masters of both kinds leave it out of their members. */
    private static final String KIND = "master.follower";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration ONE_QUESTION = Duration.ofSeconds(5);
    private static final int MAX_QUESTIONS = 1000;

    private final List<ServerAddress> masters;
    private final ClusterMap map;
    private final Semaphore questions = new Semaphore(MAX_QUESTIONS);

    private MirroredVolumes(List<ServerAddress> masters, ClusterMap map) {
        this.masters = masters;
        this.map = map;
    }

    /**
     * Begins to follow; returns at once, whether or not a master runs.
     *
     * @param masters one is enough, all are better
     * @param channels owned by the caller, and closed after this
     */
    public static MirroredVolumes follow(List<ServerAddress> masters, ServerAddress self, RpcChannels channels, Ticker ticker) {
        ClientOptions usual = ClientOptions.of(masters);
        ClientOptions options =
                new ClientOptions(masters, PATIENCE, ONE_QUESTION, usual.chunks(), usual.habits(), ticker);
        return new MirroredVolumes(List.copyOf(masters), ClusterMap.follow(options, KIND, self.http(), channels));
    }

    /** What is known here; never waits. */
    public Found find(VolumeId volume) {
        List<Location> servers = map.known(volume);
        return servers.isEmpty() ? new Found.Unsure("this master.follower does not know volume " + volume) : here(servers);
    }

    /** Asks the masters for volumes that are not known here; waits for a few seconds at most. */
    public Function<VolumeId, Found> ask(Set<VolumeId> volumes) {
        if (!questions.tryAcquire()) {
            Found busy = new Found.Unsure(MAX_QUESTIONS + " questions are with the masters already; try again in a moment");
            return volume -> busy;
        }
        try {
            ClusterMap.Answer answer = map.ask(volumes);
            return volume -> found(answer, volume);
        } catch (KelpException nobody) {
            Found unsure = new Found.Unsure("this master.follower does not know the volume, and no master says where it is: "
                    + nobody.getMessage() + "; try again in a moment");
            return volume -> unsure;
        } finally {
            questions.release();
        }
    }

    private static Found found(ClusterMap.Answer answer, VolumeId volume) {
        List<Location> servers = answer.found().getOrDefault(volume, List.of());
        if (!servers.isEmpty()) return here(servers);
        String away = answer.away().get(volume);
        return away == null ? new Found.Nowhere() : new Found.Away(away);
    }

    private static Found here(List<Location> servers) {
        List<Place> places = servers.stream()
                .map(server -> new Place(server.url(), server.url(), server.publicUrl(), server.grpcPort(), server.dataCenter(), ""))
                .toList();
        return new Found.Here(new VolumePlaces(CollectionName.DEFAULT, places));
    }

    /** The masters that it was told of. */
    public List<ServerAddress> masters() {
        return masters;
    }

    /** The master that it follows now. */
    public Optional<ServerAddress> leader() {
        return map.leader();
    }

    /** True once a leading master has told everything that it knew. */
    public boolean isComplete() {
        return map.isComplete();
    }

    /** How many volumes are known. */
    public int count() {
        return map.volumes();
    }

    @Override
    public void close() {
        map.close();
    }
}
