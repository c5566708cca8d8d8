package dev.kelpfs.http;

/**
 * Bounds that one server holds its clients to.
 *
 * @param maxUriBytes longest request line; above, 414
 * @param maxHeaderBytes all header lines of a request together; above, 431
 * @param maxHeaders header lines of a request; above, 431
 * @param maxBodyBytes largest request body; above, 413
 * @param maxConnections open connections of the server; further ones get 503 and are closed
 * @param requestWindowBytes body bytes of one request that wait in memory for a handler
 * @param replyWindowBytes body bytes of one answer that wait in memory for the client
 * @param drainBytes request body that a handler left unread and that is thrown away to keep the connection; a longer
 *     rest closes it
 */
public record HttpLimits(
        int maxUriBytes,
        int maxHeaderBytes,
        int maxHeaders,
        long maxBodyBytes,
        int maxConnections,
        int requestWindowBytes,
        int replyWindowBytes,
        int drainBytes) {

    private static final HttpLimits DEFAULTS =
            new HttpLimits(64 << 10, 64 << 10, 256, Long.MAX_VALUE, 20_000, 512 << 10, 256 << 10, 256 << 10);

    public HttpLimits {
        positive(maxUriBytes, "maxUriBytes");
        positive(maxHeaderBytes, "maxHeaderBytes");
        positive(maxHeaders, "maxHeaders");
        positive(maxBodyBytes, "maxBodyBytes");
        positive(maxConnections, "maxConnections");
        positive(requestWindowBytes, "requestWindowBytes");
        positive(replyWindowBytes, "replyWindowBytes");
        if (drainBytes < 0) throw new IllegalArgumentException("drainBytes must not be negative, got " + drainBytes);
    }

    /**
     * 64 KiB of request line and of headers, 256 headers, bodies of any length, 20,000 connections, windows of 512 KiB
     * up and 256 KiB down, 256 KiB drained.
     */
    public static HttpLimits defaults() {
        return DEFAULTS;
    }

    public HttpLimits withMaxUriBytes(int bytes) {
        return new HttpLimits(bytes, maxHeaderBytes, maxHeaders, maxBodyBytes, maxConnections, requestWindowBytes,
                replyWindowBytes, drainBytes);
    }

    public HttpLimits withMaxHeaders(int bytes, int count) {
        return new HttpLimits(maxUriBytes, bytes, count, maxBodyBytes, maxConnections, requestWindowBytes,
                replyWindowBytes, drainBytes);
    }

    public HttpLimits withMaxBodyBytes(long bytes) {
        return new HttpLimits(maxUriBytes, maxHeaderBytes, maxHeaders, bytes, maxConnections, requestWindowBytes,
                replyWindowBytes, drainBytes);
    }

    public HttpLimits withMaxConnections(int connections) {
        return new HttpLimits(maxUriBytes, maxHeaderBytes, maxHeaders, maxBodyBytes, connections, requestWindowBytes,
                replyWindowBytes, drainBytes);
    }

    public HttpLimits withWindows(int requestBytes, int replyBytes) {
        return new HttpLimits(maxUriBytes, maxHeaderBytes, maxHeaders, maxBodyBytes, maxConnections, requestBytes,
                replyBytes, drainBytes);
    }

    public HttpLimits withDrainBytes(int bytes) {
        return new HttpLimits(maxUriBytes, maxHeaderBytes, maxHeaders, maxBodyBytes, maxConnections, requestWindowBytes,
                replyWindowBytes, bytes);
    }

    private static void positive(long value, String name) {
        if (value <= 0) throw new IllegalArgumentException(name + " must be positive, got " + value);
    }
}
