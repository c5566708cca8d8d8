package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.http.ErrorReplies;
import dev.kelpfs.http.ExchangeObserver;
import dev.kelpfs.http.HttpServer;
import dev.kelpfs.http.HttpServerOptions;
import dev.kelpfs.http.ListenAddresses;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.PrometheusHandler;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.RequestIds;
import dev.kelpfs.http.Routes;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.guard.WhiteList;
import dev.kelpfs.master.metrics.MasterMetrics;
import dev.kelpfs.master.rpc.Administration;
import dev.kelpfs.master.rpc.Answers;
import dev.kelpfs.master.rpc.Listings;
import dev.kelpfs.master.rpc.Pings;
import dev.kelpfs.master.rpc.SeaweedService;
import dev.kelpfs.master.state.LocalLog;
import dev.kelpfs.master.web.FileRelay;
import dev.kelpfs.master.web.MasterRoutes;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import dev.kelpfs.wire.master.GetMasterConfigurationResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running master: the one place where its parts are wired together. Safe for all threads. */
public final class MasterServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterServer.class);

    private final ServerAddress address;
    /** What to close, the last first. */
    private final Deque<AutoCloseable> opened;

    private MasterServer(ServerAddress address, Deque<AutoCloseable> opened) {
        this.address = address;
        this.opened = opened;
    }

    /**
     * Opens the state, listens, and leads.
     *
     * @throws IOException if the state cannot be read or is in use, or a port cannot be bound; the message names it
     */
    public static MasterServer start(MasterConfig config, MasterEnvironment environment) throws IOException {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return start(config, environment, opened);
        } catch (IOException | RuntimeException failed) {
            closeAll(opened, failed);
            throw failed;
        }
    }

    private static MasterServer start(MasterConfig config, MasterEnvironment environment, Deque<AutoCloseable> opened)
            throws IOException {
        RandomGenerator random = new SharedRandom(environment.random());
        MasterListeners listeners = config.listeners();
        ServerAddress wanted = new ServerAddress(
                config.ip(), portOrAny(listeners.httpPort()), portOrAny(listeners.grpcPort()));
        WhiteList whiteList = WhiteList.of(config.security().whiteList());
        MasterMetrics metrics = new MasterMetrics(environment.metrics(), environment.clock().instant());

        Path ofPort = config.directory().resolve("m" + listeners.httpPort());
        Path directory = ofPort.resolve("kelp");
        LocalLog log = LocalLog.open(environment.disk(), directory, environment.ticker(), "master " + wanted.http());
        opened.push(log);
        boolean founded = Founding.found(log, environment.disk(), ofPort, random);
        RpcChannels channels = new RpcChannels(environment.rpc());
        opened.push(channels);
        ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kelp-master-", 0).factory());
        opened.push(threads::shutdownNow);
        Brain brain = new Brain(config, environment, log, founded, wanted, random, channels, metrics, threads);
        opened.push(brain);
        metrics.watch(brain.standing::leads, brain.topology::layouts);
        brain.start();

        RequestIds requestIds = new RequestIds(environment.clock(), random);
        TokenSigner writeTokens = new TokenSigner(
                config.security().writeKey(), config.security().writeTokenSeconds(), environment.clock());
        List<InetSocketAddress> grpcAddresses = ListenAddresses.of(listeners.bindHost(), listeners.grpcPort());
        RpcServer grpc = RpcServer.start(
                environment.rpc(),
                RpcServerOptions.on(grpcAddresses)
                        .withAlsoOn(ListenAddresses.loopbackBeside(grpcAddresses))
                        .withNonBlocking(SeaweedService.NON_BLOCKING),
                List.of(service(config, environment, brain, channels, writeTokens, threads)),
                () -> requestIds.next().toString());
        opened.push(grpc);
        List<InetSocketAddress> httpAddresses = ListenAddresses.of(listeners.bindHost(), listeners.httpPort());
        FileRelay relay = new FileRelay(threads, random);
        opened.push(relay);
        HttpServer http = HttpServer.start(
                environment.http(),
                HttpServerOptions.on(httpAddresses)
                        .withAlsoOn(ListenAddresses.loopbackBeside(httpAddresses))
                        .withErrors(ErrorReplies.json())
                        .withObserver(new RequestIdHeader(requestIds)),
                routes(config, environment, brain, relay, writeTokens, whiteList, threads));
        opened.push(http);
        if (listeners.metricsPort().isPresent()) {
            opened.push(metricsServer(environment, listeners.metricsHost(), listeners.metricsPort().getAsInt()));
        }
        ServerAddress bound = new ServerAddress(config.ip(), http.port(), grpc.port());
        brain.standing.listensOn(bound);
        // Streams end before the listeners drain, so that nobody waits for them.
        opened.push(brain);
        LOG.info("Master {} of cluster {} leads; HTTP on port {}, gRPC on port {}, state in {}",
                bound.http(), brain.standing.clusterId(), bound.httpPort(), bound.grpcPort(), directory);
        return new MasterServer(bound, opened);
    }

    private static SeaweedService service(
            MasterConfig config, MasterEnvironment environment, Brain brain, RpcChannels channels, TokenSigner writeTokens,
            ExecutorService threads) {
        GetMasterConfigurationResponse configuration = GetMasterConfigurationResponse.newBuilder()
                .setMetricsAddress(config.pushGateway().address())
                .setMetricsIntervalSeconds(config.pushGateway().intervalSeconds())
                .setDefaultReplication(config.defaultReplication().toString())
                .setVolumeSizeLimitMB(config.volumeSizeLimitMib())
                .setVolumePreallocate(config.preallocateVolumes())
                .setMaintenanceScripts(config.maintenance().scripts())
                .setMaintenanceSleepMinutes(config.maintenance().sleepMinutes())
                .build();
        return new SeaweedService(new SeaweedService.Parts(
                brain.assigner, brain.defaults, brain.grower,
                new Answers(brain.standing, brain.topology, writeTokens), brain.heartbeats, brain.watchers,
                new Listings(brain.topology, config.volumeSizeLimitBytes(), config.defaultReplication()),
                new Administration(brain.topology, brain.collections, brain.vacuumer, brain.autoVacuumSwitch, brain.locks),
                new Pings(brain.standing, brain.topology, brain.watchers.members(), channels, environment.clock()),
                configuration, threads));
    }

    private static Routes routes(
            MasterConfig config, MasterEnvironment environment, Brain brain, FileRelay relay, TokenSigner writeTokens,
            WhiteList whiteList, ExecutorService threads) {
        TokenSigner readTokens = new TokenSigner(
                config.security().readKey(), config.security().readTokenSeconds(), environment.clock());
        return MasterRoutes.of(new MasterRoutes.Parts(
                brain.standing, brain.topology, brain.assigner, brain.grower, brain.collections, brain.vacuumer, relay, brain.defaults,
                writeTokens, readTokens, whiteList, environment.ticker(), brain.dice::below, config.volumeSizeLimitMib(),
                config.maintenance().garbageThreshold(), threads, config.listeners().api()));
    }

    private static HttpServer metricsServer(MasterEnvironment environment, String host, int port) throws IOException {
        Routes routes = Routes.builder()
                .get("/metrics", LoopHandler.blocking(new PrometheusHandler(environment.metrics())))
                .build();
        return HttpServer.start(environment.http(), HttpServerOptions.on(ListenAddresses.of(host, port)), routes);
    }

    /** An address has real ports; a free one to be found is only known later. */
    private static int portOrAny(int port) {
        return port == 0 ? 1 : port;
    }

    /** How the master calls itself: advertised host and the ports it really listens on. */
    public ServerAddress address() {
        return address;
    }

    /** Ends the streams, answers what is under way, closes the state. */
    @Override
    public void close() {
        LOG.info("Master {} stops", address.http());
        RuntimeException failure = new IllegalStateException("the master did not stop cleanly");
        closeAll(opened, failure);
        for (Throwable problem : failure.getSuppressed()) LOG.warn("Something did not close cleanly", problem);
    }

    private static void closeAll(Deque<AutoCloseable> opened, Exception reason) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failed) {
                reason.addSuppressed(failed);
            }
        }
    }

    /** Every answer carries a request id, but those of the cluster's state. */
    private record RequestIdHeader(RequestIds ids) implements ExchangeObserver {
        @Override
        public void replying(Request request, Reply reply) {
            if (!request.path().startsWith("/cluster/")) reply.header(RequestIds.HEADER, ids.next());
        }
    }
}
