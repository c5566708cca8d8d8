package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.benchmarks.harness.Servers.Process;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.ProcessPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A master and two volume servers in one rack, each a process with default flags. */
final class CopyServers implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Path weed;
    private final TestDirectory directory;
    private final Process master;
    private final Process first;
    private final Process second;

    private CopyServers(HttpFiles http, Path weed, TestDirectory directory) throws InterruptedException {
        this.weed = weed;
        this.directory = directory;
        boolean complete = false;
        try {
            master = start("master", "-mdir=" + directory.resolve("mdir"));
            first = startVolume("first");
            second = startVolume("second");
            first.process().awaitUntil("ids with two copies can be had", START_LIMIT, () -> {
                http.assign(master.address(), 1, "&replication=001");
                return true;
            });
            complete = true;
        } finally {
            if (!complete) close();
        }
    }

    /** Starts all three and waits until a file with two copies can be stored. */
    static CopyServers start(HttpFiles http, Path weed, TestDirectory directory) throws InterruptedException {
        return new CopyServers(http, weed, directory);
    }

    Process master() {
        return master;
    }

    /** The volume server that gets the load. */
    Process first() {
        return first;
    }

    /** User and system time of both volume servers. */
    Duration volumeProcessorTime() throws IOException {
        return first.process().status().processorTime().plus(second.process().status().processorTime());
    }

    private Process startVolume(String name) {
        return start("volume", "-dir=" + directory.resolve(name), "-max=30",
                "-mserver=" + HttpFiles.hostPort(master.address()));
    }

    private Process start(String command, String... arguments) {
        PortPair ports = PortPair.reserve();
        open.push(ports);
        InetSocketAddress address = new InetSocketAddress(HOST, ports.http());
        ManagedProcess process = ManagedProcess.start(ProcessPlan.of(command + "-" + ports.http(), directory.path(),
                        List.of(weed.toString()))
                .withArguments(command, "-ip=" + HOST, "-port=" + ports.http()).withArguments(arguments));
        open.push(process);
        return new Process(process, address);
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception failed) {
                throw new IllegalStateException("a process or port could not be given back", failed);
            }
        }
    }
}
