package dev.kelpfs.http;

/**
 * Answers requests on the event loop of their connection, called when the head of a request is complete. It must not
 * wait: it replies at once, asks for the body ({@link Exchange#collect}), or hands the exchange on
 * ({@link Exchange#offload}).
 */
@FunctionalInterface
public interface LoopHandler {
    /**
     * Deals with one request; whatever it throws is answered by the {@link ErrorReplies} of the server.
     */
    void handle(Exchange exchange) throws Exception;

    /** A handler that runs {@code handler} on a virtual thread for every request. */
    static LoopHandler blocking(BlockingHandler handler) {
        return exchange -> exchange.offload(handler);
    }
}
