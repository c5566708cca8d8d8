package dev.kelpfs.master.follow;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.http.BodyReader;
import dev.kelpfs.http.BodySink;
import dev.kelpfs.http.Exchange;
import dev.kelpfs.http.JsonText;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Has HTTP requests answered by the leader, one hop; bodies are streamed both ways. The marker in the request says who
 * forwarded it: a master that does not lead forwards such a request no further. Safe for all threads.
 */
public final class HttpForward implements AutoCloseable {
    /** In a request: who forwarded it. */
    public static final String FORWARDED = "X-Kelp-Forwarded-By";
    /** In an answer: this master does not lead, and nothing was done. */
    public static final String NOT_LEADER = "X-Kelp-Not-Leader";

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(130);
    private static final int SMALL_BODY_BYTES = 64 << 10;
    private static final int PIECE_BYTES = 16 << 10;
    /** Of this hop only, or written by the server itself. */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
            "host", "content-length", "date", "expect", "http2-settings");

    private final Parking parking;
    private final LeaderWatch watch;
    private final ServerAddress self;
    private final ExecutorService threads;
    /** Made when it is first needed: a master that leads never does. Guarded by this. */
    private @Nullable HttpClient client;

    /** @param threads run what the client has to do; owned by the caller */
    public HttpForward(Parking parking, LeaderWatch watch, ServerAddress self, ExecutorService threads) {
        this.parking = parking;
        this.watch = watch;
        this.self = self;
        this.threads = threads;
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_LIMIT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(threads)
                    .build();
        }
        return client;
    }

    /** Answers the exchange with what the leader says; with 503 if there is none in time. */
    public void forward(Exchange exchange) {
        if (exchange.request().headers().contains(FORWARDED)) {
            exchange.reply(unavailable("this master does not lead; try again in a moment").header(NOT_LEADER, "1"));
        } else {
            exchange.offload(this::forward);
        }
    }

    private Reply forward(Request request) throws Exception {
        boolean repeatable = request.isRead() || request.path().equals("/dir/assign");
        Body body = Body.of(request);
        try {
            return parking.atLeader(leader -> ask(leader, request, body, repeatable && body.isWhole()));
        } catch (Parking.NoLeaderException nobody) {
            return unavailable(String.valueOf(nobody.getMessage()));
        } catch (IOException cut) {
            return Reply.error(502, "the leader did not answer: " + cut.getMessage() + "; whether it did anything is not known");
        }
    }

    private static Reply unavailable(String reason) {
        return Reply.json(503, "{\"error\":" + JsonText.quote(reason) + "}").header("Retry-After", "1");
    }

    private Reply ask(LeaderWatch.Leader leader, Request request, Body body, boolean repeatable)
            throws IOException, InterruptedException, Parking.NotDoneException {
        String target = ForwardedTarget.of(request.rawPath(), request.rawQuery());
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://" + leader.address().http() + target))
                .timeout(ANSWER_LIMIT)
                .method(request.method().name(), body.publisher());
        for (Map.Entry<String, String> header : request.headers()) {
            boolean passed = !NOT_PASSED_ON.contains(header.getKey().toLowerCase(Locale.ROOT))
                    && !header.getKey().equalsIgnoreCase(FORWARDED_FOR);
            if (passed) builder.header(header.getKey(), header.getValue());
        }
        String peer = request.remoteAddress().getAddress().getHostAddress();
        builder.header(FORWARDED_FOR, request.header(FORWARDED_FOR).map(before -> before + ", " + peer).orElse(peer));
        builder.header(FORWARDED, self.http());
        HttpResponse<InputStream> answer = send(builder.build(), leader, repeatable, body);
        if (answer.headers().firstValue(NOT_LEADER).isPresent()) {
            answer.body().close();
            if (body.isWhole()) throw new Parking.NotDoneException(leader.address().http() + " does not lead", null);
            return unavailable("the leader changed while the request was on its way; try again in a moment");
        }
        return reply(answer, request);
    }

    private HttpResponse<InputStream> send(HttpRequest request, LeaderWatch.Leader leader, boolean repeatable, Body body)
            throws IOException, InterruptedException, Parking.NotDoneException {
        CompletableFuture<HttpResponse<InputStream>> answer = client().sendAsync(request, BodyHandlers.ofInputStream());
        Runnable giveUp = () -> {
            if (!watch.current().filter(leader::equals).isPresent()) answer.cancel(true);
        };
        LeaderWatch.Listening listening = repeatable ? watch.onChange(giveUp) : () -> { };
        try {
            if (repeatable) giveUp.run();
            return answer.get();
        } catch (CancellationException anotherLeads) {
            throw new Parking.NotDoneException(leader.address().http() + " leads no more", anotherLeads);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            boolean gaveUp = repeatable && watch.current().filter(leader::equals).isEmpty();
            if (gaveUp) throw new Parking.NotDoneException(leader.address().http() + " leads no more", cause);
            boolean notSent = body.isUntouched() && (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException);
            if (notSent || repeatable && cause instanceof IOException) {
                throw new Parking.NotDoneException(leader.address().http() + " does not answer: " + cause, cause);
            }
            throw cause instanceof IOException known ? known : new IOException(cause);
        } finally {
            listening.close();
        }
    }

    private static Reply reply(HttpResponse<InputStream> answer, Request request) throws IOException {
        Reply reply = Reply.of(answer.statusCode());
        answer.headers().map().forEach((name, values) -> {
            if (NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT)) || !Reply.isHeaderName(name)) return;
            values.forEach(value -> reply.addHeader(name, value));
        });
        long length = answer.headers().firstValueAsLong("Content-Length").orElse(-1);
        if (request.method().name().equals("HEAD")) {
            answer.body().close();
            return length < 0 ? reply : reply.headLength(length);
        }
        if (length == 0) {
            answer.body().close();
            return reply;
        }
        return length > 0 ? reply.stream(length, sink -> copy(answer, sink)) : reply.stream(sink -> copy(answer, sink));
    }

    private static void copy(HttpResponse<InputStream> answer, BodySink sink) throws IOException, InterruptedException {
        try (InputStream in = answer.body()) {
            byte[] piece = new byte[PIECE_BYTES];
            int read = in.read(piece);
            while (read >= 0) {
                sink.write(ByteBuffer.wrap(piece, 0, read));
                read = in.read(piece);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (client != null) client.shutdownNow();
    }

    /** The body of a request: small ones are read at once, so that they can be sent again; others are streamed, once. */
    private static final class Body {
        private final byte[] whole;
        private final BodyReader rest;
        private final boolean small;
        private boolean touched;

        private Body(byte[] whole, BodyReader rest, boolean small) {
            this.whole = whole;
            this.rest = rest;
            this.small = small;
        }

        static Body of(Request request) throws IOException {
            long length = request.contentLength();
            if (length < 0 || length > SMALL_BODY_BYTES) return new Body(new byte[0], request.body(), false);
            ByteBuffer content = ByteBuffer.allocate((int) length);
            while (content.hasRemaining() && request.body().read(content) != BodyReader.END) { }
            return new Body(content.array(), BodyReader.empty(), true);
        }

        boolean isWhole() {
            return small;
        }

        /** Nothing of it can have reached anybody. */
        boolean isUntouched() {
            return small || !touched;
        }

        BodyPublisher publisher() {
            if (small) return whole.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(whole);
            return BodyPublishers.ofInputStream(() -> {
                touched = true;
                return new ReaderStream(rest);
            });
        }
    }

    /** The body of a request as the client wants it. */
    private static final class ReaderStream extends InputStream {
        private final BodyReader reader;

        ReaderStream(BodyReader reader) {
            this.reader = reader;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return length == 0 ? 0 : reader.read(ByteBuffer.wrap(target, offset, length));
        }
    }
}
