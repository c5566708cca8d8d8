package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.cli.logging.Severity;
import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.http.HttpRuntime;
import dev.kelpfs.master.MasterConfig;
import dev.kelpfs.master.MasterEnvironment;
import dev.kelpfs.master.MasterServer;
import dev.kelpfs.master.MirrorConfig;
import dev.kelpfs.master.MirrorServer;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.volume.DataDirectory;
import dev.kelpfs.volume.VolumeServer;
import dev.kelpfs.volume.VolumeServerConfig;
import dev.kelpfs.volume.VolumeServerEnvironment;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of one process and what they share: event loops, virtual threads, metrics. What is started later is stopped
 * earlier; a failed start stops what was started before it. Used by one thread, except for {@link #fail}.
 */
final class ServingProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServingProcess.class);

    /** Cores above this number get no event loop of their own: the loops are never what is short then. */
    private static final int MAX_HTTP_LOOPS = 32;

    private static final int RPC_LOOPS = 2;

    /**
     * One thing to stop.
     *
     * @param leave has the others do without it; it serves on
     */
    private record Running(String name, AutoCloseable part, Runnable leave) {}

    private final Surroundings surroundings;
    private final String command;
    private final PrometheusRegistry metrics = new PrometheusRegistry();
    private final Deque<Running> running = new ArrayDeque<>();
    private final AtomicBoolean failed = new AtomicBoolean();
    private final FutureTask<Runtimes> runtimes;

    /** True once it was told to stop, so that a start that failed is one line. */
    private boolean served;

    /** What all servers of the process run on. */
    private record Runtimes(HttpRuntime http, RpcRuntime rpc) {}

    /**
     * Returns at once: event loops are made by another thread, while the caller reads flags and prepares directories, which
     * takes as long. What was made is closed by {@link #close}, whether or not a server was started.
     */
    ServingProcess(Surroundings surroundings, String command) {
        this.surroundings = surroundings;
        this.command = command;
        surroundings.signals().take(
                () -> LOG.warn("HUP: this release reads flags, keys and white lists at start only; restart to change them"));
        this.runtimes = new FutureTask<>(() -> {
            Runtimes made = runtimes(surroundings);
            ProcessMetrics.register(metrics, made.http());
            return made;
        });
        Thread.ofPlatform().name("kelp-start").start(runtimes);
    }

    /** Links the native calls behind the disk, the longest single step of a start, while flags and settings are read. */
    static void warmUp(Surroundings surroundings) {
        Thread.ofPlatform().name("kelp-disk-start").daemon().start(() -> surroundings.disk().get());
    }

    private static Runtimes runtimes(Surroundings surroundings) {
        ExecutorService handlers =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kelp-rpc-handler-", 0).factory());
        int httpLoops = Math.clamp(cores(), 1, MAX_HTTP_LOOPS);
        return new Runtimes(
                HttpRuntime.start(httpLoops, surroundings.clock(), surroundings.ticker()),
                RpcRuntime.start(Math.min(RPC_LOOPS, cores()), handlers));
    }

    /** The first line of a server that really starts; one whose settings are refused says only that. */
    private void announce() {
        if (!running.isEmpty()) return;
        LOG.info("weed {}: {}, Java {}, {} cores", command, KelpVersion.full(), Runtime.version(), cores());
    }

    private Runtimes awaitRuntimes() {
        try {
            return runtimes.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the event loops were made", interrupted);
        } catch (ExecutionException failedToStart) {
            throw new IllegalStateException("cannot make event loops", failedToStart.getCause());
        }
    }

    void startMaster(MasterConfig config) throws StartException {
        announce();
        Runtimes shared = awaitRuntimes();
        MasterEnvironment environment = new MasterEnvironment(
                surroundings.clock(), surroundings.ticker(), surroundings.random().get(), surroundings.disk().get(),
                shared.http(), shared.rpc(), metrics);
        try {
            MasterServer master = MasterServer.start(config, environment);
            running.push(new Running("master", master, master::leave));
            LOG.info("master {} listens on {}, HTTP port {}, gRPC port {}; state in {}", master.address(),
                    shown(config.listeners().bindHost()), master.address().httpPort(), master.address().grpcPort(),
                    config.directory());
        } catch (IOException cannot) {
            throw new StartException("cannot start the master: " + cannot.getMessage(), cannot);
        }
    }

    void startFollower(MirrorConfig config) throws StartException {
        announce();
        Runtimes shared = awaitRuntimes();
        MasterEnvironment environment = new MasterEnvironment(
                surroundings.clock(), surroundings.ticker(), surroundings.random().get(), surroundings.disk().get(),
                shared.http(), shared.rpc(), metrics);
        try {
            MirrorServer follower = MirrorServer.start(config, environment);
            running.push(new Running("master.follower", follower, () -> { }));
            LOG.info("master.follower {} listens on {}, HTTP port {}, gRPC port {}; masters {}", follower.address(),
                    shown(config.listeners().bindHost()), follower.address().httpPort(), follower.address().grpcPort(),
                    config.masters());
        } catch (IOException cannot) {
            throw new StartException("cannot start the master.follower: " + cannot.getMessage(), cannot);
        }
    }

    void startVolume(VolumeServerConfig config) throws StartException {
        announce();
        Runtimes shared = awaitRuntimes();
        VolumeServerEnvironment environment = new VolumeServerEnvironment(
                surroundings.clock(), surroundings.ticker(), surroundings.random().get(), surroundings.disk().get(),
                shared.http(), shared.rpc(), metrics, this::fail);
        try {
            VolumeServer volume = VolumeServer.start(config, environment);
            running.push(new Running("volume server", volume, volume::leave));
            List<?> directories = config.directories().stream().map(DataDirectory::path).toList();
            LOG.info("volume server {} listens on {}, HTTP port {}, gRPC port {}; volumes in {}; masters {}", volume.address(),
                    shown(config.listeners().bindHost()), volume.address().httpPort(), volume.address().grpcPort(), directories,
                    config.masters());
        } catch (IOException cannot) {
            throw new StartException("cannot start the volume server: " + cannot.getMessage(), cannot);
        }
    }

    /** Serves until the process is told to stop; {@link #close} then stops the servers. */
    ExitCode awaitStop() {
        try {
            surroundings.signals().awaitStop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        LOG.info("stopping");
        served = true;
        return failed.get() ? ExitCode.FAILED : ExitCode.OK;
    }

    /** A server found out that it must not go on. Any thread. */
    private void fail(String reason) {
        LOG.error(Severity.FATAL_MARKER, reason);
        failed.set(true);
        surroundings.signals().stop();
    }

    @Override
    public void close() {
        // A volume server serves on for some seconds after its farewell; whoever kills the process then shall find no leader in it.
        if (served) running.forEach(each -> each.leave().run());
        while (!running.isEmpty()) {
            Running last = running.pop();
            try {
                last.part().close();
            } catch (Exception failedToStop) {
                LOG.warn("the {} did not stop cleanly", last.name(), failedToStop);
            }
        }
        Runtimes shared = awaitRuntimes();
        shared.rpc().close();
        shared.http().close();
        if (served) LOG.info("stopped");
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static String shown(String bindHost) {
        return bindHost.isEmpty() ? "every address" : bindHost;
    }
}
