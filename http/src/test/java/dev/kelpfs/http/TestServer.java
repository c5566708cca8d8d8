package dev.kelpfs.http;

import dev.kelpfs.core.Ticker;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;

/** A server on the loopback address, with a runtime of its own. */
final class TestServer implements AutoCloseable {
    private final HttpRuntime runtime;
    private final HttpServer server;

    private TestServer(HttpRuntime runtime, HttpServer server) {
        this.runtime = runtime;
        this.server = server;
    }

    static TestServer start(Routes.Builder routes) throws IOException {
        return start(routes, options -> options);
    }

    static TestServer start(Routes.Builder routes, UnaryOperator<HttpServerOptions> changes) throws IOException {
        return start(HttpRuntime.start(2, InstantSource.system(), Ticker.system()), routes, changes);
    }

    static TestServer onNio(Routes.Builder routes) throws IOException {
        return start(HttpRuntime.start(2, InstantSource.system(), Ticker.system(), false), routes, options -> options);
    }

    private static TestServer start(HttpRuntime runtime, Routes.Builder routes, UnaryOperator<HttpServerOptions> changes)
            throws IOException {
        HttpServerOptions options = HttpServerOptions.on(List.of(loopback(0)))
                .withTimeouts(HttpTimeouts.defaults().withDrain(Duration.ofMillis(200)));
        return new TestServer(runtime, HttpServer.start(runtime, changes.apply(options), routes.build()));
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    int port() {
        return server.port();
    }

    /** Memory that the buffers of this runtime have taken from the system. */
    long usedDirectBytes() {
        return ((PooledByteBufAllocator) runtime.allocator()).metric().usedDirectMemory();
    }

    HttpServer server() {
        return server;
    }

    RawClient connect() throws IOException {
        return RawClient.connect(server.port());
    }

    /** Sends one request on a connection of its own. */
    RawClient.Answer ask(String request) throws IOException {
        try (RawClient client = connect()) {
            client.send(request);
            return client.answer();
        }
    }

    @Override
    public void close() {
        server.close();
        runtime.close();
    }
}
