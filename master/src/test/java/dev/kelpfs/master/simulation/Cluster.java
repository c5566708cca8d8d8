package dev.kelpfs.master.simulation;

import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.Registry;
import dev.kelpfs.wire.kelp.RegisteredNode;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Who is who, and what is known of them by looking from outside. */
final class Cluster {
    /** The presumption for servers of ours, one ping more, and what the machine may have been busy with. */
    private static final long PRESUMED_NANOS = TimeUnit.SECONDS.toNanos(6);
    /** A server that says nothing is silent after 15 s, which is looked at every 2 s. */
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(19);
    /** A process that died says so by its connections. */
    private static final long RESET_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** So long after a fault its consequences are over. */
    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);

    final List<MasterMachine> masters;
    final List<VolumeMachine> servers = new ArrayList<>();
    private final VirtualTime time;
    private final Network network;
    private final History history;
    private final Map<String, Long> leadsSince = new HashMap<>();

    Cluster(List<MasterMachine> masters, VirtualTime time, Network network, History history) {
        this.masters = masters;
        this.time = time;
        this.network = network;
        this.history = history;
    }

    MasterMachine master(Machine machine) {
        return masters.stream().filter(master -> master.machine == machine).findAny()
                .orElseThrow(() -> new IllegalArgumentException(machine + " is no master"));
    }

    Optional<MasterMachine> leader() {
        return masters.stream().filter(MasterMachine::believesToLead).findAny();
    }

    /** The server that listens at {@code host:port}. */
    VolumeMachine server(String url) {
        return servers.stream().filter(server -> server.machine.address.http().equals(url)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("no server has the address " + url));
    }

    VolumeMachine serverNamed(String name) {
        return servers.stream().filter(server -> server.machine.name.equals(name)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("no server is named " + name));
    }

    List<VolumeMachine> holdersOf(int volume) {
        return servers.stream().filter(server -> server.store.has(volume)).toList();
    }

    static List<String> urls(AssignResponse answer) {
        List<String> urls = new ArrayList<>(List.of(answer.getLocation().getUrl()));
        answer.getReplicasList().stream().map(Location::getUrl).forEach(urls::add);
        return urls;
    }

    String names(AssignResponse answer) {
        return urls(answer).stream().map(url -> server(url).toString()).collect(Collectors.joining(", "));
    }

    void stands(Machine master, Leadership now) {
        if (now instanceof Leadership.Leading) leadsSince.put(master.name, time.nanos());
    }

    /** Nothing went wrong with it for so long that nobody can still feel it. */
    boolean isCalm(Machine machine) {
        return machine.isCalm(time.nanos(), CALM_NANOS) && network.reachesAll(machine);
    }

    /** A leader sends a writer to these servers. */
    void checkPlaces(MasterMachine master, long term, int volume, AssignResponse answer) {
        for (String url : urls(answer)) {
            VolumeMachine server = server(url);
            if (server.store.hasLost(volume)) continue;
            if (!server.store.has(volume)) {
                history.isBroken("writers are sent to volumes that exist", server + " has no volume " + volume);
            }
            if (!master.log().read(state -> isRegistered(state.registry(), volume, url))) {
                history.isBroken("a volume is written to once the registry holds it", "volume " + volume + " on " + server);
            }
            if (isLongGone(server, master.machine, leadsSince.get(master.machine.name))) {
                history.isBroken("servers that are long gone are not written to", server + " died at "
                        + server.machine.deadSinceNanos / 1_000_000 + " ms, and " + master + " leads term " + term);
            }
        }
    }

    /** The registry of a master, which leads or not, says that the server has the volume and is up. */
    boolean isRegistered(Machine master, VolumeMachine server, int volume) {
        return master(master).log().read(state -> state.registry().replica(server.machine.name, volume).isPresent()
                && state.registry().node(server.machine.name).filter(RegisteredNode::getUp).isPresent());
    }

    private static boolean isRegistered(Registry registry, int volume, String url) {
        return registry.holders(volume).stream().anyMatch(id ->
                registry.node(id).map(RegisteredNode::getAddress).filter(url::equals).isPresent());
    }

    private boolean isLongGone(VolumeMachine server, Machine master, long leaderSince) {
        if (server.machine.isUp()) return false;
        long since = Math.max(leaderSince, server.machine.deadSinceNanos);
        boolean cut = network.isCut(master, server.machine) || network.isCut(server.machine, master);
        boolean refuses = !cut && !server.machine.vanished && master.isCalm(time.nanos(), time.nanos() - since);
        if (refuses && time.nanos() - since > RESET_NANOS) return true;
        boolean wasPresumed = server.machine.deadSinceNanos < leaderSince;
        if (wasPresumed && server.isKelp) return time.nanos() - leaderSince > PRESUMED_NANOS;
        return !wasPresumed && time.nanos() - server.machine.deadSinceNanos > SILENT_NANOS;
    }
}
