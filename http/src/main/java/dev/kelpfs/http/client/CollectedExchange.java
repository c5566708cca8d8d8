package dev.kelpfs.http.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Arrays;
import java.util.function.Consumer;

/** An exchange whose answer is short and taken as a whole. */
final class CollectedExchange extends PeerExchange {
    static final int MOST_BYTES = 64 << 10;

    private final Consumer<PeerOutcome> then;
    private int status;
    private HttpHeaders headers = EmptyHttpHeaders.INSTANCE;
    private byte[] body = new byte[0];

    CollectedExchange(PeerRequest request, Consumer<PeerOutcome> then) {
        super(request);
        this.then = then;
    }

    @Override
    void begun(PeerConnection connection) {
        status = 0;
        body = new byte[0];
    }

    @Override
    void head(HttpResponse head) {
        status = head.status().code();
        headers = head.headers();
    }

    @Override
    String content(ByteBuf piece) {
        int bytes = piece.readableBytes();
        try {
            if (body.length + bytes > MOST_BYTES) return "the answer is longer than " + MOST_BYTES + " bytes";
            byte[] joined = bytes == 0 ? body : Arrays.copyOf(body, body.length + bytes);
            if (bytes > 0) System.arraycopy(ByteBufUtil.getBytes(piece), 0, joined, body.length, bytes);
            body = joined;
            return "";
        } finally {
            piece.release();
        }
    }

    @Override
    boolean isReaderBehind() {
        return false;
    }

    @Override
    void end() {
        then.accept(new PeerOutcome.Answered(status, headers, body));
    }

    @Override
    void fail(PeerFailure kind, String reason) {
        then.accept(new PeerOutcome.Failed(kind, reason));
    }
}
