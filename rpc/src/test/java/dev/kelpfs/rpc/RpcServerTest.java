package dev.kelpfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.wire.master.PingRequest;
import dev.kelpfs.wire.master.PingResponse;
import dev.kelpfs.wire.master.SeaweedGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RpcServerTest {
    private static final String PING = "master_pb.Seaweed/Ping";

    private final ExecutorService handlers =
            Executors.newCachedThreadPool(task -> new Thread(task, "handler"));
    private final RpcRuntime runtime = RpcRuntime.start(1, handlers);
    private final RpcChannels channels = new RpcChannels(runtime);
    private final AtomicReference<String> servedBy = new AtomicReference<>("");
    private RpcServer server;

    @BeforeEach
    void serve() throws IOException {
        server = RpcServer.start(runtime, RpcServerOptions.on(loopback(0)), List.of(new PingService()), () -> "fresh");
    }

    @AfterEach
    void stop() {
        server.close();
        channels.close();
        runtime.close();
        handlers.shutdownNow();
    }

    @Test
    void answersOverTheChannelOfItsAddress() {
        assertThat(ping(channels.to(address(server)))).isEqualTo(7);
        assertThat(servedBy.get()).isEqualTo("handler");
    }

    @Test
    void methodsThatNeverWaitRunOnTheEventLoop() throws IOException {
        RpcServerOptions direct = RpcServerOptions.on(loopback(0)).withNonBlocking(Set.of(PING));
        try (RpcServer fast = RpcServer.start(runtime, direct, List.of(new PingService()), () -> "fresh")) {
            assertThat(ping(channels.to(address(fast)))).isEqualTo(7);
            assertThat(servedBy.get()).startsWith("kelp-rpc");
        }
    }

    @Test
    void theTrailerCarriesTheRequestIdThatCameOrAFreshOne() {
        assertThat(trailerOfPing(new Metadata())).isEqualTo("fresh");

        Metadata brought = new Metadata();
        brought.put(RequestIdTrailer.REQUEST_ID, "mine");
        assertThat(trailerOfPing(brought)).isEqualTo("mine");
    }

    @Test
    void aBusyPortIsNamedWithWhatToDo() {
        assertThatThrownBy(() -> RpcServer.start(
                        runtime, RpcServerOptions.on(loopback(server.port())), List.of(new PingService()), () -> ""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + server.port())
                .hasMessageContaining("-port.grpc");
    }

    @Test
    void aForgottenChannelIsOpenedAnew() {
        Channel first = channels.to(address(server));
        channels.forget(address(server));

        assertThat(channels.to(address(server))).isNotSameAs(first);
        assertThat(ping(channels.to(address(server)))).isEqualTo(7);
    }

    @Test
    void aClosedServerRefuses() {
        ServerAddress gone = address(server);
        server.close();

        assertThatThrownBy(() -> ping(channels.to(gone)))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e ->
                        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    private String trailerOfPing(Metadata headers) {
        AtomicReference<String> seen = new AtomicReference<>("");
        Channel observed = ClientInterceptors.intercept(
                channels.to(address(server)),
                MetadataUtils.newAttachHeadersInterceptor(headers),
                new io.grpc.ClientInterceptor() {
                    @Override
                    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                        return new SimpleForwardingClientCall<Q, A>(next.newCall(method, options)) {
                            @Override
                            public void start(Listener<A> listener, Metadata sent) {
                                super.start(new SimpleForwardingClientCallListener<A>(listener) {
                                    @Override
                                    public void onClose(Status status, Metadata trailers) {
                                        seen.set(trailers.get(RequestIdTrailer.REQUEST_ID));
                                        super.onClose(status, trailers);
                                    }
                                }, sent);
                            }
                        };
                    }
                });
        ping(observed);
        return seen.get();
    }

    private static long ping(Channel channel) {
        return SeaweedGrpc.newBlockingStub(channel)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .ping(PingRequest.getDefaultInstance())
                .getStartTimeNs();
    }

    private static ServerAddress address(RpcServer server) {
        return new ServerAddress("127.0.0.1", 1, server.port());
    }

    private static List<InetSocketAddress> loopback(int port) {
        return List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private final class PingService extends SeaweedGrpc.SeaweedImplBase {
        @Override
        public void ping(PingRequest request, StreamObserver<PingResponse> answer) {
            servedBy.set(Thread.currentThread().getName());
            answer.onNext(PingResponse.newBuilder().setStartTimeNs(7).build());
            answer.onCompleted();
        }
    }
}
