package dev.kelpfs.client;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import dev.kelpfs.wire.kelp.FailedWrite;
import dev.kelpfs.wire.kelp.FailedWriteNoted;
import dev.kelpfs.wire.kelp.MastersGrpc;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A master and volume servers that answer over real sockets, and misbehave when told. All servers hold the same files. */
final class FakeCluster implements AutoCloseable {
    /** What a volume server has been told to answer instead of doing its work: status codes, used up one by one. */
    final Queue<Integer> failures = new ConcurrentLinkedQueue<>();
    /** After so many bytes a GET breaks off; used up one by one. */
    final Queue<Integer> cuts = new ConcurrentLinkedQueue<>();
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final List<String> batchDeleted = Collections.synchronizedList(new ArrayList<>());
    final Map<String, StoredForm> files = new ConcurrentHashMap<>();
    final FakeMaster master;
    /** Servers that clients reported, in order. */
    final List<String> reported = Collections.synchronizedList(new ArrayList<>());
    /** Whether the master knows reports; those of the reference do not. */
    volatile boolean takesReports = true;
    /** What volume servers want to see; empty if they take everything. */
    volatile String token = "";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final RpcRuntime runtime = RpcRuntime.start(1, threads);
    private final RpcServer masterServer;
    private final List<FakeVolumeServer> servers = new ArrayList<>();

    /** What a volume server keeps of an upload. */
    record StoredForm(String partHead, byte[] content, String query, Map<String, List<String>> headers) {}

    FakeCluster(int volumeServers) throws IOException {
        for (int i = 0; i < volumeServers; i++) servers.add(new FakeVolumeServer(this, runtime, threads));
        master = new FakeMaster(this);
        masterServer = RpcServer.start(runtime, RpcServerOptions.on(List.of(loopback())), List.of(master, new Reports()), () -> "id");
    }

    private final class Reports extends MastersGrpc.MastersImplBase {
        @Override
        public void reportFailedWrite(FailedWrite report, StreamObserver<FailedWriteNoted> answer) {
            reported.add(report.getServer());
            if (takesReports) {
                answer.onNext(FailedWriteNoted.getDefaultInstance());
                answer.onCompleted();
            } else super.reportFailedWrite(report, answer);
        }
    }

    ServerAddress masterAddress() {
        return new ServerAddress("127.0.0.1", master.httpPort(), masterServer.port());
    }

    FakeVolumeServer server(int index) {
        return servers.get(index);
    }

    int size() {
        return servers.size();
    }

    /** Stops the master's gRPC for good. */
    void stopMaster() {
        master.endStreams();
        masterServer.close();
    }

    @Override
    public void close() {
        servers.forEach(FakeVolumeServer::close);
        master.close();
        masterServer.close();
        runtime.close();
        threads.shutdownNow();
    }

    static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** An address on which nobody listens. */
    static ServerAddress deadMaster() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new ServerAddress("127.0.0.1", 1, socket.getLocalPort());
        }
    }
}
