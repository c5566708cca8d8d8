package dev.kelpfs.volume;

import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.http.ExchangeObserver;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Request;
import dev.kelpfs.http.RequestIds;
import dev.kelpfs.volume.metrics.RequestKind;
import dev.kelpfs.volume.metrics.VolumeMetrics;
import dev.kelpfs.volume.status.StaticFiles;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.util.Set;

/**
 * Puts the headers on answers that all of them carry, and counts the answers. On the routes of files a request with an
 * {@code Origin} is told that any page may use the answer.
 *
 * <p>Source: volume server, section 3.2.
 */
final class AnswerHeaders implements ExchangeObserver {
    private static final AsciiString SERVER = AsciiString.cached("Server");
    private static final AsciiString SERVER_NAME =
            AsciiString.cached("SeaweedFS Volume " + KelpVersion.SIZE_LIMIT + " " + KelpVersion.PROTOCOL);
    private static final AsciiString ALLOW_ORIGIN = AsciiString.cached("Access-Control-Allow-Origin");
    private static final AsciiString ALLOW_CREDENTIALS = AsciiString.cached("Access-Control-Allow-Credentials");
    private static final AsciiString ANY = AsciiString.cached("*");
    private static final AsciiString TRUE = AsciiString.cached("true");
    private static final int REDIRECT_TO_CLEAN_PATH = 307;

    private final RequestIds ids;
    private final VolumeMetrics metrics;
    private final Set<String> otherPaths;

    /** @param otherPaths paths that name no file */
    AnswerHeaders(RequestIds ids, VolumeMetrics metrics, Set<String> otherPaths) {
        this.ids = ids;
        this.metrics = metrics;
        this.otherPaths = Set.copyOf(otherPaths);
    }

    @Override
    public void replying(Request request, Reply reply) {
        if (reply.status() == REDIRECT_TO_CLEAN_PATH || StaticFiles.serves(request.path())) return;
        reply.header(RequestIds.HEADER, ids.next());
        reply.header(SERVER, SERVER_NAME);
        if (request.headers().contains(HttpHeaderNames.ORIGIN) && !otherPaths.contains(request.path())) {
            reply.header(ALLOW_ORIGIN, ANY);
            reply.header(ALLOW_CREDENTIALS, TRUE);
        }
    }

    @Override
    public void completed(Request request, int status, long nanos) {
        metrics.finished(RequestKind.of(request.method().name()), status, nanos);
    }
}
