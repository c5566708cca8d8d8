package dev.kelpfs.volume;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.http.HttpServer;
import dev.kelpfs.http.HttpServerOptions;
import dev.kelpfs.http.HttpTimeouts;
import dev.kelpfs.http.ListenAddresses;
import dev.kelpfs.http.LoopHandler;
import dev.kelpfs.http.PrometheusHandler;
import dev.kelpfs.http.RequestIds;
import dev.kelpfs.http.Routes;
import dev.kelpfs.http.WhiteList;
import dev.kelpfs.http.client.PeerClient;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import dev.kelpfs.storage.DataDirectoryOptions;
import dev.kelpfs.storage.MinFreeSpace;
import dev.kelpfs.storage.Store;
import dev.kelpfs.storage.StoreEnvironment;
import dev.kelpfs.storage.StoreOptions;
import dev.kelpfs.storage.volume.Durability;
import dev.kelpfs.volume.administration.AdministrationService;
import dev.kelpfs.volume.administration.BatchDeletes;
import dev.kelpfs.volume.administration.CallerCheck;
import dev.kelpfs.volume.administration.MasterMarks;
import dev.kelpfs.volume.administration.Pings;
import dev.kelpfs.volume.administration.ServerStatus;
import dev.kelpfs.volume.administration.VacuumCalls;
import dev.kelpfs.volume.file.FileErrors;
import dev.kelpfs.volume.file.FileRoutes;
import dev.kelpfs.volume.file.FileServices;
import dev.kelpfs.volume.guard.TokenKey;
import dev.kelpfs.volume.heartbeat.HeartbeatLoop;
import dev.kelpfs.volume.heartbeat.KnownMasters;
import dev.kelpfs.volume.heartbeat.NodeIdentity;
import dev.kelpfs.volume.heartbeat.StoreSnapshots;
import dev.kelpfs.volume.location.CachedLocations;
import dev.kelpfs.volume.location.MasterQuestions;
import dev.kelpfs.volume.location.VolumeLocations;
import dev.kelpfs.volume.manifest.PeerChunks;
import dev.kelpfs.volume.metrics.StoreGauges;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import dev.kelpfs.volume.picture.PictureWorks;
import dev.kelpfs.volume.replication.Replicas;
import dev.kelpfs.volume.status.StaticFiles;
import dev.kelpfs.volume.status.StatusRoutes;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The parts of one volume server and the one place where they are put together. What is started later is closed earlier;
 * a start that fails half-way closes what was started. Built by one thread, then only read.
 */
final class VolumeServerParts implements AutoCloseable {
    /** Pictures under work may take this part of the heap. */
    private static final int PICTURE_MEMORY_PART = 4;

    private final VolumeServerConfig config;
    private final VolumeServerEnvironment environment;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Store store;
    private final WhiteList whiteList;
    private final VolumeMetrics metrics;
    private final RequestIds requestIds;
    private final RpcChannels channels;
    private final MasterLink link;
    private final VolumeLocations locations;
    private final PeerClient peers;
    private final ServerAddress address;
    private final OptionalInt publicPort;
    private final OptionalInt metricsPort;

    private VolumeServerParts(VolumeServerConfig config, VolumeServerEnvironment environment) throws IOException {
        this.config = config;
        this.environment = environment;
        boolean complete = false;
        try {
            whiteList = WhiteList.of(config.security().whiteList());
            requestIds = new RequestIds(environment.clock(), environment.random());
            store = opened(Store.open(storeOptions(), new StoreEnvironment(
                    environment.disk(), environment.clock(), environment.ticker(), environment.random())));
            metrics = new VolumeMetrics(environment.metrics());
            StoreGauges.register(metrics, store, environment.clock().instant().getEpochSecond());
            channels = opened(new RpcChannels(environment.rpc()));
            link = new MasterLink(store, metrics);
            locations = volumeLocations();
            peers = opened(new PeerClient(environment.http(), environment.ticker()));
            opened(Housekeeping.start(store, link::volumesChanged));
            int grpcPort = opened(startRpc()).port();
            FileRoutes files = new FileRoutes(fileServices(), link::self, config.readMode());
            publicPort = startPublic(files);
            address = new ServerAddress(config.identity().ip(), opened(startAdmin(files)).port(), grpcPort);
            metricsPort = startMetrics();
            startHeartbeat();
            complete = true;
        } finally {
            if (!complete) close();
        }
    }

    static VolumeServerParts start(VolumeServerConfig config, VolumeServerEnvironment environment) throws IOException {
        return new VolumeServerParts(config, environment);
    }

    MasterLink link() {
        return link;
    }

    ServerAddress address() {
        return address;
    }

    OptionalInt publicPort() {
        return publicPort;
    }

    OptionalInt metricsPort() {
        return metricsPort;
    }

    private <T extends AutoCloseable> T opened(T part) {
        started.push(part);
        return part;
    }

    private StoreOptions storeOptions() {
        List<DataDirectoryOptions> directories = config.directories().stream()
                .map(directory -> new DataDirectoryOptions(
                        directory.path(), directory.diskType(), directory.maxVolumes(),
                        new MinFreeSpace(directory.minFree().percent(), directory.minFree().bytes()), directory.tags()))
                .toList();
        return new StoreOptions(
                directories, config.indexDirectory(), StoreOptions.DEFAULT_THREADS_PER_DISK,
                StoreOptions.DEFAULT_QUEUE_PER_DISK, config.syncsAlways() ? Durability.POWER_LOSS : Durability.PROCESS_DEATH,
                StoreOptions.DEFAULT_LOCK_WAIT);
    }

    private FileServices fileServices() {
        PeerChunks.Keys keys = new PeerChunks.Keys(key(config.security().readKey()), key(config.security().writeKey()));
        return new FileServices(
                store, whiteList, key(config.security().writeKey()), key(config.security().readKey()),
                environment.http().allocator(), config.limits().fileBytes(), config.limits().bodyMemoryBytes(),
                new FileServices.Transfers(config.limits().concurrentUploadBytes(), config.limits().uploadWait()),
                new FileServices.Transfers(config.limits().concurrentDownloadBytes(), config.limits().downloadWait()),
                locations, replicas(), peers,
                opened(new PeerChunks(
                        locations, link::self, keys, environment.clock(), environment.ticker(), environment.random())),
                opened(new PictureWorks(Runtime.getRuntime().maxMemory() / PICTURE_MEMORY_PART)), config.turnsPictures(),
                environment.clock(), environment.ticker(), environment.random(), metrics);
    }

    private Replicas replicas() {
        return new Replicas(
                peers, locations, link::self, requestIds::next, environment.random(), metrics.replication(),
                environment.ticker());
    }

    private static Optional<TokenKey> key(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new TokenKey(text));
    }

    private VolumeLocations volumeLocations() {
        if (config.masters().isEmpty()) return VolumeLocations.WITHOUT_MASTER;
        return new CachedLocations(
                new MasterQuestions(link::master, link::ownMasters, channels, environment.ticker()), environment.ticker(),
                question -> Thread.ofVirtual().name("kelp-lookup").start(question));
    }

    private RpcServer startRpc() throws IOException {
        AdministrationService service = new AdministrationService(
                store, link,
                new ServerStatus(store, config.identity().dataCenter(), config.identity().rack()),
                new Pings(link::masters, link::master, channels, environment.clock()),
                new BatchDeletes(store),
                new VacuumCalls(
                        store, config.limits().vacuumBytesPerSecond(), link::isLeaving, metrics.vacuums(), environment.ticker()),
                new MasterMarks(store, link::master, link::address, channels), locations);
        BindableService guarded = () -> ServerInterceptors.intercept(service, new CallerCheck(whiteList));
        RpcServerOptions options =
                RpcServerOptions.on(ListenAddresses.of(config.listeners().bindHost(), config.listeners().grpcPort()));
        return RpcServer.start(environment.rpc(), options, List.of(guarded), () -> requestIds.next().toString());
    }

    private OptionalInt startPublic(FileRoutes files) throws IOException {
        if (config.listeners().publicPort().isEmpty()) return OptionalInt.empty();
        Routes.Builder routes = Routes.builder().cleanPaths();
        StaticFiles.addTo(routes);
        files.addToPublicPort(routes);
        int port = config.listeners().publicPort().getAsInt();
        return OptionalInt.of(opened(startHttp(config.listeners().bindHost(), port, routes, Set.of())).port());
    }

    private HttpServer startAdmin(FileRoutes files) throws IOException {
        boolean page = config.security().writeKey().isEmpty() || config.security().statusPage();
        Routes.Builder routes = Routes.builder().cleanPaths();
        new StatusRoutes(store, link::master, link::refusal, link::isLeaving, page).addTo(routes);
        StaticFiles.addTo(routes);
        files.addToAdminPort(routes);
        return startHttp(config.listeners().bindHost(), config.listeners().adminPort(), routes, StatusRoutes.paths());
    }

    private OptionalInt startMetrics() throws IOException {
        if (config.listeners().metricsPort().isEmpty()) return OptionalInt.empty();
        Routes routes = Routes.builder()
                .get("/metrics", LoopHandler.blocking(new PrometheusHandler(environment.metrics())))
                .build();
        HttpServerOptions options = HttpServerOptions.on(
                ListenAddresses.of(config.listeners().metricsHost(), config.listeners().metricsPort().getAsInt()));
        return OptionalInt.of(opened(HttpServer.start(environment.http(), options, routes)).port());
    }

    private HttpServer startHttp(String host, int port, Routes.Builder routes, Set<String> otherPaths) throws IOException {
        List<InetSocketAddress> addresses = ListenAddresses.of(host, port);
        HttpServerOptions options = HttpServerOptions.on(addresses)
                .withAlsoOn(ListenAddresses.loopbackBeside(addresses))
                .withTimeouts(HttpTimeouts.defaults().withIdle(config.limits().idle()))
                .withErrors(new FileErrors())
                .withObserver(new AnswerHeaders(requestIds, metrics, otherPaths));
        return HttpServer.start(environment.http(), options, routes.build());
    }

    private void startHeartbeat() {
        if (config.masters().isEmpty()) return;
        Identity identity = config.identity();
        String self = identity.host() + ":" + address.httpPort();
        String publicUrl = identity.host() + ":" + publicPort.orElse(address.httpPort());
        NodeIdentity node = new NodeIdentity(
                identity.ip(), address.httpPort(), address.grpcPort(),
                identity.publicUrl().isEmpty() ? publicUrl : identity.publicUrl(),
                identity.nodeId().isEmpty() ? self : identity.nodeId(),
                identity.dataCenter(), identity.rack());
        KnownMasters known = new KnownMasters(environment.disk(), config.directories().getFirst().path());
        link.beats(self, opened(HeartbeatLoop.start(
                config.masters(), known, node, () -> StoreSnapshots.of(node, store.report()), channels, environment.ticker(), link,
                environment.fatal())));
    }

    /** Closes everything that was started; goes on after failures and throws the first. */
    @Override
    public void close() throws IOException {
        IOException first = null;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception failed) {
                IOException named = failed instanceof IOException io ? io : new IOException("a part did not close", failed);
                if (first == null) first = named;
                else first.addSuppressed(named);
            }
        }
        if (first != null) throw first;
    }
}
