package dev.kelpfs.master.raft;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.rpc.RpcChannels;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** One master's consensus on a real port and a real directory, without the master around it. */
final class RaftNode implements AutoCloseable {
    private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
    private final RpcRuntime runtime = RpcRuntime.start(1, handlers);
    private final RpcChannels channels = new RpcChannels(runtime);
    private final RaftDoor door = new RaftDoor();
    private final RpcServer server;
    private final Path directory;
    final Member member;
    @Nullable RaftLog log;

    RaftNode(Path directory, String incarnation) throws IOException {
        this.directory = directory;
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        this.server = RpcServer.start(runtime, RpcServerOptions.on(List.of(anyPort)), List.of(door), () -> "id");
        this.member = new Member(new ServerAddress("127.0.0.1", 1, server.port()), incarnation);
    }

    RaftLog open(UUID group, List<Member> founders) throws IOException {
        return open(group, founders, RaftSettings.ElectionTimeout.DEFAULT);
    }

    RaftLog open(UUID group, List<Member> founders, RaftSettings.ElectionTimeout election) throws IOException {
        RaftSettings settings = new RaftSettings(directory, member, group, founders, election);
        RaftLog opened = RaftLog.open(settings, RealDisk.create(), Ticker.system(), new SecureRandom(), channels, door);
        log = opened;
        return opened;
    }

    boolean leads() {
        return log != null && log.leadership() instanceof Leadership.Leading;
    }

    void closeLog() throws IOException {
        if (log != null) log.close();
        log = null;
    }

    /** One that somebody else has closed, or that failed, can be opened again. */
    void forgetClosed() {
        if (log != null && log.leadership() instanceof Leadership.Failed) log = null;
    }

    /** Leaves without a word: the port no longer answers, the log is closed afterwards. */
    void vanish() throws IOException {
        server.close();
        if (log != null) log.abandon();
        log = null;
    }

    @Override
    public void close() throws IOException {
        closeLog();
        server.close();
        channels.close();
        runtime.close();
        handlers.shutdownNow();
    }
}
