package dev.kelpfs.master.simulation;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.ReplicaPlacement;
import dev.kelpfs.wire.kelp.ChangeRegistry;
import dev.kelpfs.wire.kelp.ReplicaName;
import dev.kelpfs.wire.master.Location;
import dev.kelpfs.wire.master.LookupVolumeResponse.VolumeIdLocation;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Which files clients were told to be stored, which volumes were made, and what lookups may say of them. */
final class Files {
    /** An id may have been reserved so long before a server is asked to make the volume. */
    private static final long GROWTH_NANOS = TimeUnit.SECONDS.toNanos(12);
    private static final long NEW_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** @param servers where its copies are */
    record File(int volume, long key, List<VolumeMachine> servers) {}

    /** Volumes of another cluster, and the keys in them up to the largest. */
    private record Brought(VolumeMachine server, int firstVolume, int lastVolume, long largestKey) {}

    private record Made(AllocateVolumeRequest request, Set<VolumeMachine> servers) {}

    private final VirtualTime time;
    private final History history;
    private final Cluster cluster;
    private final List<File> acknowledged = new ArrayList<>();
    private final Map<Integer, Made> made = new HashMap<>();
    private @Nullable Brought brought;
    /** When a leader was first seen to know of them; 0 for never. */
    private long broughtSinceNanos;
    private long highestReserved;
    /** Volumes with files that were acknowledged, and since when. */
    private final Map<Integer, Long> written = new HashMap<>();

    Files(VirtualTime time, History history, Cluster cluster) {
        this.time = time;
        this.history = history;
        this.cluster = cluster;
    }

    /** A server is asked to make a volume. */
    void allocated(VolumeMachine server, AllocateVolumeRequest request) {
        int volume = request.getVolumeId();
        history.note(server + " makes volume " + volume + " " + request.getReplication() + " " + request.getCollection());
        Made known = made.computeIfAbsent(volume, id -> new Made(request, new HashSet<>()));
        Brought foreign = brought;
        if (foreign != null) {
            boolean late = broughtSinceNanos > 0 && time.nanos() - broughtSinceNanos > GROWTH_NANOS;
            boolean clashes = late ? volume <= foreign.lastVolume : volume >= foreign.firstVolume && volume <= foreign.lastVolume;
            if (clashes) history.isBroken("volume ids go on above those that a server brought along", server + " shall make " + volume);
        }
        int copies = ReplicaPlacement.parse(request.getReplication()).copies();
        boolean same = known.request.equals(request) && known.servers.add(server) && known.servers.size() <= copies;
        if (!same || server.store.has(volume)) {
            history.isBroken("a volume id is one volume", server + " shall make volume " + volume + ", which " + known.servers + " have");
        }
    }

    /** All masters have keys up to this one reserved. */
    void reserved(long key) {
        highestReserved = Math.max(highestReserved, key);
    }

    /** The registry learns of volumes, and forgets others. */
    void registered(ChangeRegistry change) {
        Brought foreign = brought;
        boolean isNew = foreign != null
                && change.getReplicasList().stream().anyMatch(replica -> replica.getNodeId().equals(foreign.server.machine.name));
        if (isNew && highestReserved < foreign.largestKey) {
            history.isBroken("volumes that a server brought along are registered once keys go on above those in them",
                    "keys are reserved up to " + highestReserved + ", and " + foreign.server + " brought " + foreign.largestKey);
        }
        for (ReplicaName replica : change.getRemovedReplicasList()) {
            VolumeMachine server = cluster.serverNamed(replica.getNodeId());
            if (server.store.has(replica.getVolumeId())) {
                history.isBroken("the registry lets a volume go only when its server has it no more",
                        "volume " + replica.getVolumeId() + " of " + server);
            }
        }
    }

    /** A server joins that brings volumes along. */
    void brought(VolumeMachine server, int firstVolume, int lastVolume) {
        history.note(server + " brings volumes " + firstVolume + " to " + lastVolume + ", keys to " + server.store.largestKey());
        brought = new Brought(server, firstVolume, lastVolume, server.store.largestKey());
    }

    /** A leader gives out keys from this one on. */
    void issued(Machine leader, int volume, long firstKey) {
        Brought known = brought;
        if (known == null || !cluster.isRegistered(leader, known.server, known.lastVolume)) return;
        if (broughtSinceNanos == 0) broughtSinceNanos = time.nanos();
        if (volume < known.firstVolume || volume > known.lastVolume || firstKey > known.largestKey) return;
        history.isBroken("keys go on above those that a server brought along", leader + " gives out " + firstKey + " of volume "
                + volume + ", and " + known.server + " brought " + known.largestKey);
    }

    /** A client was told that all copies are stored. */
    void acknowledged(FileId id, List<VolumeMachine> servers) {
        acknowledged.add(new File(id.volume().bits(), id.key().bits(), servers));
        written.putIfAbsent(id.volume().bits(), time.nanos());
    }

    int count() {
        return acknowledged.size();
    }

    File any(RandomGenerator random) {
        return acknowledged.get(random.nextInt(acknowledged.size()));
    }

    List<File> all() {
        return acknowledged;
    }

    /** All volumes that were ever made or brought along. */
    Set<Integer> volumes() {
        Set<Integer> volumes = new TreeSet<>(made.keySet());
        volumes.addAll(written.keySet());
        if (brought != null) volumes.add(brought.lastVolume);
        return volumes;
    }

    /**
     * The servers that a master must name for a volume with files: its registry says that they are up, and nothing went wrong
     * with them, nor with it, for a while. That the registry says so soon enough is checked in the end.
     */
    Set<VolumeMachine> certain(Machine master, int volume) {
        Set<VolumeMachine> certain = new HashSet<>();
        Long since = written.get(volume);
        boolean isNew = since == null || time.nanos() - since < NEW_NANOS;
        // A follower may know one copy of a new volume some milliseconds before the other.
        if (isNew || !cluster.isCalm(master)) return certain;
        // Those of the reference come back to a new leader when it suits them.
        cluster.holdersOf(volume).stream().filter(server -> server.isKelp && cluster.isCalm(server.machine))
                .filter(server -> cluster.isRegistered(master, server, volume)).forEach(certain::add);
        return certain;
    }

    /** @param certain those that the master should have named when it was asked */
    void lookedUp(Machine master, int volume, VolumeIdLocation entry, Set<VolumeMachine> certain) {
        // Also while its servers are down: a registry forgets no volume that a server may bring back.
        if (written.containsKey(volume) && entry.getError().contains("not found")) {
            history.isBroken("a volume with files is not \"not found\"", master + " says \"" + entry.getError() + "\"");
        }
        List<String> urls = entry.getLocationsList().stream().map(Location::getUrl).toList();
        Set<VolumeMachine> stillCertain = certain(master, volume);
        certain.stream().filter(stillCertain::contains).filter(server -> !urls.contains(server.machine.address.http())).findAny()
                .ifPresent(server -> history.isBroken("no lookup loses a server that nothing happened to",
                        master + " names " + urls + " for " + volume + ", without " + server + "; " + entry.getError()));
        for (Location location : entry.getLocationsList()) {
            VolumeMachine server = cluster.server(location.getUrl());
            if (written.containsKey(volume) && !server.store.has(volume)) {
                history.isBroken("lookups name servers that have the volume", master + " names " + server + " for " + volume);
            }
        }
    }

    /** A live server was asked for a file. */
    void read(File file, VolumeMachine server, boolean found) {
        if (!found) history.isBroken("what was acknowledged is read back", server + " does not have " + file);
    }
}
