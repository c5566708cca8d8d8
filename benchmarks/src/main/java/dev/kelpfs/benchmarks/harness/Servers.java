package dev.kelpfs.benchmarks.harness;

import dev.kelpfs.benchmarks.ceiling.CeilingServer;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.ProcessPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** The processes under load: ceiling, master and volume server, each by itself, with default flags and memory limits. */
final class Servers implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Pattern CEILING_READY = Pattern.compile("^ceiling ready on");

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final HttpFiles http;
    private final Path weed;
    private final TestDirectory directory;
    private final Process ceiling;
    private final Process master;
    private final Process volume;

    /** A process and the address of its HTTP. */
    record Process(ManagedProcess process, InetSocketAddress address) {}

    private Servers(HttpFiles http, Path weed, TestDirectory directory) throws InterruptedException {
        this.http = http;
        this.weed = weed;
        this.directory = directory;
        try {
            ceiling = startCeiling();
            master = startMaster();
            volume = startVolume();
        } catch (RuntimeException | InterruptedException | AssertionError failed) {
            close();
            throw failed;
        }
    }

    /** Starts all three and waits until a file id can be had. */
    static Servers start(HttpFiles http, Path weed, TestDirectory directory) throws InterruptedException {
        return new Servers(http, weed, directory);
    }

    Process ceiling() {
        return ceiling;
    }

    Process master() {
        return master;
    }

    Process volume() {
        return volume;
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

    private Process startCeiling() throws InterruptedException {
        InetSocketAddress address = reserve();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The collector of the volume server, so that the two differ in their work only.
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseParallelGC", "-Xmx256m", "-cp", System.getProperty("java.class.path"),
                CeilingServer.class.getName(), HOST, Integer.toString(address.getPort())));
        ManagedProcess process = run(ProcessPlan.of("ceiling", directory.path(), command));
        process.awaitLine(CEILING_READY, START_LIMIT);
        return new Process(process, address);
    }

    private Process startMaster() throws InterruptedException {
        InetSocketAddress address = reserve();
        ManagedProcess process = run(weed("master").withArguments(
                "master", "-ip=" + HOST, "-port=" + address.getPort(), "-mdir=" + directory.resolve("mdir")));
        process.awaitUntil("the master listens", START_LIMIT, () -> canConnect(address));
        return new Process(process, address);
    }

    private Process startVolume() throws InterruptedException {
        InetSocketAddress address = reserve();
        ManagedProcess process = run(weed("volume").withArguments(
                "volume", "-ip=" + HOST, "-port=" + address.getPort(), "-dir=" + directory.resolve("data"),
                "-mserver=" + HttpFiles.hostPort(master.address())));
        process.awaitUntil("a file id can be had", START_LIMIT, () -> {
            http.assign(master.address(), 1);
            return true;
        });
        return new Process(process, address);
    }

    private ProcessPlan weed(String name) {
        return ProcessPlan.of(name, directory.path(), List.of(weed.toString()));
    }

    private InetSocketAddress reserve() {
        PortPair ports = PortPair.reserve();
        open.push(ports);
        return new InetSocketAddress(HOST, ports.http());
    }

    private ManagedProcess run(ProcessPlan plan) {
        ManagedProcess process = ManagedProcess.start(plan);
        open.push(process);
        return process;
    }

    private static boolean canConnect(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        }
    }
}
