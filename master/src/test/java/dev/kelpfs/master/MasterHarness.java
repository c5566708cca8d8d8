package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.http.HttpRuntime;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.kelp.FailedWrite;
import dev.kelpfs.wire.kelp.MastersGrpc;
import dev.kelpfs.wire.master.DiskInfo;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.SeaweedGrpc.SeaweedBlockingStub;
import dev.kelpfs.wire.master.VolumeListRequest;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A master on real ports over a disk in memory, fake volume servers beside it, and clients. */
final class MasterHarness implements AutoCloseable {
    private final AtomicLong skippedNanos = new AtomicLong();
    private final Ticker system = Ticker.system();
    private final Ticker ticker = () -> system.nanos() + skippedNanos.get();
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    final RpcRuntime rpc = RpcRuntime.start(1, handlers);
    private final HttpRuntime http = HttpRuntime.start(1, InstantSource.system(), ticker);
    private final RpcChannels channels = new RpcChannels(rpc);
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<FakeVolumeServer> servers = new ArrayList<>();
    private final Disk disk;
    private final UnaryOperator<MasterConfig> settings;
    MasterServer master;

    MasterHarness() throws IOException {
        this(new MemoryDisk(), config -> config);
    }

    MasterHarness(Disk disk, UnaryOperator<MasterConfig> settings) throws IOException {
        this.disk = disk;
        this.settings = settings;
        this.master = startMaster();
    }

    private MasterServer startMaster() throws IOException {
        MasterConfig config = MasterConfig.defaults("127.0.0.1", Path.of("/mdir"))
                .withListeners(MasterListeners.anywhere("127.0.0.1"))
                .withVolumes(1024, false);
        return MasterServer.start(settings.apply(config), new MasterEnvironment(
                InstantSource.system(), ticker, new SecureRandom(), disk, http, rpc, new PrometheusRegistry()));
    }

    /** Stops the master and starts one on the same state. */
    void restart() throws IOException {
        master.close();
        master = startMaster();
    }

    /** Has the master believe that so much more time went by. */
    void skip(Duration time) {
        skippedNanos.addAndGet(time.toNanos());
    }

    ServerAddress address() {
        return master.address();
    }

    /** Adds a server that is not connected yet. */
    FakeVolumeServer server(String id, String dataCenter, String rack, int slots) throws IOException {
        FakeVolumeServer server = new FakeVolumeServer(rpc, id, dataCenter, rack, slots);
        servers.add(server);
        return server;
    }

    FakeVolumeServer connected(String id, String rack, int slots) throws IOException, InterruptedException {
        FakeVolumeServer server = server(id, "dc1", rack, slots);
        server.join(address());
        return server;
    }

    SeaweedBlockingStub grpc() {
        return SeaweedGrpc.newBlockingStub(channels.to(address()));
    }

    /** As a client does that could not write to a server. */
    void reportFailedWrite(String url) {
        MastersGrpc.newBlockingStub(channels.to(address())).reportFailedWrite(FailedWrite.newBuilder().setServer(url).build());
    }

    SeaweedGrpc.SeaweedStub asyncGrpc() {
        return SeaweedGrpc.newStub(channels.to(address()));
    }

    /** Waits until the master counts so many copies of volumes; the servers have each of them a moment before it does. */
    void awaitCopies(long expected) throws Exception {
        Await.until("the master knows " + expected + " copies", Duration.ofSeconds(60), () -> grpc()
                .volumeList(VolumeListRequest.getDefaultInstance()).getTopologyInfo().getDiskInfosMap().values().stream()
                .mapToLong(DiskInfo::getVolumeCount).sum() == expected);
    }

    HttpResponse<String> get(String target) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(target)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> postForm(String target, String form) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(target))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    URI uri(String target) {
        return URI.create("http://" + address().http() + target);
    }

    @Override
    public void close() {
        master.close();
        servers.forEach(FakeVolumeServer::close);
        channels.close();
        client.close();
        http.close();
        rpc.close();
        handlers.shutdownNow();
    }
}
