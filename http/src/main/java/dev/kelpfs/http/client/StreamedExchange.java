package dev.kelpfs.http.client;

import dev.kelpfs.http.BodyQueue;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** An exchange whose answer one virtual thread reads while it comes. */
final class StreamedExchange extends PeerExchange {
    private static final int WINDOW_BYTES = 256 << 10;

    private final CompletableFuture<PeerAnswer> answer = new CompletableFuture<>();
    private final BodyQueue queue = new BodyQueue(WINDOW_BYTES, () -> { }, this::roomAgain);

    /** Set before the answer is there, so that its reader sees it. */
    private volatile @Nullable PeerConnection connection;
    /** The event loop only. */
    private boolean full;

    StreamedExchange(PeerRequest request) {
        super(request);
    }

    /** Waits for the head. */
    PeerAnswer awaitHead() throws PeerException, InterruptedException {
        boolean taken = false;
        try {
            PeerAnswer head = answer.get();
            taken = true;
            return head;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof PeerException known) throw new PeerException(known.kind(), known.getMessage());
            throw new IllegalStateException("an exchange failed in an unforeseen way", failed.getCause());
        } finally {
            // Interrupted: whoever completes the answer now has nobody to read it.
            if (!taken) answer.whenComplete((late, failure) -> {
                if (late != null) late.close();
            });
        }
    }

    @Override
    void begun(PeerConnection carrier) {
        connection = carrier;
    }

    @Override
    void head(HttpResponse head) {
        answer.complete(new PeerAnswer(head.status().code(), head.headers(),
                HttpUtil.getContentLength(head, PeerAnswer.UNKNOWN_LENGTH), queue, this::close));
    }

    @Override
    String content(ByteBuf piece) {
        if (!piece.isReadable()) {
            piece.release();
            return "";
        }
        full = !queue.offer(piece);
        PeerConnection carrier = connection;
        if (full && carrier != null) carrier.reading(false);
        return "";
    }

    @Override
    boolean isReaderBehind() {
        return full;
    }

    @Override
    void end() {
        queue.complete();
    }

    @Override
    void fail(PeerFailure kind, String reason) {
        answer.completeExceptionally(new PeerException(kind, reason));
        queue.fail(() -> new PeerException(kind, reason));
    }

    /** The reader is through, or does not want the rest. */
    private void close() {
        queue.close();
        PeerConnection carrier = connection;
        if (carrier != null) carrier.onLoop(() -> carrier.abandon(this));
    }

    private void roomAgain() {
        PeerConnection carrier = connection;
        if (carrier != null) {
            carrier.onLoop(() -> {
                full = false;
                carrier.readingFor(this);
            });
        }
    }
}
