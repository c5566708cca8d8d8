package dev.kelpfs.system;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Three masters and three volume servers on one machine: three {@code weed server} that share a list of masters. More masters,
 * without volume servers, can come.
 */
final class MasterCluster implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int FOUNDERS = 3;

    private final TestDirectory directory;
    private final HttpFiles http;
    private final int preStopSeconds;
    private final List<PortPair> masterPorts = new CopyOnWriteArrayList<>();
    private final List<PortPair> volumePorts = new ArrayList<>();
    private final List<Optional<ManagedProcess>> processes = new ArrayList<>();

    MasterCluster(TestDirectory directory, HttpFiles http) {
        this(directory, http, 0);
    }

    /** @param preStopSeconds how long volume servers serve on after they were told to stop */
    MasterCluster(TestDirectory directory, HttpFiles http, int preStopSeconds) {
        this.preStopSeconds = preStopSeconds;
        this.directory = directory;
        this.http = http;
        for (int i = 0; i < FOUNDERS; i++) {
            masterPorts.add(PortPair.reserve());
            volumePorts.add(PortPair.reserve());
            processes.add(Optional.empty());
        }
    }

    /** Starts one; returns at once. */
    void start(int index) {
        String peers = masterPorts.stream().limit(FOUNDERS).map(ports -> "localhost:" + ports.http()).collect(Collectors.joining(","));
        processes.set(index, Optional.of(ManagedProcess.start(WeedLauncher.plan("server" + index, directory.path(), List.of(
                "server", "-master.ip=localhost", "-master.port=" + masterPorts.get(index).http(), "-dir=./" + index,
                "-volume.port=" + volumePorts.get(index).http(), "-master.peers=" + peers, "-volume.preStopSeconds=" + preStopSeconds)))));
    }

    void startAll() {
        for (int i = 0; i < FOUNDERS; i++) start(i);
    }

    ManagedProcess process(int index) {
        return processes.get(index).orElseThrow();
    }

    /** Host and port of a master. */
    String master(int index) {
        return "localhost:" + masterPorts.get(index).http();
    }

    /** Those of all masters. Any thread. */
    List<String> masters() {
        return masterPorts.stream().map(ports -> "localhost:" + ports.http()).toList();
    }

    String volume(int index) {
        return "localhost:" + volumePorts.get(index).http();
    }

    /** Number of masters. */
    int size() {
        return masterPorts.size();
    }

    /** Starts one more master with an empty directory, which knows the first one; returns its index at once. */
    int startAnother() {
        int index = masterPorts.size();
        masterPorts.add(PortPair.reserve());
        processes.add(Optional.of(ManagedProcess.start(WeedLauncher.plan("master" + index, directory.path(), List.of(
                "master", "-ip=localhost", "-port=" + masterPorts.get(index).http(), "-mdir=./" + index,
                "-peers=" + master(0) + "," + master(index))))));
        return index;
    }

    /** Takes away all that a master that does not run has kept; the volumes beside it stay. */
    void wipe(int index) throws IOException {
        Path state = directory.resolve(index + "/m" + masterPorts.get(index).http());
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    /** The master that says of itself that it leads; nothing if none of those asked does. */
    Optional<Integer> leader() throws InterruptedException {
        for (int i = 0; i < size(); i++) {
            try {
                JsonNode status = http.get(master(i) + "/cluster/status").json();
                if (status.path("IsLeader").asBoolean(false)) return Optional.of(i);
            } catch (IOException away) {
                continue;
            }
        }
        return Optional.empty();
    }

    /** The master that leads, as soon as one does. */
    int awaitLeader() throws InterruptedException {
        return Await.value("a master leads", LIMIT, this::leader);
    }

    @Override
    public void close() {
        processes.forEach(process -> process.ifPresent(ManagedProcess::close));
        masterPorts.forEach(PortPair::close);
        volumePorts.forEach(PortPair::close);
    }
}
