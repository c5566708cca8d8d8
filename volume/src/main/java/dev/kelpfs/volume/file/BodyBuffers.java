package dev.kelpfs.volume.file;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.http.BodyReader;
import dev.kelpfs.http.HttpException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The data of one large upload while it comes in, in pooled buffers. Its share of the body memory is taken before the
 * buffers are filled: all at once if the length is known, else step by step. For one thread; closing gives all back.
 */
final class BodyBuffers implements AutoCloseable {
    private static final int PIECE_BYTES = 256 << 10;
    /** Shares and pieces are multiples of it. */
    private static final int UNIT_BYTES = 64 << 10;
    /** What is taken at a time for a body of unknown length. */
    static final long STEP_BYTES = 1 << 20;

    private final UploadMemory memory;
    private final InetAddress client;
    private final ByteBufAllocator buffers;
    private final long limitBytes;
    private final Duration patience;
    private final Ticker ticker;
    private final List<ByteBuf> pieces = new ArrayList<>();
    private final List<Long> shares = new ArrayList<>();
    private long sharedBytes;
    /** What of the shares has no piece yet. */
    private long roomBytes;
    private long bytes;
    /** What has come, parts of a form that are not the file included. */
    private long receivedBytes;
    /** When the first share was taken, on the monotonic clock. */
    private long sharedSinceNanos;

    /**
     * @param client who sends it
     * @param limitBytes more data than this is refused
     */
    BodyBuffers(
            UploadMemory memory, InetAddress client, ByteBufAllocator buffers, long limitBytes, Duration patience, Ticker ticker) {
        this.memory = memory;
        this.client = client;
        this.ticker = ticker;
        this.buffers = buffers;
        this.limitBytes = limitBytes;
        this.patience = patience;
    }

    /**
     * Takes a share of the memory up front.
     *
     * @throws BusyException if it did not become free in time
     */
    void reserve(long bytesAhead) throws InterruptedException, BusyException {
        long share = (bytesAhead + UNIT_BYTES - 1) / UNIT_BYTES * UNIT_BYTES;
        if (!memory.take(client, share, patience)) {
            throw new BusyException("the memory for uploads is taken; try again in a moment");
        }
        if (shares.isEmpty()) sharedSinceNanos = ticker.nanos();
        shares.add(share);
        roomBytes += share;
        sharedBytes += bytesAhead;
    }

    /**
     * Reads to the end.
     *
     * @throws HttpException 400 above the limit
     * @throws BusyException if memory for more did not become free in time, or others wait for what this one fills too slowly
     */
    void readAll(BodyReader body) throws IOException, InterruptedException, BusyException {
        while (true) {
            if (bytes >= sharedBytes) reserve(STEP_BYTES);
            int size = Math.clamp(roomBytes, UNIT_BYTES, PIECE_BYTES);
            roomBytes -= size;
            ByteBuf piece = buffers.directBuffer(size, size);
            pieces.add(piece);
            ByteBuffer space = piece.nioBuffer(0, size);
            while (space.hasRemaining()) {
                int got = body.read(space);
                if (got < 0) {
                    piece.writerIndex(space.position());
                    return;
                }
                bytes += got;
                receivedBytes += got;
                if (memory.mustGiveWay(sharedBytes, receivedBytes, sharedSinceNanos)) throw tooSlow();
                if (bytes > limitBytes) throw overLimit(limitBytes);
            }
            piece.writerIndex(size);
        }
    }

    private BusyException tooSlow() {
        return new BusyException("others wait for the memory that this upload takes, and " + receivedBytes + " of " + sharedBytes
                + " bytes have come in " + ticker.since(sharedSinceNanos).toSeconds()
                + " s; nothing was stored; send it again, in smaller pieces if the line is slow");
    }

    static HttpException overLimit(long limitBytes) {
        return new HttpException(400, "file over the limited " + limitBytes + " bytes; split it, or raise -fileSizeLimitMB");
    }

    /** Forgets what was read; the memory stays reserved. */
    void clear() {
        for (ByteBuf piece : pieces) roomBytes += piece.capacity();
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        bytes = 0;
    }

    /** What was read. */
    List<ByteBuffer> data() {
        return pieces.stream().filter(ByteBuf::isReadable).map(ByteBuf::nioBuffer).toList();
    }

    @Override
    public void close() {
        clear();
        shares.forEach(share -> memory.giveBack(client, share));
        shares.clear();
    }

    /** Uploads take all the memory that they may; this one has to come again. */
    static final class BusyException extends Exception {
        private static final long serialVersionUID = 1L;

        BusyException(String reason) {
            super(reason);
        }
    }
}
