package dev.kelpfs.cli;

import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.Signals;
import dev.kelpfs.cli.command.Surroundings;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the launcher lets the JVM watch once, after a build, to make the start-up cache: a server in an empty directory that
 * takes, gives and deletes some files and stops; or the small commands. Not a sub-command; nobody else calls it.
 *
 * <p>Arguments: {@code server <empty directory>}, or {@code tools}.
 */
public final class Training {
    private static final int GRPC_DISTANCE = 10_000;
    private static final int HIGHEST_PORT = 65_535;
    private static final int PORT_TRIES = 100;

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

    private static void server(Path directory) throws Exception {
        int masterPort = freePort(0);
        int volumePort = freePort(masterPort);
        Switch signals = new Switch();
        List<String> line = List.of(
                "server", "-ip=localhost", "-dir=" + directory, "-master.port=" + masterPort, "-volume.port=" + volumePort);
        try (ExecutorService own = Executors.newSingleThreadExecutor()) {
            Future<ExitCode> run = own.submit(() -> new Weed(Commands.all(), world(signals)).run(line));
            try {
                new TrainingClient(masterPort).run();
            } finally {
                signals.stop();
                check(run);
            }
        }
    }

    /** Without the environment and the configuration files of whoever happens to build. */
    private static Surroundings world(Signals signals) {
        return Main.world(Map.of(), file -> Optional.empty(), signals);
    }

    private static void check(Future<ExitCode> run) throws InterruptedException, ExecutionException {
        ExitCode code = run.get();
        if (code != ExitCode.OK) throw new IllegalStateException("the server ended with " + code);
    }

    /** A port that is free together with its gRPC partner, and not {@code taken}. */
    private static int freePort(int taken) throws IOException {
        for (int i = 0; i < PORT_TRIES; i++) {
            try (ServerSocket first = new ServerSocket(0)) {
                int port = first.getLocalPort();
                boolean low = port > GRPC_DISTANCE && port + GRPC_DISTANCE > HIGHEST_PORT;
                int candidate = low ? port - GRPC_DISTANCE : port;
                if (candidate != taken && isFree(low ? candidate : candidate + GRPC_DISTANCE)) return candidate;
            }
        }
        throw new IOException("found no two free ports 10000 apart");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
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
