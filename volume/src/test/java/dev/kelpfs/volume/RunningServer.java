package dev.kelpfs.volume;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.http.HttpRuntime;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.wire.volume.AllocateVolumeRequest;
import dev.kelpfs.wire.volume.VolumeServerGrpc;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** A volume server on free loopback ports with a real store, and everything a test does to it from outside. */
public final class RunningServer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final AtomicReference<Duration> clockAhead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> InstantSource.system().instant().plus(clockAhead.get());
    private final AtomicLong tickerAheadNanos = new AtomicLong();
    private final Ticker ticker = () -> System.nanoTime() + tickerAheadNanos.get();
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final RpcRuntime rpc = RpcRuntime.start(1, handlers);
    private final RpcChannels channels = new RpcChannels(rpc);
    private final HttpRuntime http = HttpRuntime.start(2, clock, Ticker.system());
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CompletableFuture<String> fatal = new CompletableFuture<>();
    private final VolumeServer server;

    private RunningServer(VolumeServerConfig config) throws IOException {
        VolumeServerEnvironment environment = new VolumeServerEnvironment(
                clock, ticker, RandomGenerator.of("L64X128MixRandom"), RealDisk.create(), http, rpc,
                new PrometheusRegistry(), fatal::complete);
        try {
            server = VolumeServer.start(config, environment);
        } catch (IOException | RuntimeException failed) {
            closeRuntimes();
            throw failed;
        }
    }

    /** Stands alone, without a master. */
    public static RunningServer start(Path directory) throws IOException {
        return start(directory, UnaryOperator.identity());
    }

    public static RunningServer start(Path directory, UnaryOperator<VolumeServerConfig> change) throws IOException {
        VolumeServerConfig config = VolumeServerConfig.defaults("127.0.0.1", List.of(DataDirectory.of(directory)))
                .withListeners(Listeners.anywhere("127.0.0.1"))
                .withMasters(List.of())
                .withPreStop(Duration.ZERO);
        return new RunningServer(change.apply(config));
    }

    public ServerAddress address() {
        return server.address();
    }

    public VolumeServer server() {
        return server;
    }

    /** Sets the wall clock of the server ahead. */
    public void advanceClock(Duration time) {
        clockAhead.updateAndGet(ahead -> ahead.plus(time));
    }

    /** Sets the monotonic time of the server's parts ahead; that of its connections goes on as it does. */
    public void advanceTicker(Duration time) {
        tickerAheadNanos.addAndGet(time.toNanos());
    }

    /** Calls the administration of the server. */
    public VolumeServerGrpc.VolumeServerBlockingStub admin() {
        return VolumeServerGrpc.newBlockingStub(channels.to(server.address()));
    }

    public void allocate(int volume) {
        allocate(volume, "000", "");
    }

    public void allocate(int volume, String replication, String ttl) {
        admin().allocateVolume(AllocateVolumeRequest.newBuilder()
                .setVolumeId(volume).setReplication(replication).setTtl(ttl).setVersion(3).build());
    }

    public HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, new byte[0], headers);
    }

    public HttpResponse<byte[]> put(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        return send("PUT", path, body, headers);
    }

    public HttpResponse<byte[]> delete(String path, String... headers) throws IOException, InterruptedException {
        return send("DELETE", path, new byte[0], headers);
    }

    /** A form with one part, as uploaders send it. */
    public HttpResponse<byte[]> postForm(String path, String partHeaders, byte[] data, String... headers)
            throws IOException, InterruptedException {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Content-Type";
        all[1] = "multipart/form-data; boundary=xyz";
        return send("POST", path, form(partHeaders, data), all);
    }

    public static byte[] form(String partHeaders, byte[] data) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--xyz\r\n" + partHeaders + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        body.writeBytes(data);
        body.writeBytes("\r\n--xyz--\r\n".getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    public HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        return send(server.address().httpPort(), method, path, body, headers);
    }

    public HttpResponse<byte[]> send(int port, String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(LIMIT)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) request.headers(headers);
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    /** Sends a body in chunks, so that its length is not known ahead. */
    public HttpResponse<byte[]> putChunked(String path, InputStream body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().httpPort() + path))
                .timeout(LIMIT).PUT(BodyPublishers.ofInputStream(() -> body)).build();
        return client.send(request, BodyHandlers.ofByteArray());
    }

    /** Sends bytes as they are and reads until the server closes. */
    public String raw(String request) throws IOException {
        return raw(request, false);
    }

    /** The same, with the client's side closed behind the bytes. */
    public String rawCut(String request) throws IOException {
        return raw(request, true);
    }

    private String raw(String request, boolean cut) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.address().httpPort())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            if (cut) socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    public static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    public static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Override
    public void close() throws IOException {
        server.close();
        closeRuntimes();
    }

    private void closeRuntimes() {
        client.shutdownNow();
        channels.close();
        http.close();
        rpc.close();
        handlers.shutdownNow();
    }
}
