package dev.kelpfs.volume.file;

import dev.kelpfs.http.BodyReader;
import dev.kelpfs.http.BodySink;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.client.PeerAnswer;
import dev.kelpfs.http.client.PeerClient;
import dev.kelpfs.http.client.PeerException;
import dev.kelpfs.http.client.PeerRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Fetches a file from another server and passes its answer on as it comes, a piece at a time. Always by GET, as the
 * reference does; what HEAD needs is in the head of the answer.
 *
 * <p>Source: volume server, section 3.9.
 */
final class ProxiedRead {
    /** Says that a server asks in place of a client. */
    private static final String PROXIED = "proxied";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PIECE_BYTES = 64 << 10;
    private static final int MOST_REDIRECTS = 3;

    /** Headers about one connection only, and those that every server makes itself; in lower case. */
    private static final Set<String> NOT_PASSED_ON = Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer",
            "upgrade", "transfer-encoding", "content-length", "host", "expect", "date", "server");

    private final PeerClient peers;

    ProxiedRead(PeerClient peers) {
        this.peers = peers;
    }

    static boolean isProxied(Request request) {
        return request.parameter(PROXIED).orElse("").equals("true");
    }

    /** @throws PeerException if the other server gave no answer */
    Reply fetch(Request request, String holder) throws PeerException, InterruptedException {
        PeerAnswer answer = open(request, holder);
        boolean kept = false;
        try {
            Reply reply = Reply.of(answer.status());
            for (var all = answer.headers().iteratorCharSequence(); all.hasNext(); ) {
                Map.Entry<CharSequence, CharSequence> header = all.next();
                if (isPassedOn(header.getKey())) reply.addHeader(header.getKey(), header.getValue());
            }
            long bytes = answer.contentLength();
            if (HttpMethod.HEAD.equals(request.method())) return bytes < 0 ? reply : reply.headLength(bytes);
            if (bytes == 0 || answer.status() == 204 || answer.status() == 304) return reply;
            kept = true;
            return bytes < 0 ? reply.stream(sink -> pump(answer, sink)) : reply.stream(bytes, sink -> pump(answer, sink));
        } finally {
            if (!kept) answer.close();
        }
    }

    private PeerAnswer open(Request request, String holder) throws PeerException, InterruptedException {
        String query = request.rawQuery().isEmpty() ? "" : request.rawQuery() + "&";
        String target = request.rawPath() + "?" + query + PROXIED + "=true";
        List<String> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : request.headers()) {
            if (!isPassedOn(header.getKey())) continue;
            headers.add(header.getKey());
            headers.add(header.getValue());
        }
        PeerRequest asked = new PeerRequest(HttpMethod.GET, holder, target, headers, List.of(), PATIENCE);
        for (int hops = 0; ; hops++) {
            PeerAnswer answer = peers.open(asked);
            String location = answer.headers().get(HttpHeaderNames.LOCATION);
            boolean redirect = answer.status() > 300 && answer.status() < 400 && location != null;
            if (!redirect || hops == MOST_REDIRECTS || !location.startsWith("http://")) return answer;
            answer.close();
            PeerRequest next = PeerRequest.get(location);
            asked = new PeerRequest(HttpMethod.GET, next.peer(), next.target(), headers, List.of(), PATIENCE);
        }
    }

    private static boolean isPassedOn(CharSequence name) {
        return Reply.isHeaderName(name) && !NOT_PASSED_ON.contains(name.toString().toLowerCase(Locale.ROOT));
    }

    private static void pump(PeerAnswer answer, BodySink sink) throws IOException, InterruptedException {
        try (answer) {
            ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
            while (answer.body().read(piece) != BodyReader.END) {
                sink.write(piece.flip());
                piece.clear();
            }
        }
    }
}
