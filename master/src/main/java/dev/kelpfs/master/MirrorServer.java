package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.http.ErrorReplies;
import dev.kelpfs.http.HttpServer;
import dev.kelpfs.http.HttpServerOptions;
import dev.kelpfs.http.ListenAddresses;
import dev.kelpfs.http.RequestIds;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.master.guard.TokenSigner;
import dev.kelpfs.master.mirror.MirroredVolumes;
import dev.kelpfs.master.rpc.MirrorService;
import dev.kelpfs.master.web.MirrorRoutes;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running {@code master.follower}: answers lookups from what the leading master tells it. Without state, and no member of the
 * masters. Safe for all threads.
 */
public final class MirrorServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorServer.class);

    private final ServerAddress address;
    /** What to close, the last first. */
    private final Deque<AutoCloseable> opened;

    private MirrorServer(ServerAddress address, Deque<AutoCloseable> opened) {
        this.address = address;
        this.opened = opened;
    }

    /**
     * Listens, and follows the masters as soon as one of them leads.
     *
     * @throws IOException if a port cannot be bound; the message names it
     */
    public static MirrorServer start(MirrorConfig config, MasterEnvironment environment) throws IOException {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return start(config, environment, opened);
        } catch (IOException | RuntimeException failed) {
            MasterServer.closeAll(opened, failed);
            throw failed;
        }
    }

    private static MirrorServer start(MirrorConfig config, MasterEnvironment environment, Deque<AutoCloseable> opened)
            throws IOException {
        RandomGenerator random = new SharedRandom(environment.random());
        MasterListeners listeners = config.listeners();
        RpcChannels channels = new RpcChannels(environment.rpc());
        opened.push(channels);
        ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kelp-follower-", 0).factory());
        opened.push(threads::shutdownNow);
        ServerAddress wanted = new ServerAddress(
                config.ip(), MasterServer.portOrAny(listeners.httpPort()), MasterServer.portOrAny(listeners.grpcPort()));
        MirroredVolumes volumes = MirroredVolumes.follow(config.masters(), wanted, channels, environment.ticker());
        opened.push(volumes);
        MasterSecurity security = config.security();
        TokenSigner writeTokens = new TokenSigner(security.writeKey(), security.writeTokenSeconds(), environment.clock());
        TokenSigner readTokens = new TokenSigner(security.readKey(), security.readTokenSeconds(), environment.clock());
        RequestIds requestIds = new RequestIds(environment.clock(), random);
        List<InetSocketAddress> grpcAddresses = ListenAddresses.of(listeners.bindHost(), listeners.grpcPort());
        RpcServer grpc = RpcServer.start(
                environment.rpc(),
                RpcServerOptions.on(grpcAddresses).withAlsoOn(ListenAddresses.loopbackBeside(grpcAddresses)),
                List.of(new MirrorService(volumes, writeTokens, channels, environment.clock(), threads)),
                () -> requestIds.next().toString());
        opened.push(grpc);
        AtomicReference<ServerAddress> self = new AtomicReference<>(wanted);
        List<InetSocketAddress> httpAddresses = ListenAddresses.of(listeners.bindHost(), listeners.httpPort());
        HttpServer http = HttpServer.start(
                environment.http(),
                HttpServerOptions.on(httpAddresses)
                        .withAlsoOn(ListenAddresses.loopbackBeside(httpAddresses))
                        .withErrors(ErrorReplies.json())
                        .withObserver(new RequestIdHeader(requestIds)),
                MirrorRoutes.of(new MirrorRoutes.Parts(
                        self::get, volumes, writeTokens, readTokens, WhiteList.of(security.whiteList()), random::nextInt)));
        opened.push(http);
        ServerAddress bound = new ServerAddress(config.ip(), http.port(), grpc.port());
        self.set(bound);
        return new MirrorServer(bound, opened);
    }

    /** How it calls itself: its host and the ports it really listens on. */
    public ServerAddress address() {
        return address;
    }

    @Override
    public void close() {
        RuntimeException failure = new IllegalStateException("the master.follower did not stop cleanly");
        MasterServer.closeAll(opened, failure);
        for (Throwable problem : failure.getSuppressed()) LOG.warn("Something did not close cleanly", problem);
    }
}
