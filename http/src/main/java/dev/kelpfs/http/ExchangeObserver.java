package dev.kelpfs.http;

/**
 * Sees every exchange of a server, for headers that all answers carry and for metrics. Called on event loops; must not
 * wait and must not throw.
 */
public interface ExchangeObserver {
    /** Sees nothing, costs nothing. */
    ExchangeObserver NONE = new ExchangeObserver() {};

    /** Just before the head of an answer is written; may add headers to the reply, error answers included. */
    default void replying(Request request, Reply reply) {}

    /**
     * The answer was handed to the connection, or the client left before.
     *
     * @param status the status sent, 0 if the client left before an answer
     * @param nanos since the head of the request was complete
     */
    default void completed(Request request, int status, long nanos) {}
}
