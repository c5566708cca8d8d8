package dev.kelpfs.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket();
        echo.bind(ANY);
        Thread.ofVirtual().start(this::echoForever);
        proxy = TcpProxy.start("client", "echo", ANY, (InetSocketAddress) echo.getLocalSocketAddress());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesBytesAndFarewells() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "hello");
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello");
        }
        Await.until("the connection is given back", LIMIT, () -> proxy.openConnections() == 0);
        assertThat(proxy.acceptedConnections()).isEqualTo(1);
        assertThat(proxy).hasToString("proxy client -> echo (" + proxy.address() + " -> " + echo.getLocalSocketAddress() + ")");
    }

    @Test
    void stalledBytesArriveLaterAndWhole() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "a");
            hear(socket, "a");
            proxy.toSender(Flow.STALL);
            say(socket, "bcd");
            assertSilent(socket);
            proxy.toSender(Flow.PASS);
            hear(socket, "bcd");
        }
    }

    @Test
    void droppedBytesNeverArriveAndTheStreamIsResetRatherThanHoled() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "a");
            hear(socket, "a");
            proxy.toReceiver(Flow.DROP);
            say(socket, "b");
            assertSilent(socket);
            proxy.toReceiver(Flow.PASS);
            assertThatThrownBy(() -> {
                say(socket, "c");
                if (socket.getInputStream().read() < 0) throw new SocketException("closed");
            }).isInstanceOf(SocketException.class);
        }
        try (Socket fresh = connect()) {
            say(fresh, "works");
            hear(fresh, "works");
        }
    }

    @Test
    void cutResetsWhatIsOpenAndRefuseNewRefusesWhatComes() throws Exception {
        try (Socket socket = connect()) {
            say(socket, "a");
            hear(socket, "a");
            proxy.refuseNew();
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            say(socket, "open ones go on");
            hear(socket, "open ones go on");
            proxy.cut();
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        proxy.acceptNew();
        try (Socket again = connect()) {
            say(again, "b");
            hear(again, "b");
        }
    }

    @Test
    void anUnreachableTargetResetsTheSender() throws Exception {
        echo.close();
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> {
                if (socket.getInputStream().read() < 0) throw new SocketException("closed");
            }).isInstanceOf(SocketException.class);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(proxy.address().getAddress(), proxy.address().getPort());
        socket.setSoTimeout((int) LIMIT.toMillis());
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void hear(Socket socket, String text) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        assertThat(new String(in.readNBytes(wanted.length), StandardCharsets.UTF_8)).isEqualTo(text);
    }

    /** A wait that ends without a byte: too short on a slow machine it can only pass wrongly, never fail wrongly. */
    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout((int) LIMIT.toMillis());
    }

    private void echoForever() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException gone) {
                        // The tests reset connections on purpose.
                    }
                });
            } catch (IOException closed) {
                return;
            }
        }
    }
}
