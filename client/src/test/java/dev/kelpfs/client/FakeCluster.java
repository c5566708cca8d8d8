package dev.kelpfs.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.Location;
import dev.kelpfs.wire.master.LookupVolumeRequest;
import dev.kelpfs.wire.master.LookupVolumeResponse;
import dev.kelpfs.wire.master.LookupVolumeResponse.VolumeIdLocation;
import dev.kelpfs.wire.master.SeaweedGrpc;
import io.grpc.Status;
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
import java.util.concurrent.atomic.AtomicInteger;

/** A master and volume servers that answer over real sockets, and misbehave when told. */
final class FakeCluster implements AutoCloseable {
    /** What a volume server has been told to answer instead of doing its work: status codes, used up one by one. */
    final Queue<Integer> failures = new ConcurrentLinkedQueue<>();
    /** What the master has been told to fail with, used up one by one. */
    final Queue<Status> masterFailures = new ConcurrentLinkedQueue<>();
    final List<AssignRequest> assigns = Collections.synchronizedList(new ArrayList<>());
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final Map<String, byte[]> files = new ConcurrentHashMap<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final RpcRuntime runtime = RpcRuntime.start(1, threads);
    private final RpcServer master;
    private final List<HttpServer> servers = new ArrayList<>();
    private final AtomicInteger nextKey = new AtomicInteger(1);

    FakeCluster(int volumeServers) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        master = RpcServer.start(runtime, RpcServerOptions.on(List.of(any)), List.of(new Master()), () -> "id");
        for (int i = 0; i < volumeServers; i++) {
            HttpServer server = HttpServer.create(any, 0);
            server.createContext("/", this::serve);
            server.setExecutor(threads);
            server.start();
            servers.add(server);
        }
    }

    ServerAddress master() {
        return new ServerAddress("127.0.0.1", 1, master.port());
    }

    void stopVolumeServer(int index) {
        servers.get(index).stop(0);
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        master.close();
        runtime.close();
        threads.shutdownNow();
    }

    private String url(int server) {
        return "127.0.0.1:" + servers.get(server).getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.add(exchange.getRequestMethod() + " " + path);
            byte[] body = exchange.getRequestBody().readAllBytes();
            Integer failure = failures.poll();
            if (failure != null) {
                answer(exchange, failure, "told to fail".getBytes());
                return;
            }
            switch (exchange.getRequestMethod()) {
                case "POST" -> {
                    files.put(path, body);
                    exchange.getResponseHeaders().add("ETag", "\"0badcafe\"");
                    answer(exchange, 201, new byte[0]);
                }
                case "GET" -> {
                    byte[] content = files.get(path);
                    answer(exchange, content == null ? 404 : 200, content == null ? new byte[0] : content);
                }
                case "DELETE" -> answer(exchange, files.remove(path) == null ? 404 : 202, new byte[0]);
                default -> answer(exchange, 400, new byte[0]);
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) exchange.getResponseBody().write(body);
    }

    private final class Master extends SeaweedGrpc.SeaweedImplBase {
        @Override
        public void assign(AssignRequest request, StreamObserver<AssignResponse> answer) {
            assigns.add(request);
            Status failure = masterFailures.poll();
            if (failure != null) {
                answer.onError(failure.asRuntimeException());
                return;
            }
            String fid = String.format("3,%02x637037d6", nextKey.getAndIncrement());
            answer.onNext(AssignResponse.newBuilder().setFid(fid).setCount(request.getCount())
                    .setLocation(Location.newBuilder().setUrl(url(0))).build());
            answer.onCompleted();
        }

        @Override
        public void lookupVolume(LookupVolumeRequest request, StreamObserver<LookupVolumeResponse> answer) {
            VolumeIdLocation.Builder entry = VolumeIdLocation.newBuilder().setVolumeOrFileId(request.getVolumeOrFileIds(0));
            if (request.getVolumeOrFileIds(0).equals("3")) {
                for (int i = 0; i < servers.size(); i++) entry.addLocations(Location.newBuilder().setUrl(url(i)));
            } else {
                entry.setError("volume id not found");
            }
            answer.onNext(LookupVolumeResponse.newBuilder().addVolumeIdLocations(entry).build());
            answer.onCompleted();
        }
    }

    /** An address on which nobody listens. */
    static ServerAddress deadMaster() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new ServerAddress("127.0.0.1", 1, socket.getLocalPort());
        }
    }
}
