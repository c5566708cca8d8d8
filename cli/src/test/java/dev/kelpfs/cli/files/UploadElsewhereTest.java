package dev.kelpfs.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kelpfs.cli.FakeWorld;
import dev.kelpfs.cli.command.ExitCode;
import dev.kelpfs.rpc.RpcRuntime;
import dev.kelpfs.rpc.RpcServer;
import dev.kelpfs.rpc.RpcServerOptions;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.AssignResponse;
import dev.kelpfs.wire.master.GetMasterConfigurationRequest;
import dev.kelpfs.wire.master.GetMasterConfigurationResponse;
import dev.kelpfs.wire.master.Location;
import dev.kelpfs.wire.master.SeaweedGrpc;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weed upload} against a cluster whose volume 3 takes nothing, as after the loss of a disk. */
class UploadElsewhereTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final RpcRuntime runtime = RpcRuntime.start(1, threads);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger volume = new AtomicInteger(3);
    private volatile int answer = 500;
    private HttpServer server;
    private RpcServer master;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws IOException {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = HttpServer.create(anywhere, 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
        master = RpcServer.start(runtime, RpcServerOptions.on(List.of(anywhere)), List.of(new Master()), () -> "id");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        master.close();
        runtime.close();
        threads.shutdownNow();
    }

    @Test
    void aFileThatItsServerDoesNotTakeGetsAnotherId() throws Exception {
        FakeWorld world = new FakeWorld();
        ExitCode ended = upload(world, "one.txt", "two.txt");

        assertThat(ended).as(world.err()).isEqualTo(ExitCode.OK);
        assertThat(world.out()).contains("\"fileName\":\"one.txt\",\"url\":\"" + url() + "/4,0100000001\",\"fid\":\"4,0100000001\"")
                .contains("\"fileName\":\"two.txt\"").doesNotContain("3,01").doesNotContain("error");
    }

    @Test
    void aRefusalIsTheSameEverywhere() throws Exception {
        answer = 400;
        FakeWorld world = new FakeWorld();
        ExitCode ended = upload(world, "one.txt");

        assertThat(ended).isEqualTo(ExitCode.FAILED);
        assertThat(world.out()).contains("\"error\":\"POST http://" + url() + "/3,0100000001");
        assertThat(requests).hasSize(1);
    }

    private ExitCode upload(FakeWorld world, String... names) throws IOException {
        List<String> line = new CopyOnWriteArrayList<>(List.of("upload", "-master=127.0.0.1:1." + master.port()));
        for (String name : names) line.add(Files.writeString(directory.resolve(name), name).toString());
        return world.run(line.toArray(String[]::new));
    }

    private String url() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(exchange.getRequestURI().getPath().startsWith("/3,") ? answer : 201, -1);
        exchange.close();
    }

    /** Gives ids of volume 3 once, then of volume 4. */
    private final class Master extends SeaweedGrpc.SeaweedImplBase {
        @Override
        public void getMasterConfiguration(
                GetMasterConfigurationRequest request, StreamObserver<GetMasterConfigurationResponse> out) {
            out.onNext(GetMasterConfigurationResponse.getDefaultInstance());
            out.onCompleted();
        }

        @Override
        public void assign(AssignRequest request, StreamObserver<AssignResponse> out) {
            Location here = Location.newBuilder().setUrl(url()).setPublicUrl(url()).build();
            out.onNext(AssignResponse.newBuilder().setFid(volume.getAndSet(4) + ",0100000001")
                    .setCount(request.getCount()).setLocation(here).build());
            out.onCompleted();
        }
    }
}
