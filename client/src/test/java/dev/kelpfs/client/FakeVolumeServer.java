package dev.kelpfs.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kelpfs.client.FakeCluster.StoredForm;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import dev.kelpfs.wire.master.Location;
import dev.kelpfs.wire.volume.BatchDeleteRequest;
import dev.kelpfs.wire.volume.BatchDeleteResponse;
import dev.kelpfs.wire.volume.DeleteResult;
import dev.kelpfs.wire.volume.VolumeServerGrpc;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;

/** One volume server of a {@link FakeCluster}: HTTP and the batch delete. */
final class FakeVolumeServer implements AutoCloseable {
    private final FakeCluster cluster;
    private final HttpServer http;
    private final RpcServer rpc;
    private final int httpPort;
    private final int grpcPort;

    FakeVolumeServer(FakeCluster cluster, RpcRuntime runtime, ExecutorService threads) throws IOException {
        this.cluster = cluster;
        http = HttpServer.create(FakeCluster.loopback(), 0);
        http.createContext("/", this::serve);
        http.setExecutor(threads);
        http.start();
        rpc = RpcServer.start(
                runtime, RpcServerOptions.on(List.of(FakeCluster.loopback())), List.of(new Administration()), () -> "id");
        httpPort = http.getAddress().getPort();
        grpcPort = rpc.port();
    }

    String url() {
        return "127.0.0.1:" + httpPort;
    }

    Location location() {
        return Location.newBuilder().setUrl(url()).setPublicUrl("localhost:" + httpPort)
                .setGrpcPort(grpcPort).build();
    }

    int grpcPort() {
        return grpcPort;
    }

    /** Dies. */
    void stop() {
        http.stop(0);
        rpc.close();
    }

    @Override
    public void close() {
        stop();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            cluster.requests.add(exchange.getRequestMethod() + " " + path);
            byte[] body = exchange.getRequestBody().readAllBytes();
            Integer failure = cluster.failures.poll();
            if (failure != null) {
                answer(exchange, failure, "told to fail".getBytes(StandardCharsets.UTF_8));
                return;
            }
            String brought = exchange.getRequestHeaders().getFirst("Authorization");
            if (!cluster.token.isEmpty() && !("Bearer " + cluster.token).equals(brought)) {
                answer(exchange, 401, "wrong jwt".getBytes(StandardCharsets.UTF_8));
                return;
            }
            switch (exchange.getRequestMethod()) {
                case "POST" -> {
                    cluster.files.put(path, form(exchange, body));
                    exchange.getResponseHeaders().add("ETag", "\"0badcafe\"");
                    answer(exchange, 201, new byte[0]);
                }
                case "GET", "HEAD" -> read(exchange, cluster.files.get(path));
                case "DELETE" -> answer(exchange, cluster.files.remove(path) == null ? 404 : 202, new byte[0]);
                default -> answer(exchange, 400, new byte[0]);
            }
        }
    }

    private static StoredForm form(HttpExchange exchange, byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String boundary = text.substring(0, text.indexOf("\r\n"));
        int headEnd = text.indexOf("\r\n\r\n") + 4;
        int end = text.lastIndexOf("\r\n" + boundary + "--");
        String head = new String(body, 0, headEnd, StandardCharsets.UTF_8);
        String query = exchange.getRequestURI().getRawQuery();
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(exchange.getRequestHeaders());
        return new StoredForm(head, Arrays.copyOfRange(body, headEnd, end), query == null ? "" : query, headers);
    }

    private void read(HttpExchange exchange, StoredForm file) throws IOException {
        if (file == null) {
            answer(exchange, 404, new byte[0]);
            return;
        }
        byte[] content = file.content();
        exchange.getResponseHeaders().add("ETag", "\"" + Integer.toHexString(Arrays.hashCode(content)) + "\"");
        exchange.getResponseHeaders().add("Content-Type", "text/plain");
        exchange.getResponseHeaders().add("Content-Disposition", "inline; filename=\"one.txt\"");
        exchange.getResponseHeaders().add("Last-Modified", "Mon, 02 Nov 2026 10:00:00 GMT");
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else if (range == null) {
            send(exchange, 200, content);
        } else {
            part(exchange, content, range.substring("bytes=".length()));
        }
    }

    private void part(HttpExchange exchange, byte[] content, String range) throws IOException {
        int dash = range.indexOf('-');
        int from = dash == 0 ? Math.max(0, content.length - Integer.parseInt(range.substring(1)))
                : Integer.parseInt(range.substring(0, dash));
        boolean open = dash == 0 || dash == range.length() - 1;
        int end = open ? content.length : Math.min(content.length, Integer.parseInt(range.substring(dash + 1)) + 1);
        if (from >= content.length) {
            answer(exchange, 416, new byte[0]);
            return;
        }
        exchange.getResponseHeaders().add("Content-Range", "bytes " + from + "-" + (end - 1) + "/" + content.length);
        send(exchange, 206, Arrays.copyOfRange(content, from, end));
    }

    private void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        Integer cut = cluster.cuts.poll();
        if (cut == null) {
            answer(exchange, status, body);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body, 0, Math.min(cut, body.length - 1));
        exchange.getResponseBody().flush();
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) exchange.getResponseBody().write(body);
    }

    private final class Administration extends VolumeServerGrpc.VolumeServerImplBase {
        @Override
        public void batchDelete(BatchDeleteRequest request, StreamObserver<BatchDeleteResponse> answer) {
            cluster.requests.add("BatchDelete of " + request.getFileIdsCount());
            BatchDeleteResponse.Builder results = BatchDeleteResponse.newBuilder();
            for (String id : request.getFileIdsList()) results.addResults(delete(id));
            answer.onNext(results.build());
            answer.onCompleted();
        }

        private DeleteResult delete(String id) {
            StoredForm file = cluster.files.get("/" + id);
            DeleteResult.Builder result = DeleteResult.newBuilder().setFileId(id);
            if (file == null) return result.setStatus(404).setError("not found").build();
            if (file.query().contains("cm=true")) return result.setStatus(406).setError("ChunkManifest").build();
            if (id.endsWith("00000bad")) return result.setStatus(500).setError("told to fail").build();
            // The real ones do not pass a batch on, so each of them has a copy of its own to delete.
            cluster.batchDeleted.add(id + " at " + url());
            return result.setStatus(202).build();
        }
    }
}
