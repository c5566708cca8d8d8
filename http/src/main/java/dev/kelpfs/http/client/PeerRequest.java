package dev.kelpfs.http.client;

import dev.kelpfs.http.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is sent to a peer. Immutable. The buffers stay the caller's: they are neither copied nor consumed nor released, and
 * must not change until the exchange is over.
 *
 * @param peer {@code host:port}
 * @param target path and query, encoded
 * @param headers name and value in turn; one char of a value is one byte. {@code Host} and {@code Content-Length} are added
 * @param body the bytes in order
 * @param patience how long nothing may move, in either direction, before the exchange fails
 */
public record PeerRequest(
        HttpMethod method, String peer, String target, List<String> headers, List<ByteBuf> body, Duration patience) {
    /** Reference servers must answer their peers in so long. */
    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);

    public PeerRequest {
        headers = List.copyOf(headers);
        body = List.copyOf(body);
        if (headers.size() % 2 != 0) throw new IllegalArgumentException("headers are name and value in turn");
        if (!patience.isPositive()) throw new IllegalArgumentException("patience must be positive, got " + patience);
        if (!target.startsWith("/")) throw new IllegalArgumentException("a target starts with a slash, got \"" + target + "\"");
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) <= ' ' || target.charAt(i) >= 0x7f) {
                throw new IllegalArgumentException("a target is printable ASCII without blanks, got \"" + target + "\"");
            }
        }
    }

    /** A request without headers and body. */
    public static PeerRequest of(HttpMethod method, String peer, String target) {
        return new PeerRequest(method, peer, target, List.of(), List.of(), DEFAULT_PATIENCE);
    }

    /**
     * The address in an absolute {@code http} URL.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static PeerRequest get(String url) {
        URI uri = URI.create(url);
        if (!"http".equals(uri.getScheme()) || uri.getRawAuthority() == null) {
            throw new IllegalArgumentException("expected http://host:port/path, got \"" + url + "\"");
        }
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return of(HttpMethod.GET, uri.getRawAuthority(), uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    /**
     * Adds a header.
     *
     * @throws IllegalArgumentException if the name is none
     */
    public PeerRequest header(String name, String value) {
        if (!Reply.isHeaderName(name)) throw new IllegalArgumentException("\"" + name + "\" cannot be the name of a header");
        List<String> more = new ArrayList<>(headers);
        more.add(name);
        more.add(value);
        return new PeerRequest(method, peer, target, more, body, patience);
    }

    public PeerRequest withPatience(Duration value) {
        return new PeerRequest(method, peer, target, headers, body, value);
    }

    long bodyBytes() {
        long bytes = 0;
        for (ByteBuf piece : body) bytes += piece.readableBytes();
        return bytes;
    }
}
