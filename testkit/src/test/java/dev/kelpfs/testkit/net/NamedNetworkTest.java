package dev.kelpfs.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Machine 1 speaks to machine 2, and both play their parts on the sockets that a process of theirs would open. */
@ExtendWith(TestDirectories.class)
class NamedNetworkTest {
    private static final int LIMIT_MILLIS = 60_000;
    private static final int SILENCE_MILLIS = 100;

    private TestDirectory directory;
    private PortPair ports;
    private NamedNetwork network;
    private ServerSocket server;
    private Socket sender;
    private Socket receiver;

    @BeforeEach
    void connect(TestDirectory made) throws IOException {
        directory = made;
        ports = PortPair.reserve();
        network = new NamedNetwork(directory.path(), 3);
        network.join(1, List.of(ports.grpc()));
        network.join(2, List.of(ports.http()));
        server = new ServerSocket();
        server.bind(new InetSocketAddress("127.0.2.2", ports.http()));
        server.setSoTimeout(LIMIT_MILLIS);
        open();
    }

    @AfterEach
    void close() throws IOException {
        network.close();
        server.close();
        sender.close();
        receiver.close();
        ports.close();
    }

    @Test
    void eachMachineHasItsOwnNamesForAll() throws IOException {
        assertThat(Files.readAllLines(directory.resolve("hosts-m2"))).containsExactly(
                "127.0.0.1 localhost", "127.1.2.1 m1", "127.0.2.2 m2", "127.1.2.3 m3");
        assertThat(Files.readAllLines(directory.resolve("hosts-outside"))).contains("127.0.2.1 m1", "127.0.2.2 m2", "127.0.2.3 m3");
        assertThat(network.javaOption(2)).isEqualTo("-Djdk.net.hosts.file=" + directory.resolve("hosts-m2"));
        assertThat(NamedNetwork.reach("m2:8080/3,01")).isEqualTo("127.0.2.2:8080/3,01");
        assertThat(NamedNetwork.reach("localhost:8080/m2:1")).isEqualTo("localhost:8080/m2:1");
    }

    @Test
    void oneDirectionIsStalledAndTheOtherGoesOn() throws IOException {
        network.send(2, 1, Flow.STALL);
        receiver.getOutputStream().write('a');
        sender.getOutputStream().write('b');
        assertThat(receiver.getInputStream().read()).isEqualTo('b');
        assertSilent(sender);
        network.heal();
        assertThat(sender.getInputStream().read()).isEqualTo('a');
    }

    @Test
    void whatIsDroppedIsLostAlsoOnNewConnections() throws IOException {
        network.send(1, 2, Flow.DROP);
        sender.getOutputStream().write('a');
        receiver.getOutputStream().write('b');
        assertThat(sender.getInputStream().read()).isEqualTo('b');
        assertSilent(receiver);
        open();
        sender.getOutputStream().write('c');
        assertSilent(receiver);
    }

    @Test
    void refusedConnectionsAreResetUntilTheNetworkIsWhole() throws IOException {
        network.refuse(1, 2);
        assertThatThrownBy(() -> sender.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(this::open).isInstanceOf(ConnectException.class);
        network.heal();
        open();
        sender.getOutputStream().write('a');
        assertThat(receiver.getInputStream().read()).isEqualTo('a');
    }

    @Test
    void aMachineThatIsOffRefusesAndOneThatLeftIsNoMore() throws IOException {
        network.listening(2, false);
        assertThatThrownBy(this::open).isInstanceOf(ConnectException.class);
        network.listening(2, true);
        open();
        network.leave(2);
        assertThatThrownBy(() -> sender.getInputStream().read()).isInstanceOf(SocketException.class);
        network.heal();
        assertThatThrownBy(this::open).isInstanceOf(ConnectException.class);
    }

    private void open() throws IOException {
        sender = new Socket(InetAddress.getByName("127.1.1.2"), ports.http());
        sender.setSoTimeout(LIMIT_MILLIS);
        receiver = server.accept();
        receiver.setSoTimeout(LIMIT_MILLIS);
    }

    /** A wait that ends without a byte: too short on a slow machine it can only pass wrongly, never fail wrongly. */
    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(LIMIT_MILLIS);
    }
}
