package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.http.HttpRuntime;
import dev.kelpfs.master.raft.RaftSettings.ElectionTimeout;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.wire.kelp.FailedWrite;
import dev.kelpfs.wire.kelp.Introduction;
import dev.kelpfs.wire.kelp.MastersGrpc;
import dev.kelpfs.wire.master.SeaweedGrpc;
import dev.kelpfs.wire.master.SeaweedGrpc.SeaweedBlockingStub;
import io.grpc.ManagedChannel;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** Three masters in this JVM, on real ports and real directories, and clients of them. */
final class ThreeMasters implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String HOST = "127.0.0.1";

    private final TestDirectory directory;
    private final ElectionTimeout election;
    private final Ticker ticker = Ticker.system();
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    final RpcRuntime rpc = RpcRuntime.start(2, handlers);
    private final HttpRuntime http = HttpRuntime.start(1, InstantSource.system(), ticker);
    private final RpcChannels channels = new RpcChannels(rpc);
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<PortPair> ports = new ArrayList<>();
    private final List<@Nullable MasterServer> masters = new ArrayList<>();
    private final boolean[] bootstrap = new boolean[3];
    /** Seconds by which the wall clock of each master is ahead. */
    private final AtomicLongArray clockErrors = new AtomicLongArray(3);

    ThreeMasters(TestDirectory directory) {
        this(directory, ElectionTimeout.DEFAULT);
    }

    ThreeMasters(TestDirectory directory, ElectionTimeout election) {
        this.directory = directory;
        this.election = election;
        for (int i = 0; i < 3; i++) {
            ports.add(PortPair.reserve());
            masters.add(null);
        }
    }

    ServerAddress address(int index) {
        return new ServerAddress(HOST, ports.get(index).http(), ports.get(index).grpc());
    }

    /** Starts one that is told of all three; returns when it listens. @param generation another one is another, empty directory */
    void start(int index, int generation) throws IOException {
        start(index, generation, 0, 1, 2);
    }

    /** The same with another list of masters; none for a single one. */
    void start(int index, int generation, int... peers) throws IOException {
        startOn(RealDisk.create(), index, generation, peers);
    }

    /** The same on a disk of the caller's. */
    void startOn(Disk disk, int index, int generation, int... peers) throws IOException {
        MasterListeners listeners = new MasterListeners(
                HOST, ports.get(index).http(), ports.get(index).grpc(), HOST, OptionalInt.empty(), true);
        MasterConfig config = MasterConfig.defaults(HOST, directoryOf(index, generation))
                .withListeners(listeners)
                .withVolumes(1024, false)
                .withPeers(new Peers(Arrays.stream(peers).mapToObj(this::address).toList(), election, bootstrap[index]));
        InstantSource clock = () -> InstantSource.system().instant().plusSeconds(clockErrors.get(index));
        masters.set(index, MasterServer.start(config, new MasterEnvironment(
                clock, ticker, new SecureRandom(), disk, http, rpc, new PrometheusRegistry())));
    }

    /** From its next start on a master is told that a majority is enough to found a cluster, or not. */
    void setBootstrap(int index, boolean value) {
        bootstrap[index] = value;
    }

    /** From now on the wall clock of a master is wrong by so much. */
    void setClockWrong(int index, Duration by) {
        clockErrors.set(index, by.toSeconds());
    }

    /** What it is given as its directory. */
    Path directoryOf(int index, int generation) {
        return directory.resolve(index + "-" + generation);
    }

    /** Where it keeps its state. */
    Path stateOf(int index, int generation) {
        return directoryOf(index, generation).resolve("m" + ports.get(index).http()).resolve("kelp");
    }

    void stop(int index) {
        MasterServer master = masters.get(index);
        masters.set(index, null);
        if (master != null) master.close();
    }

    /** The one that says that it leads. */
    int leader() throws InterruptedException {
        return Await.value("a master leads", LIMIT, () -> {
            for (int i = 0; i < masters.size(); i++) {
                if (masters.get(i) != null && get(i, "/cluster/status").body().contains("\"IsLeader\":true")) return Optional.of(i);
            }
            return Optional.empty();
        });
    }

    /** Connects a volume server to whoever leads; as real ones do, to the next one if leadership moves meanwhile. @return whom */
    int connectToLeader(FakeVolumeServer server) throws InterruptedException {
        return Await.value("a leader takes the volume server", LIMIT, () -> {
            int index = leader();
            return server.isTakenBy(address(index)) ? Optional.of(index) : Optional.empty();
        });
    }

    SeaweedBlockingStub grpc(int index) {
        return SeaweedGrpc.newBlockingStub(channels.to(address(index)));
    }

    /** As a client does that could not write to a server; or as a master that passes that on. */
    void reportFailedWrite(int index, String url, boolean forwarded) {
        MastersGrpc.newBlockingStub(channels.to(address(index)))
                .reportFailedWrite(FailedWrite.newBuilder().setServer(url).setForwarded(forwarded).build());
    }

    ManagedChannel channel(int index) {
        return channels.to(address(index));
    }

    /** The cluster that it says it belongs to. */
    String clusterId(int index) {
        return MastersGrpc.newBlockingStub(channels.to(address(index))).introduce(Introduction.getDefaultInstance()).getClusterId();
    }

    HttpResponse<String> get(int index, String target) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + address(index).http() + target)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(int index, String target) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create("http://" + address(index).http() + target))
                .POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        for (int i = 0; i < masters.size(); i++) stop(i);
        ports.forEach(PortPair::close);
        channels.close();
        client.close();
        http.close();
        rpc.close();
        handlers.shutdownNow();
    }
}
