package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.http.ErrorReplies;
import dev.kelpfs.http.HttpServer;
import dev.kelpfs.http.HttpServerOptions;
import dev.kelpfs.http.ListenAddresses;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.PrometheusHandler;
import dev.kelpfs.http.RequestIds;
import dev.kelpfs.http.Routes;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.master.assign.Dice;
import dev.kelpfs.master.founding.Identity;
import dev.kelpfs.master.founding.PeerList;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.metrics.MasterMetrics;
import dev.kelpfs.master.rpc.SeaweedService;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.master.web.FileRelay;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running master: the one place where its parts are wired together. Safe for all threads. */
public final class MasterServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterServer.class);

    private static final Duration LONG_ELECTION = Duration.ofSeconds(2);

    private final ServerAddress address;
    private final Masters masters;
    /** What to close, the last first. */
    private final Deque<AutoCloseable> opened;

    private MasterServer(ServerAddress address, Masters masters, Deque<AutoCloseable> opened) {
        this.masters = masters;
        this.address = address;
        this.opened = opened;
    }

    /**
     * Opens the state and listens. A single master leads then; one of several looks for the others and leads if they elect it.
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
        Path ofPort = config.directory().resolve("m" + listeners.httpPort());
        Path directory = ofPort.resolve("kelp");
        List<ServerAddress> peers = peers(wanted, config.peers());
        if (peers.size() % 2 == 0) {
            LOG.warn("{} masters bear the loss of {}, as {} would: the last one costs and brings nothing. Three or five are usual",
                    peers.size(), peers.size() / 2 - 1, peers.size() - 1);
        }
        if (config.peers().election().shortest().compareTo(LONG_ELECTION) > 0) {
            LOG.warn("-electionTimeout={} means that writes stop for {} to {} s when the leader dies",
                    config.peers().election().shortest(), config.peers().election().shortest().toSeconds(),
                    config.peers().election().longest().toSeconds() + 1);
        }
        RpcChannels channels = new RpcChannels(environment.rpc());
        opened.push(channels);
        ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kelp-master-", 0).factory());
        opened.push(threads::shutdownNow);
        boolean alone = peers.size() == 1 && !Identity.belongs(environment.disk(), directory);
        Consensus.Setting setting = new Consensus.Setting(
                config, environment, directory, wanted, peers, random, channels, threads);
        Masters masters = alone ? SingleMaster.open(setting) : Consensus.open(setting);
        opened.push(masters);
        FileRelay relay = new FileRelay(threads, random);
        opened.push(relay);
        LeaderTerm.Shared shared = new LeaderTerm.Shared(
                config, environment.clock(), environment.ticker(), masters.log(), masters::members,
                masters::waitsFor, random, new Dice(random), channels,
                relay,
                new MasterMetrics(environment.metrics(), environment.clock().instant()), threads,
                new TokenSigner(config.security().writeKey(), config.security().writeTokenSeconds(), environment.clock()),
                new TokenSigner(config.security().readKey(), config.security().readTokenSeconds(), environment.clock()),
                WhiteList.of(config.security().whiteList()));
        MasterDoors doors = new MasterDoors(shared, masters, wanted);
        opened.push(doors.forward());
        ServerAddress bound = listen(shared, environment, masters, doors, opened);
        LOG.info("Master {} {}; HTTP on port {}, gRPC on port {}, state in {}",
                bound.http(), alone ? "of cluster " + masters.log().read(MasterState::clusterId) + " leads" : "is one of " + peers,
                bound.httpPort(), bound.grpcPort(), directory);
        return new MasterServer(bound, masters, opened);
    }

    private static ServerAddress listen(
            LeaderTerm.Shared shared, MasterEnvironment environment, Masters masters, MasterDoors doors, Deque<AutoCloseable> opened)
            throws IOException {
        MasterListeners listeners = shared.config().listeners();
        RequestIds requestIds = new RequestIds(environment.clock(), shared.random());
        doors.start();
        opened.push(doors.terms());
        opened.push(doors.leaderStreams());
        List<InetSocketAddress> grpcAddresses = ListenAddresses.of(listeners.bindHost(), listeners.grpcPort());
        RpcServer grpc = RpcServer.start(
                environment.rpc(),
                RpcServerOptions.on(grpcAddresses)
                        .withAlsoOn(ListenAddresses.loopbackBeside(grpcAddresses))
                        .withNonBlocking(SeaweedService.NON_BLOCKING),
                doors.services(),
                () -> requestIds.next().toString());
        opened.push(grpc);
        List<InetSocketAddress> httpAddresses = ListenAddresses.of(listeners.bindHost(), listeners.httpPort());
        HttpServer http = HttpServer.start(
                environment.http(),
                HttpServerOptions.on(httpAddresses)
                        .withAlsoOn(ListenAddresses.loopbackBeside(httpAddresses))
                        .withErrors(ErrorReplies.json())
                        .withObserver(new RequestIdHeader(requestIds)),
                doors.http());
        opened.push(http);
        if (listeners.metricsPort().isPresent()) {
            opened.push(metricsServer(environment, listeners.metricsHost(), listeners.metricsPort().getAsInt()));
        }
        ServerAddress bound = new ServerAddress(shared.config().ip(), http.port(), grpc.port());
        doors.listensOn(bound);
        masters.start();
        // Streams end before the listeners drain, so that nobody waits for them; and before that somebody else leads.
        opened.push(doors.leaderStreams());
        opened.push(doors.terms());
        opened.push(masters::handOver);
        return bound;
    }

    private static List<ServerAddress> peers(ServerAddress self, Peers peers) throws IOException {
        try {
            return PeerList.of(self, peers.named(), MasterServer::resolve);
        } catch (IllegalArgumentException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
    }

    private static Set<String> resolve(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).map(InetAddress::getHostAddress).collect(Collectors.toSet());
        } catch (UnknownHostException notYet) {
            return Set.of();
        }
    }

    private static HttpServer metricsServer(MasterEnvironment environment, String host, int port) throws IOException {
        Routes routes = Routes.builder()
                .get("/metrics", LoopHandler.blocking(new PrometheusHandler(environment.metrics())))
                .build();
        return HttpServer.start(environment.http(), HttpServerOptions.on(ListenAddresses.of(host, port)), routes);
    }

    /** An address has real ports; a free one to be found is only known later. */
    static int portOrAny(int port) {
        return port == 0 ? 1 : port;
    }

    /** How the master calls itself: advertised host and the ports it really listens on. */
    public ServerAddress address() {
        return address;
    }

    /** Lets another master lead if there is one; goes on otherwise, until {@link #close}. Takes a moment. */
    public void leave() {
        masters.handOver();
    }

    /** Lets another master lead if there is one, ends the streams, answers what is under way, closes the state. */
    @Override
    public void close() {
        LOG.info("Master {} stops", address.http());
        RuntimeException failure = new IllegalStateException("the master did not stop cleanly");
        closeAll(opened, failure);
        for (Throwable problem : failure.getSuppressed()) LOG.warn("Something did not close cleanly", problem);
    }

    static void closeAll(Deque<AutoCloseable> opened, Exception reason) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failed) {
                reason.addSuppressed(failed);
            }
        }
    }
}
