package dev.kelpfs.cli;

import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Signals;
import dev.kelpfs.cli.command.Surroundings;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the launcher lets the JVM watch once, after a build, to make the start-up cache: servers in empty directories, first one
 * master and then three, that take, give and delete some files and stop; or the small commands. Not a sub-command; nobody else calls it.
 *
 * <p>Arguments: {@code server <empty directory>}, or {@code tools}.
 */
public final class Training {
    private static final int GRPC_DISTANCE = 10_000;
    private static final int HIGHEST_PORT = 65_535;
    private static final int PORT_TRIES = 100;
    private static final int MASTERS = 3;

    private Training() {}

    public static void main(String[] arguments) throws Exception {
        boolean known = arguments.length == 2 && arguments[0].equals("server")
                || arguments.length == 1 && arguments[0].equals("tools");
        if (!known) throw new IllegalArgumentException("expected: server <empty directory>, or: tools");
        if (arguments[0].equals("server")) {
            server(Path.of(arguments[1]));
        } else {
            tools();
        }
        System.exit(ExitCode.OK.number());
    }

    private static void tools() {
        Surroundings world = world(new ProcessSignals());
        for (List<String> line : List.of(List.of("version"), List.of("help"), List.of("server", "-h"), List.of("serve"))) {
            new Weed(Commands.all(), world).run(line);
        }
    }

    /** First a master on its own with a volume server, then three masters: what coordinates them is code of its own. */
    private static void server(Path directory) throws Exception {
        List<Integer> ports = freePorts(MASTERS + 1);
        int volumePort = ports.getLast();
        List<Integer> masters = ports.subList(0, MASTERS);
        String single = directory.resolve("single").toString();
        Running alone = new Running(server(single, masters.getFirst(), volumePort));
        try {
            new TrainingClient(masters.getFirst()).run();
        } finally {
            alone.stop();
        }
        String peers = "-%speers=" + masters.stream().map(port -> "localhost:" + port).collect(Collectors.joining(","));
        List<Running> members = new ArrayList<>();
        try {
            for (int port : masters) {
                String own = directory.resolve("m" + port).toString();
                List<String> line = port == masters.getFirst()
                        ? with(server(own, port, volumePort), peers.formatted("master."))
                        : List.of("master", "-ip=localhost", "-mdir=" + own, "-port=" + port, peers.formatted(""));
                members.add(new Running(line));
            }
            for (int port : masters) new TrainingClient(port).run();
        } finally {
            // One by one, so that leadership moves on while there is a majority.
            for (Running member : members) member.stop();
        }
    }

    private static List<String> server(String directory, int masterPort, int volumePort) {
        return List.of(
                "server", "-ip=localhost", "-dir=" + directory, "-master.port=" + masterPort, "-volume.port=" + volumePort,
                "-volume.preStopSeconds=0");
    }

    private static List<String> with(List<String> line, String more) {
        return Stream.concat(line.stream(), Stream.of(more)).toList();
    }

    /** Without the environment and the configuration files of whoever happens to build. */
    private static Surroundings world(Signals signals) {
        return Main.world(Map.of(), file -> Optional.empty(), signals);
    }

    /** Ports that are free together with their gRPC partners. */
    private static List<Integer> freePorts(int count) throws IOException {
        Set<Integer> found = new LinkedHashSet<>();
        for (int i = 0; i < PORT_TRIES && found.size() < count; i++) {
            try (ServerSocket first = new ServerSocket(0)) {
                int port = first.getLocalPort();
                boolean low = port > GRPC_DISTANCE && port + GRPC_DISTANCE > HIGHEST_PORT;
                int candidate = low ? port - GRPC_DISTANCE : port;
                if (isFree(low ? candidate : candidate + GRPC_DISTANCE)) found.add(candidate);
            }
        }
        if (found.size() < count) throw new IOException("found no " + count + " ports that are free with the one 10000 above");
        return List.copyOf(found);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** A server in this process, until it is stopped. */
    private static final class Running {
        private final Switch signals = new Switch();
        private final ExecutorService own = Executors.newSingleThreadExecutor();
        private final Future<ExitCode> run;

        Running(List<String> line) {
            run = own.submit(() -> new Weed(Commands.all(), world(signals)).run(line));
            own.shutdown();
        }

        void stop() throws InterruptedException, ExecutionException {
            signals.stop();
            ExitCode code = run.get();
            if (code != ExitCode.OK) throw new IllegalStateException("the server ended with " + code);
        }
    }

    /** Signals that only this program sends. */
    private static final class Switch implements Signals {
        private final CountDownLatch stopping = new CountDownLatch(1);

        @Override
        public void take(Runnable reload) {
            // INT and TERM end a training at once; nothing of it is worth keeping.
        }

        @Override
        public void stop() {
            stopping.countDown();
        }

        @Override
        public void awaitStop() throws InterruptedException {
            stopping.await();
        }
    }
}
