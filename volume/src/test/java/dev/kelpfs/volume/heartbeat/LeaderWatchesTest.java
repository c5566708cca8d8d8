package dev.kelpfs.volume.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.wire.kelp.LeaderView;
import dev.kelpfs.wire.kelp.MastersGrpc.MastersImplBase;
import dev.kelpfs.wire.kelp.WatchLeaderRequest;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaderWatchesTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Path DATA = Path.of("/data");
    private static final ServerAddress SECOND = ServerAddress.parse("127.0.0.1:2.12002");
    private static final ServerAddress THIRD = ServerAddress.parse("127.0.0.1:3.12003");

    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final RpcRuntime runtime = RpcRuntime.start(1, handlers);
    private final RpcChannels channels = new RpcChannels(runtime);
    private final MemoryDisk disk = new MemoryDisk();
    private final BlockingQueue<ServerAddress> leaders = new LinkedBlockingQueue<>();
    private final CompletableFuture<StreamObserver<LeaderView>> watcher = new CompletableFuture<>();
    private final LeaderWatches.Listener listener = new LeaderWatches.Listener() {
        @Override
        public void leaderIs(ServerAddress leader) {
            leaders.add(leader);
        }

        @Override
        public void refused(ServerAddress other) {}
    };
    private RpcServer master;
    private ServerAddress first;

    @BeforeEach
    void startMaster() throws IOException {
        disk.createDirectories(DATA);
        MastersImplBase masters = new MastersImplBase() {
            @Override
            public void watchLeader(WatchLeaderRequest request, StreamObserver<LeaderView> answer) {
                watcher.complete(answer);
            }
        };
        master = RpcServer.start(runtime, RpcServerOptions.on(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))), List.of(masters), () -> "id");
        first = new ServerAddress("127.0.0.1", 1, master.port());
    }

    @AfterEach
    void close() {
        master.close();
        channels.close();
        runtime.close();
        handlers.shutdownNow();
    }

    @Test
    void theHighestTermIsBelievedAndMembersAreKept() throws Exception {
        try (LeaderWatches watches = new LeaderWatches(List.of(first), new KnownMasters(disk, DATA), channels, Ticker.system(), listener)) {
            watches.start();
            StreamObserver<LeaderView> stream = watcher.get(30, TimeUnit.SECONDS);
            stream.onNext(view("c", 4, SECOND));
            assertThat(leaders.poll(30, TimeUnit.SECONDS)).isEqualTo(SECOND);
            // A leader of an earlier term woke up, and one of another cluster speaks up: neither is followed.
            stream.onNext(view("c", 3, THIRD));
            stream.onNext(view("other", 9, THIRD));
            stream.onNext(view("c", 5, first));
            assertThat(leaders.poll(30, TimeUnit.SECONDS)).isEqualTo(first);
            Await.until("members are known", LIMIT, () -> watches.masters().containsAll(List.of(first, SECOND, THIRD)));
        }
        // Started again with one that is dead, it still knows the others.
        ServerAddress dead = ServerAddress.parse("127.0.0.1:9.12009");
        try (LeaderWatches watches = new LeaderWatches(List.of(dead), new KnownMasters(disk, DATA), channels, Ticker.system(), listener)) {
            assertThat(watches.masters().getFirst()).isEqualTo(dead);
            assertThat(watches.masters()).contains(first, SECOND, THIRD);
        }
    }

    private LeaderView view(String cluster, long term, ServerAddress leader) {
        return LeaderView.newBuilder().setClusterId(cluster).setTerm(term).setLeader(leader.withBothPorts())
                .addMembers(first.withBothPorts()).addMembers(SECOND.withBothPorts()).addMembers(THIRD.withBothPorts()).build();
    }
}
