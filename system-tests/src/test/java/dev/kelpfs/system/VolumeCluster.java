package dev.kelpfs.system;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One master and several volume servers, each a process of its own that can die and come back at the same ports. */
final class VolumeCluster implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String HOST = "127.0.0.1";

    private final TestDirectory directory;
    private final HttpFiles http;
    private final PortPair masterPorts = PortPair.reserve();
    private final List<Server> servers = new ArrayList<>();
    private @Nullable ManagedProcess master;

    /** A volume server of the cluster. */
    final class Server {
        private final String name;
        private final String rack;
        private final PortPair ports = PortPair.reserve();
        private @Nullable ManagedProcess process;

        private Server(String name, String rack) {
            this.name = name;
            this.rack = rack;
        }

        /** Host and port, by which the master names it. */
        String address() {
            return HOST + ":" + ports.http();
        }

        Path data() {
            return directory.resolve(name);
        }

        ManagedProcess process() {
            if (process == null) throw new IllegalStateException(name + " is not started");
            return process;
        }

        /** Stops it in its tracks, and waits until the last of its threads stands. */
        void hang() throws InterruptedException {
            process().signal(Signal.STOP);
            Path tasks = Path.of("/proc", Long.toString(process().pid()), "task");
            Await.until(name + " hangs", LIMIT, () -> {
                try (Stream<Path> all = Files.list(tasks)) {
                    return all.allMatch(Server::isStopped);
                }
            });
        }

        private static boolean isStopped(Path task) {
            try {
                return Files.readString(task.resolve("status")).contains("State:\tT");
            } catch (IOException ended) {
                return true;
            }
        }

        void goOn() {
            process().signal(Signal.CONT);
        }

        /** Starts it and waits until it serves. */
        void start() throws InterruptedException {
            ManagedProcess started = ManagedProcess.start(WeedLauncher.plan(name, directory.path(), List.of(
                    "volume", "-ip=" + HOST, "-port=" + ports.http(), "-dir=" + data(), "-rack=" + rack, "-max=30",
                    "-mserver=" + master(), "-preStopSeconds=0")));
            process = started;
            started.awaitUntil(name + " serves", LIMIT, () -> http.get(address() + "/healthz").status() == 200);
        }
    }

    VolumeCluster(TestDirectory directory, HttpFiles http) {
        this.directory = directory;
        this.http = http;
    }

    void startMaster() throws InterruptedException {
        ManagedProcess started = ManagedProcess.start(WeedLauncher.plan("master", directory.path(), List.of(
                "master", "-ip=" + HOST, "-port=" + masterPorts.http(), "-mdir=" + directory.resolve("mdir"))));
        master = started;
        started.awaitUntil("the master is well", LIMIT, () -> http.get(master() + "/cluster/healthz").status() == 200);
    }

    Server startServer(String name, String rack) throws InterruptedException {
        Server server = new Server(name, rack);
        servers.add(server);
        server.start();
        return server;
    }

    String master() {
        return HOST + ":" + masterPorts.http();
    }

    ManagedProcess masterProcess() {
        if (master == null) throw new IllegalStateException("the master is not started");
        return master;
    }

    /** The server at an address. */
    Server at(String address) {
        return servers.stream().filter(server -> server.address().equals(address)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("no server at " + address));
    }

    /** Where the master says that the copies of a volume are. */
    List<String> locations(Object volume) throws IOException, InterruptedException {
        JsonNode json = http.get(master() + "/dir/lookup?volumeId=" + volume).json();
        List<String> urls = new ArrayList<>();
        json.path("locations").forEach(location -> urls.add(location.path("url").asString()));
        return urls;
    }

    /** A place to write; nothing if the master says to come again. */
    Optional<HttpFiles.Place> tryAssign(String replication) throws IOException, InterruptedException {
        return http.tryAssign(master(), "?replication=" + replication);
    }

    @Override
    public void close() {
        for (Server server : servers) {
            if (server.process != null) server.process.close();
            server.ports.close();
        }
        if (master != null) master.close();
        masterPorts.close();
    }
}
