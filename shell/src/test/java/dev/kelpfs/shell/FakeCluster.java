package dev.kelpfs.shell;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import dev.kelpfs.shell.access.Masters;
import dev.kelpfs.shell.access.Pause;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A master and a volume server that answer over real sockets, and a shell that is given lines. */
final class FakeCluster implements AutoCloseable {
    static final int VOLUME_HTTP_PORT = 8080;

    /** How long a master is looked for; a busy machine may need seconds for a first call. */
    Duration patience = Duration.ofSeconds(60);

    /** What the shell takes for the time. */
    Ticker ticker = Ticker.system();

    final FakeMaster master = new FakeMaster();
    final FakeHealth health = new FakeHealth();
    final FakeVolumeServer volumeServer = new FakeVolumeServer(master);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final RpcRuntime runtime = RpcRuntime.start(1, threads);
    private final RpcChannels channels = new RpcChannels(runtime);
    private final RpcServer server;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    FakeCluster() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = RpcServer.start(runtime, RpcServerOptions.on(List.of(any)), List.of(master, volumeServer, health), () -> "id");
        master.address = new ServerAddress("127.0.0.1", 9333, server.port());
        master.volumeServerGrpcPort = server.port();
    }

    /** Runs a shell with these lines; true if it ended well. */
    boolean shell(String... lines) throws IOException, InterruptedException {
        ByteArrayInputStream in = new ByteArrayInputStream(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        ShellWorld world = new ShellWorld(in, print(out), print(err), false, Path.of("unused"), "10.0.0.9", ticker,
                Pause.sleeping());
        return new Shell(new ShellOptions(List.of(master.address), "", patience), world, channels).run();
    }

    /** The way to the master, with a patience of its own. */
    Masters masters() {
        return new Masters(List.of(master.address), channels, Ticker.system(), Pause.sleeping(), patience);
    }

    /** What was printed since the last call. */
    String out() {
        return take(out);
    }

    String err() {
        return take(err);
    }

    private static String take(ByteArrayOutputStream from) {
        String text = from.toString(StandardCharsets.UTF_8);
        from.reset();
        return text;
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        channels.close();
        server.close();
        runtime.close();
        threads.close();
    }
}
