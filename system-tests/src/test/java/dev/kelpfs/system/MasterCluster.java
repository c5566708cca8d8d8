package dev.kelpfs.system;

import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Three masters and three volume servers on one machine: three {@code weed server} that share a list of masters. */
final class MasterCluster implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SIZE = 3;

    private final TestDirectory directory;
    private final HttpFiles http;
    private final List<PortPair> masterPorts = new ArrayList<>();
    private final List<PortPair> volumePorts = new ArrayList<>();
    private final List<Optional<ManagedProcess>> processes = new ArrayList<>();

    MasterCluster(TestDirectory directory, HttpFiles http) {
        this.directory = directory;
        this.http = http;
        for (int i = 0; i < SIZE; i++) {
            masterPorts.add(PortPair.reserve());
            volumePorts.add(PortPair.reserve());
            processes.add(Optional.empty());
        }
    }

    /** Starts one; returns at once. */
    void start(int index) {
        String peers = masterPorts.stream().map(ports -> "localhost:" + ports.http()).collect(Collectors.joining(","));
        processes.set(index, Optional.of(ManagedProcess.start(WeedLauncher.plan("server" + index, directory.path(), List.of(
                "server", "-master.ip=localhost", "-master.port=" + masterPorts.get(index).http(), "-dir=./" + index,
                "-volume.port=" + volumePorts.get(index).http(), "-master.peers=" + peers, "-volume.preStopSeconds=0")))));
    }

    void startAll() {
        for (int i = 0; i < SIZE; i++) start(i);
    }

    ManagedProcess process(int index) {
        return processes.get(index).orElseThrow();
    }

    /** Host and port of a master. */
    String master(int index) {
        return "localhost:" + masterPorts.get(index).http();
    }

    String volume(int index) {
        return "localhost:" + volumePorts.get(index).http();
    }

    int size() {
        return SIZE;
    }

    /** The master that says of itself that it leads; nothing if none of those asked does. */
    Optional<Integer> leader() throws InterruptedException {
        for (int i = 0; i < SIZE; i++) {
            try {
                JsonNode status = http.get(master(i) + "/cluster/status").json();
                if (status.path("IsLeader").asBoolean(false)) return Optional.of(i);
            } catch (IOException away) {
                continue;
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        processes.forEach(process -> process.ifPresent(ManagedProcess::close));
        masterPorts.forEach(PortPair::close);
        volumePorts.forEach(PortPair::close);
    }
}
