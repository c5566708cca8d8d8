package dev.kelpfs.http.client;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;

/**
 * One exchange: its request, and where the answer goes. All methods are called on the event loop of the connection; one of
 * {@link #end} and {@link #fail} exactly once, after which the buffers of the request are not touched any more.
 */
abstract class PeerExchange {
    private final PeerRequest request;
    /** The exchange was begun once already on a connection that turned out to be closed. */
    private boolean repeated;

    PeerExchange(PeerRequest request) {
        this.request = request;
    }

    final PeerRequest request() {
        return request;
    }

    /** Whether it may be begun anew; true once. */
    final boolean takeRepeat() {
        boolean first = !repeated;
        repeated = true;
        return first;
    }

    abstract void begun(PeerConnection connection);

    abstract void head(HttpResponse head);

    /**
     * Takes a piece of the body over.
     *
     * @return why the exchange must end here; empty to go on
     */
    abstract String content(ByteBuf piece);

    /** Whether the reader is behind, so that nothing can move. */
    abstract boolean isReaderBehind();

    abstract void end();

    abstract void fail(PeerFailure kind, String reason);
}
