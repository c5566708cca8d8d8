package dev.kelpfs.http.client;

import dev.kelpfs.http.BodyReader;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * An answer whose body comes as a stream, at most a window of it in memory. For one thread. Closing it before the end of
 * the body costs the connection.
 */
public final class PeerAnswer implements AutoCloseable {
    /** What {@link #contentLength} gives for a body in chunks. */
    public static final long UNKNOWN_LENGTH = -1;

    private final int status;
    private final HttpHeaders headers;
    private final long contentLength;
    private final BodyReader body;
    private final Runnable closing;

    PeerAnswer(int status, HttpHeaders headers, long contentLength, BodyReader body, Runnable closing) {
        this.status = status;
        this.headers = headers;
        this.contentLength = contentLength;
        this.body = body;
        this.closing = closing;
    }

    public int status() {
        return status;
    }

    /** The headers; names without case, one char of a value is one byte. */
    public HttpHeaders headers() {
        return headers;
    }

    /** Length of the body in bytes, or {@link #UNKNOWN_LENGTH}. */
    public long contentLength() {
        return contentLength;
    }

    /** The body; throws {@link PeerException} if it breaks off, and is never just short. */
    public BodyReader body() {
        return body;
    }

    @Override
    public void close() {
        closing.run();
    }
}
