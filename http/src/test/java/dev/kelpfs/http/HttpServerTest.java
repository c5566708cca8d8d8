package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.testkit.Await;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Start, stop and the number of connections. */
class HttpServerTest {
    private static final Routes.Builder HELLO = Routes.builder().fallback(x -> x.reply(Reply.text(200, "hello")));

    @Test
    void listensOnAllAddressesOfAName() throws Exception {
        List<InetSocketAddress> addresses = ListenAddresses.of("localhost", 0);
        try (HttpRuntime runtime = HttpRuntime.start(1, InstantSource.system(), Ticker.system());
                HttpServer server = HttpServer.start(runtime, HttpServerOptions.on(addresses), HELLO.build())) {
            assertThat(server.addresses()).isNotEmpty().allSatisfy(address ->
                    assertThat(address.getPort()).isEqualTo(server.port()));
            for (InetSocketAddress address : server.addresses()) {
                try (var socket = new Socket(address.getAddress(), address.getPort())) {
                    assertThat(socket.isConnected()).isTrue();
                }
            }
        }
    }

    @Test
    void passesOverAddressesThatTheMachineLacks() throws Exception {
        // 203.0.113.0/24 is for documentation: hardly any machine has it.
        InetSocketAddress absent = new InetSocketAddress("203.0.113.1", 0);
        try (HttpRuntime runtime = HttpRuntime.start(1, InstantSource.system(), Ticker.system())) {
            HttpServerOptions both = HttpServerOptions.on(List.of(TestServer.loopback(0), absent));
            try (HttpServer server = HttpServer.start(runtime, both, HELLO.build())) {
                assertThat(server.addresses()).hasSize(1);
            }
            assertThatThrownBy(() -> HttpServer.start(runtime, HttpServerOptions.on(List.of(absent)), HELLO.build()))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("203.0.113.1")
                    .hasMessageContaining("-ip");
        }
    }

    @Test
    void aConvenientAddressThatIsTakenIsDoneWithout() throws Exception {
        try (TestServer first = TestServer.start(HELLO);
                HttpRuntime runtime = HttpRuntime.start(1, InstantSource.system(), Ticker.system())) {
            HttpServerOptions options = HttpServerOptions.on(List.of(TestServer.loopback(0)));
            InetSocketAddress taken = TestServer.loopback(first.port());
            try (HttpServer server = HttpServer.start(runtime, options.withAlsoOn(List.of(taken)), HELLO.build())) {
                assertThat(server.addresses()).hasSize(1);
            }
            InetSocketAddress free = new InetSocketAddress("127.0.0.2", 0);
            try (HttpServer server = HttpServer.start(runtime, options.withAlsoOn(List.of(free)), HELLO.build())) {
                assertThat(server.addresses()).hasSize(2).allSatisfy(address ->
                        assertThat(address.getPort()).isEqualTo(server.port()));
            }
        }
    }

    @Test
    void loopbackStandsBesideForeignAddressesOnly() {
        InetSocketAddress foreign = new InetSocketAddress("203.0.113.7", 80);
        assertThat(ListenAddresses.loopbackBeside(List.of(foreign)))
                .containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));
        assertThat(ListenAddresses.loopbackBeside(List.of(foreign, TestServer.loopback(80)))).isEmpty();
        assertThat(ListenAddresses.loopbackBeside(List.of(new InetSocketAddress(80)))).isEmpty();
    }

    @Test
    void portInUseIsNamed() throws Exception {
        try (TestServer first = TestServer.start(HELLO);
                HttpRuntime runtime = HttpRuntime.start(1, InstantSource.system(), Ticker.system())) {
            HttpServerOptions same = HttpServerOptions.on(List.of(TestServer.loopback(first.port())));
            assertThatThrownBy(() -> HttpServer.start(runtime, same, HELLO.build()))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining(":" + first.port())
                    .hasMessageContaining("-port");
        }
    }

    @Test
    void unknownNamesAreNamed() {
        assertThatThrownBy(() -> ListenAddresses.of("no-such-name.invalid", 1))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no-such-name.invalid");
    }

    @Test
    void literalAddressesNeedNoResolving() throws Exception {
        assertThat(ListenAddresses.of("[::1]", 7)).containsExactly(new InetSocketAddress(InetAddress.getByName("::1"), 7));
        assertThat(ListenAddresses.of("", 7)).containsExactly(new InetSocketAddress(7));
    }

    @Test
    void tooManyConnectionsAreTurnedAway() throws Exception {
        try (TestServer server =
                TestServer.start(HELLO, options -> options.withLimits(HttpLimits.defaults().withMaxConnections(2)))) {
            RawClient first = server.connect();
            try (first; RawClient second = server.connect()) {
                for (RawClient client : List.of(first, second)) {
                    client.send(ExchangeTest.get("/"));
                    assertThat(client.answer().status()).isEqualTo(200);
                }
                try (RawClient third = server.connect()) {
                    RawClient.Answer answer = third.answer();
                    assertThat(answer.status()).isEqualTo(503);
                    assertThat(third.isClosedByServer()).isTrue();
                }
            }
            Await.until("there is room again", Duration.ofSeconds(30), () ->
                    server.ask(ExchangeTest.get("/")).status() == 200);
        }
    }

    @Test
    void closeLetsRunningRequestsFinish() throws Exception {
        CompletableFuture<Exchange> running = new CompletableFuture<>();
        TestServer server = TestServer.start(
                Routes.builder().get("/slow", running::complete).fallback(x -> x.reply(Reply.text(200, "hello"))),
                options -> options.withTimeouts(HttpTimeouts.defaults().withDrain(Duration.ofSeconds(30))));
        try (server; RawClient idle = server.connect(); RawClient busy = server.connect()) {
            idle.send(ExchangeTest.get("/"));
            assertThat(idle.answer().status()).isEqualTo(200);
            busy.send(ExchangeTest.get("/slow"));
            Exchange exchange = running.get(30, TimeUnit.SECONDS);
            Thread closer = Thread.ofVirtual().start(server.server()::close);
            assertThat(idle.isClosedByServer()).isTrue();
            assertThatThrownBy(server::connect).isInstanceOf(IOException.class);
            exchange.reply(Reply.text(200, "finished"));
            RawClient.Answer answer = busy.answer();
            assertThat(answer.text()).isEqualTo("finished");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(busy.isClosedByServer()).isTrue();
            closer.join();
        }
    }

    @Test
    void closeDoesNotWaitForever() throws Exception {
        CompletableFuture<Exchange> running = new CompletableFuture<>();
        TestServer server = TestServer.start(
                Routes.builder().fallback(running::complete),
                options -> options.withTimeouts(HttpTimeouts.defaults().withDrain(Duration.ofMillis(50))));
        try (server; RawClient client = server.connect()) {
            client.send(ExchangeTest.get("/"));
            Exchange exchange = running.get(30, TimeUnit.SECONDS);
            server.server().close();
            assertThat(client.isClosedByServer()).isTrue();
            // Nobody waits for it any more, and that is no failure of the handler.
            exchange.reply(Reply.text(200, "too late"));
        }
    }
}
