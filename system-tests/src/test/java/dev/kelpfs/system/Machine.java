package dev.kelpfs.system;

import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.NamedNetwork;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.testkit.process.ManagedProcess;
import dev.kelpfs.testkit.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One machine of a {@link NamedNetwork} with one server on it, which can die and come back; it keeps name, ports and directory. */
final class Machine implements AutoCloseable {
    private static final String JAVA_OPTIONS = "KELP_JAVA_OPTS";

    private final TestDirectory directory;
    private final NamedNetwork network;
    private final int number;
    private final PortPair ports = PortPair.reserve();
    private @Nullable ManagedProcess process;

    Machine(TestDirectory directory, NamedNetwork network, int number) throws IOException {
        this.directory = directory;
        this.network = network;
        this.number = number;
        network.join(number, List.of(ports.http(), ports.grpc()));
    }

    int number() {
        return number;
    }

    /** Name and HTTP port: how its server is called by everybody. */
    String address() {
        return NamedNetwork.name(number) + ":" + ports.http();
    }

    /** What its server keeps lies here. */
    Path data() {
        return directory.resolve(NamedNetwork.name(number));
    }

    /** Starts its server; returns at once. @param command and flags, without name, port */
    void run(String command, String... flags) {
        List<String> arguments = new ArrayList<>(List.of(command, "-ip=" + NamedNetwork.name(number), "-port=" + ports.http()));
        arguments.addAll(List.of(flags));
        network.listening(number, true);
        process = ManagedProcess.start(WeedLauncher.plan(NamedNetwork.name(number), directory.path(), arguments)
                .withEnvironment(JAVA_OPTIONS, network.javaOption(number)));
    }

    void kill() throws InterruptedException {
        process().kill();
        network.listening(number, false);
    }

    /** SIGTERM; returns at once. */
    void askToStop() {
        process().signal(Signal.TERM);
    }

    /** Waits for the end of a server that was asked to stop. @return its exit code */
    int awaitExit() throws InterruptedException {
        int code = process().awaitExit(SpreadCluster.LIMIT);
        network.listening(number, false);
        return code;
    }

    void pause() {
        process().signal(Signal.STOP);
    }

    void goOn() {
        process().signal(Signal.CONT);
    }

    /** Takes away everything that a server that does not run has kept. */
    void wipe() throws IOException {
        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private ManagedProcess process() {
        if (process == null) throw new IllegalStateException(address() + " was not started");
        return process;
    }

    /** Ends it for ever. */
    @Override
    public void close() {
        if (process != null) process.close();
        network.leave(number);
        ports.close();
    }

    @Override
    public String toString() {
        return address();
    }
}
