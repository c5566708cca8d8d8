package dev.kelpfs.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, and its body as a stream for those who are on a virtual thread. Immutable but for the body
 * and for lazily parsed parts; one thread at a time.
 */
public final class Request {
    /** What {@link #contentLength} gives for a chunked body. */
    public static final long UNKNOWN_LENGTH = -1;

    private final HttpRequest head;
    private final RequestTarget target;
    private final long contentLength;
    private final Channel channel;
    private BodyReader body = BodyReader.empty();
    private @Nullable Query query;

    Request(HttpRequest head, RequestTarget target, long contentLength, Channel channel) {
        this.head = head;
        this.target = target;
        this.contentLength = contentLength;
        this.channel = channel;
    }

    public HttpMethod method() {
        return head.method();
    }

    /** Whether this is GET or HEAD. */
    public boolean isRead() {
        return HttpMethod.GET.equals(head.method()) || HttpMethod.HEAD.equals(head.method());
    }

    /** The path as it came, without query; the host of an absolute form is cut off. */
    public String rawPath() {
        return target.rawPath();
    }

    /** The path decoded once; starts with {@code /}, or is {@code *}. */
    public String path() {
        return target.path();
    }

    /** What came behind the first {@code ?}, undecoded; empty if there was none. */
    public String rawQuery() {
        return target.rawQuery();
    }

    /** Path and query as they came. */
    public String rawTarget() {
        return target.rawQuery().isEmpty() ? target.rawPath() : target.rawPath() + "?" + target.rawQuery();
    }

    /** The parameters of the query. */
    public Query query() {
        Query known = query;
        if (known == null) {
            known = Query.parse(target.rawQuery());
            query = known;
        }
        return known;
    }

    /** The first value of a parameter of the query, decoded. */
    public Optional<String> parameter(String name) {
        return target.rawQuery().isEmpty() ? Optional.empty() : query().first(name);
    }

    /** The headers; names without case, one char of a value is one byte. */
    public HttpHeaders headers() {
        return head.headers();
    }

    /** The first header of that name. */
    public Optional<String> header(CharSequence name) {
        return Optional.ofNullable(head.headers().get(name));
    }

    /** Announced length of the body in bytes, 0 without one, {@link #UNKNOWN_LENGTH} for a chunked one. */
    public long contentLength() {
        return contentLength;
    }

    /** The peer of the connection. */
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) channel.remoteAddress();
    }

    /** The address that the client reached. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) channel.localAddress();
    }

    /**
     * Whether the connection is broken, so that nobody will see an answer; for work that waits. Any thread may ask. A client
     * that has only ended its side of the connection still waits.
     */
    public boolean isAbandoned() {
        return !channel.isActive();
    }

    /** The body as a stream; only a {@link BlockingHandler} has one, anybody else sees an empty one. */
    public BodyReader body() {
        return body;
    }

    void bodyComesFrom(BodyReader reader) {
        body = reader;
    }

    HttpVersion version() {
        return head.protocolVersion();
    }
}
