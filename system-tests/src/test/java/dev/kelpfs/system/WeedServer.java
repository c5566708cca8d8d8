package dev.kelpfs.system;

import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ./weed server}: master and volume server in one process, which can die and come back at the same ports. */
final class WeedServer implements AutoCloseable {
    static final Duration START_LIMIT = Duration.ofSeconds(60);
    static final Duration STOP_LIMIT = Duration.ofSeconds(40);
    private static final String HOST = "127.0.0.1";

    private final TestDirectory directory;
    private final HttpFiles http;
    private final List<String> extra;
    private final PortPair masterPorts = PortPair.reserve();
    private final PortPair volumePorts = PortPair.reserve();
    private @Nullable ManagedProcess process;

    WeedServer(TestDirectory directory, HttpFiles http, String... extraArguments) {
        this.directory = directory;
        this.http = http;
        this.extra = List.of(extraArguments);
    }

    /** Starts it and waits until both of its servers are well. */
    WeedServer start() throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "server", "-ip=" + HOST, "-dir=" + data(), "-master.port=" + masterPorts.http(),
                "-volume.port=" + volumePorts.http(), "-volume.preStopSeconds=0"));
        arguments.addAll(extra);
        ManagedProcess started = ManagedProcess.start(WeedLauncher.plan("server", directory.path(), arguments));
        process = started;
        started.awaitUntil("the volume server is well", START_LIMIT, () -> http.get(volume() + "/healthz").status() == 200);
        started.awaitUntil("the master is well", START_LIMIT, () -> http.get(master() + "/cluster/healthz").status() == 200);
        return this;
    }

    ManagedProcess process() {
        if (process == null) throw new IllegalStateException("not started");
        return process;
    }

    /** Host and port of the master. */
    String master() {
        return HOST + ":" + masterPorts.http();
    }

    /** Host and port of the volume server. */
    String volume() {
        return HOST + ":" + volumePorts.http();
    }

    /** The one data directory. */
    Path data() {
        return directory.resolve("data");
    }

    @Override
    public void close() {
        if (process != null) process.close();
        masterPorts.close();
        volumePorts.close();
    }
}
