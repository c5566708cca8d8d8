package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of the current request on its way in, and where it goes. Confined to the event loop.
 */
final class IncomingBody {
    private static final int FIRST_BUFFER_BYTES = 16 << 10;
    private static final int UNCOUNTED_BYTES = 4 << 10;

    private enum Mode {
        /** All of it came, or there was none. */
        COMPLETE,
        /** Nobody has said yet what to do with it. */
        UNDECIDED,
        COLLECTING,
        STREAMING,
        DISCARDING
    }

    private final WindowBudget collecting;
    private Mode mode = Mode.COMPLETE;
    private boolean broken;
    private long announcedBytes;
    private long receivedBytes;
    private long discardedBytes;
    private int maxCollectBytes;
    private @Nullable ByteBuf collected;
    private @Nullable Consumer<ByteBuf> whenCollected;
    private @Nullable BodyQueue queue;
    private boolean queueFull;
    /** What this body counts for among those that are collected at the same time. */
    private int countedBytes;

    /** @param collecting counts what bodies that are being collected may take together */
    IncomingBody(WindowBudget collecting) {
        this.collecting = collecting;
    }

    /** Begins with a new request. @param lengthBytes as announced, {@link Request#UNKNOWN_LENGTH} for chunks */
    void begin(long lengthBytes) {
        mode = lengthBytes == 0 ? Mode.COMPLETE : Mode.UNDECIDED;
        broken = false;
        announcedBytes = lengthBytes;
        receivedBytes = 0;
        discardedBytes = 0;
        queueFull = false;
    }

    boolean isComplete() {
        return mode == Mode.COMPLETE;
    }

    boolean isUndecided() {
        return mode == Mode.UNDECIDED;
    }

    /** Whether the next piece has a place to go to. */
    boolean wantsBytes() {
        return switch (mode) {
            case COMPLETE, UNDECIDED -> false;
            case COLLECTING, DISCARDING -> true;
            case STREAMING -> !queueFull;
        };
    }

    /** Whether what is missing may still come and is little enough to be thrown away. */
    boolean isDrainable(int drainBytes) {
        if (mode == Mode.COMPLETE) return !broken;
        return !broken && (announcedBytes < 0 || announcedBytes - receivedBytes <= drainBytes);
    }

    long receivedBytes() {
        return receivedBytes;
    }

    long announcedBytes() {
        return announcedBytes;
    }

    void collect(int maxBytes, Consumer<ByteBuf> then) {
        mode = Mode.COLLECTING;
        if (counts(announcedBytes)) {
            countedBytes = announcedBytes < 0 ? maxBytes : (int) announcedBytes;
            collecting.took(countedBytes);
        }
        maxCollectBytes = maxBytes;
        whenCollected = then;
    }

    /** Whether a body of this length is worth counting; those below cost little more than the connection that they come on. */
    static boolean counts(long announcedBytes) {
        return announcedBytes < 0 || announcedBytes > UNCOUNTED_BYTES;
    }

    private void collectsNoMore() {
        if (countedBytes > 0) collecting.gave(countedBytes);
        countedBytes = 0;
    }

    void stream(BodyQueue target) {
        mode = Mode.STREAMING;
        queue = target;
        queueFull = true;
    }

    void queueHasRoom() {
        queueFull = false;
    }

    /** The answer is out: whatever still comes is thrown away. */
    void discard() {
        releaseTargets();
        if (mode != Mode.COMPLETE) mode = Mode.DISCARDING;
    }

    /** What became of a piece. */
    enum Accepted { YES, TOO_LARGE, TOO_MUCH_DISCARDED }

    /** Takes a piece over. */
    Accepted accept(ByteBuf piece, ByteBufAllocator allocator, long maxBodyBytes, int drainBytes) {
        int bytes = piece.readableBytes();
        receivedBytes += bytes;
        if (bytes == 0 || mode == Mode.COMPLETE || mode == Mode.UNDECIDED) {
            piece.release();
            return Accepted.YES;
        }
        if (mode == Mode.DISCARDING) {
            piece.release();
            discardedBytes += bytes;
            return discardedBytes > drainBytes ? Accepted.TOO_MUCH_DISCARDED : Accepted.YES;
        }
        if (receivedBytes > maxBodyBytes || mode == Mode.COLLECTING && receivedBytes > maxCollectBytes) {
            piece.release();
            return Accepted.TOO_LARGE;
        }
        if (mode == Mode.COLLECTING) gather(piece, allocator);
        else if (queue != null) queueFull = !queue.offer(piece);
        return Accepted.YES;
    }

    /** The last piece was accepted. @return who waits for the collected whole, if somebody does */
    @Nullable Consumer<ByteBuf> end() {
        Mode was = mode;
        mode = Mode.COMPLETE;
        collectsNoMore();
        if (was == Mode.STREAMING && queue != null) queue.complete();
        Consumer<ByteBuf> then = was == Mode.COLLECTING ? whenCollected : null;
        whenCollected = null;
        return then;
    }

    /** The collected bytes, which the caller now owns; empty if none came. */
    ByteBuf takeCollected(ByteBufAllocator allocator) {
        ByteBuf taken = collected;
        collected = null;
        return taken == null ? allocator.buffer(0) : taken;
    }

    /** The rest will not come. @return whether somebody on the event loop waited for the whole */
    boolean breakOff(RequestBodyException cause) {
        broken = true;
        collectsNoMore();
        boolean waited = mode == Mode.COLLECTING;
        if (mode == Mode.STREAMING && queue != null) {
            queue.fail(() -> new RequestBodyException(cause.status(), String.valueOf(cause.getMessage())));
        }
        whenCollected = null;
        if (mode != Mode.COMPLETE) mode = Mode.DISCARDING;
        return waited;
    }

    boolean isBroken() {
        return broken;
    }

    /** Frees what was not taken. */
    void releaseTargets() {
        collectsNoMore();
        if (collected != null) collected.release();
        collected = null;
        whenCollected = null;
        if (queue != null) queue.close();
        queue = null;
    }

    private void gather(ByteBuf piece, ByteBufAllocator allocator) {
        boolean whole = collected == null && announcedBytes == piece.readableBytes();
        if (whole) {
            collected = piece;
            return;
        }
        if (collected == null) {
            // Grows with what really comes: an announcement alone takes no memory.
            int likely = announcedBytes < 0 ? piece.readableBytes() : (int) Math.min(announcedBytes, FIRST_BUFFER_BYTES);
            collected = allocator.buffer(likely, maxCollectBytes);
        }
        collected.writeBytes(piece);
        piece.release();
    }
}
