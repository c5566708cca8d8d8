package dev.kelpfs.system;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.Flow;
import dev.kelpfs.testkit.net.NamedNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Three masters and three volume servers, each a process on a machine of its own, with a network between them that can fail.
 * Masters can be replaced by others; then they live on other machines. The methods are for one thread, but {@link #masterAddresses}.
 */
final class SpreadCluster implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MASTERS = 3;
    private static final int VOLUME_SERVERS = 3;
    /** Bounds how often masters are replaced. */
    private static final int MACHINES = 250;

    /** States of a volume server on the status page. */
    private static final Pattern NOT_CONNECTED = Pattern.compile("presumed|reachable|silent|that are down");

    private final TestDirectory directory;
    private final HttpFiles http;
    private final NamedNetwork network;
    private final List<Machine> masters = new CopyOnWriteArrayList<>();
    private final List<Machine> volumeServers = new ArrayList<>();
    private final String firstMaster;
    private int machinesMade;

    SpreadCluster(TestDirectory directory, HttpFiles http) throws IOException {
        this.directory = directory;
        this.http = http;
        this.network = new NamedNetwork(directory.path(), MACHINES);
        for (int i = 0; i < MASTERS; i++) masters.add(newMachine());
        firstMaster = masters.getFirst().address();
        for (int i = 0; i < VOLUME_SERVERS; i++) volumeServers.add(newMachine());
    }

    private Machine newMachine() throws IOException {
        machinesMade++;
        return new Machine(directory, network, machinesMade);
    }

    void startAll() {
        masters.forEach(this::startMaster);
        volumeServers.forEach(this::startVolumeServer);
    }

    /** Starts a master with the list of those that there are now; returns at once. */
    void startMaster(Machine master) {
        startMaster(master, addresses(masters));
    }

    private static void startMaster(Machine master, String peers) {
        master.run("master", "-mdir=" + master.data(), "-peers=" + peers);
    }

    /** Every volume server is told one master only, at all times the first one of the beginning; it has to learn the others. */
    void startVolumeServer(Machine server) {
        server.run("volume", "-dir=" + server.data(), "-max=1000", "-preStopSeconds=0", "-mserver=" + firstMaster);
    }

    /** One more master with an empty directory, which knows one of the others and waits to be added; returns at once. */
    Machine startAnother() throws IOException {
        Machine master = newMachine();
        startMaster(master, masters.getFirst().address() + "," + master.address());
        return master;
    }

    /** From now on it is one of the masters, for clients and for those that are started. */
    void added(Machine master) {
        masters.add(master);
    }

    /** It is no master any more: nobody asks it, and its process ends. */
    void removed(Machine master) {
        masters.remove(master);
        master.close();
    }

    List<Machine> masters() {
        return List.copyOf(masters);
    }

    /** Those of all masters. Any thread. */
    List<String> masterAddresses() {
        return masters.stream().map(Machine::address).toList();
    }

    List<Machine> volumeServers() {
        return List.copyOf(volumeServers);
    }

    /** All masters but one. */
    List<Machine> others(Machine master) {
        return masters.stream().filter(other -> other != master).toList();
    }

    NamedNetwork network() {
        return network;
    }

    /** What masters send to each other is treated so, in one direction or in both. */
    void between(Machine one, List<Machine> others, Flow toOthers, Flow toOne) {
        for (Machine other : others) {
            network.send(one.number(), other.number(), toOthers);
            network.send(other.number(), one.number(), toOne);
        }
    }

    /** The one of these masters that says of itself that it leads, as soon as one does. */
    Machine awaitLeader(List<Machine> of) throws InterruptedException {
        return Await.value("one of " + of + " leads", LIMIT, () -> {
            for (Machine master : of) {
                if (status(master).map(status -> status.path("IsLeader").asBoolean(false)).orElse(false)) return Optional.of(master);
            }
            return Optional.empty();
        });
    }

    Machine awaitLeader() throws InterruptedException {
        return awaitLeader(masters());
    }

    /** What a master says about the cluster; nothing if it does not answer. */
    Optional<JsonNode> status(Machine master) throws InterruptedException {
        try {
            return Optional.of(http.get(master.address() + "/cluster/status").json());
        } catch (IOException away) {
            return Optional.empty();
        }
    }

    /** Waits until this master takes part: it knows the leader and waits for nothing. */
    void awaitMember(Machine master) throws InterruptedException {
        Await.until(master + " takes part", LIMIT, () -> status(master).map(status ->
                !status.path("Leader").asString("").isEmpty() && status.path("WaitsFor").asString("").isEmpty()).orElse(false));
    }

    /** Waits until all is one again: all masters name the same leader, and it has streams from all volume servers. */
    void awaitWhole() throws InterruptedException {
        for (Machine master : masters) awaitMember(master);
        Await.until("all masters name one leader", LIMIT, () -> {
            List<String> named = new ArrayList<>();
            for (Machine master : masters) named.add(status(master).map(status -> status.path("Leader").asString("")).orElse(""));
            return named.stream().distinct().count() == 1;
        });
        for (Machine master : masters) {
            Await.until(master + " knows all volume servers by the leader", LIMIT, () -> {
                String page = http.get(master.address() + "/").text();
                return volumeServers.stream().allMatch(server -> page.contains(server.address())) && !NOT_CONNECTED.matcher(page).find();
            });
        }
    }

    /** One line in the shell, on none of the machines. */
    EndedTool shell(String line) throws IOException, InterruptedException {
        return EndedTool.run(directory, line, Map.of("KELP_JAVA_OPTS", network.javaOptionOutside()),
                "shell", "-master=" + addresses(masters));
    }

    private static String addresses(List<Machine> machines) {
        return machines.stream().map(Machine::address).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        masters.forEach(Machine::close);
        volumeServers.forEach(Machine::close);
        network.close();
    }
}
