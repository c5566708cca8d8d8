package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of one answer on its way out: its writer runs on one virtual thread, its bytes go through the event loop, and
 * between them lies the window.
 */
final class ReplyStream implements BodySink, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyStream.class);
    private static final int PIECE_BYTES = 64 << 10;

    private final Connection connection;
    private final HttpExchange exchange;
    private final Reply reply;
    private final ReplyBody.Stream body;
    private final int windowBytes;
    private final WindowBudget budget;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    // Guarded by lock.
    private long inFlightBytes;
    private boolean gone;

    // The writer's thread only.
    private boolean begun;
    private long writtenBytes;

    // The event loop only.
    private boolean chunked;
    private boolean keepAlive;
    private boolean firstPiece = true;

    ReplyStream(Connection connection, HttpExchange exchange, Reply reply, ReplyBody.Stream body) {
        this.connection = connection;
        this.exchange = exchange;
        this.reply = reply;
        this.body = body;
        this.windowBytes = connection.core().options().limits().replyWindowBytes();
        this.budget = connection.core().runtime().replyWindows();
    }

    @Override
    public void run() {
        try {
            body.writer().writeTo(this);
            if (body.length() >= 0 && writtenBytes < body.length()) {
                throw new IOException("the body was announced with " + body.length() + " bytes and ended after " + writtenBytes);
            }
            begin();
            onLoop(() -> connection.writer().endStream(this));
        } catch (Throwable failure) {
            abort(failure);
        }
    }

    @Override
    public void write(ByteBuffer source) throws IOException, InterruptedException {
        while (source.hasRemaining()) {
            int bytes = Math.min(source.remaining(), pieceBytes());
            ByteBuf piece = connection.allocator().buffer(bytes);
            piece.writeBytes(source.slice(source.position(), bytes));
            source.position(source.position() + bytes);
            send(piece);
        }
    }

    @Override
    public void write(ByteBuf source) throws IOException, InterruptedException {
        try {
            while (source.isReadable()) send(source.readRetainedSlice(Math.min(source.readableBytes(), pieceBytes())));
        } finally {
            source.release();
        }
    }

    @Override
    public boolean takesFiles() {
        return body.length() >= 0 && connection.sendsFiles();
    }

    @Override
    public void write(FileBytes source) throws IOException, InterruptedException {
        KernelRegion region = connection.region(source);
        // Two of them at a time, whatever their size: one is sent while the next is read.
        send(region, source.count(), windowBytes / 2);
    }

    HttpExchange exchange() {
        return exchange;
    }

    Reply reply() {
        return reply;
    }

    ReplyBody.Stream body() {
        return body;
    }

    boolean isChunked() {
        return chunked;
    }

    boolean isKeepAlive() {
        return keepAlive;
    }

    /** The head went out. */
    void sentHead(boolean inChunks, boolean keepsConnection) {
        chunked = inChunks;
        keepAlive = keepsConnection;
    }

    /** Whether no piece went out before; true once. */
    boolean takeFirst() {
        boolean first = firstPiece;
        firstPiece = false;
        return first;
    }

    /** Bytes have left for the client, or never will. */
    void acknowledge(int bytes, boolean success) {
        budget.gave(bytes);
        lock.lock();
        try {
            inFlightBytes -= bytes;
            if (!success) gone = true;
            moved.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody wants the rest any more. */
    void cut() {
        acknowledge(0, false);
    }

    @Override
    public int pieceBytes() {
        return Math.min(budget.isTight() ? WindowBudget.SMALL_BYTES : PIECE_BYTES, windowBytes);
    }

    private void begin() throws IOException {
        if (begun) return;
        begun = true;
        onLoop(() -> connection.writer().beginStream(this));
    }

    private void send(ByteBuf piece) throws IOException, InterruptedException {
        send(piece, piece.readableBytes(), piece.readableBytes());
    }

    /** @param weight bytes of the window that the piece takes */
    private void send(ReferenceCounted piece, long bytes, int weight) throws IOException, InterruptedException {
        boolean handedOver = false;
        try {
            if (body.length() >= 0 && writtenBytes + bytes > body.length()) {
                throw new IOException("the body was announced with " + body.length() + " bytes and is longer");
            }
            begin();
            awaitRoom(weight);
            onLoop(() -> connection.writer().piece(this, piece, bytes, weight));
            handedOver = true;
            writtenBytes += bytes;
        } finally {
            if (!handedOver) piece.release();
        }
    }

    private void awaitRoom(int bytes) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!gone && inFlightBytes > 0 && inFlightBytes + bytes > window()) moved.await();
            if (gone) throw new ClientGoneException();
            inFlightBytes += bytes;
            budget.took(bytes);
        } finally {
            lock.unlock();
        }
    }

    private int window() {
        return budget.isTight() ? Math.min(WindowBudget.SMALL_BYTES, windowBytes) : windowBytes;
    }

    private void abort(Throwable failure) {
        if (!begun) {
            // Not a byte is out: the client still gets a proper answer.
            exchange.deliver(exchange.errorReply(failure));
            return;
        }
        if (!(failure instanceof ClientGoneException)) {
            LOG.warn("{} {}: the answer is cut short", exchange.request().method(), exchange.request().rawPath(), failure);
        }
        try {
            connection.loop().execute(() -> {
                connection.cutNow();
                exchange.releaseCollected();
            });
        } catch (RejectedExecutionException stopped) {
            LOG.debug("the event loop has stopped already", stopped);
        }
    }

    private void onLoop(Runnable task) throws IOException {
        try {
            connection.loop().execute(task);
        } catch (RejectedExecutionException stopped) {
            throw new IOException("the server has stopped", stopped);
        }
    }

    /** The client closed the connection or took nothing for too long. */
    private static final class ClientGoneException extends IOException {
        private static final long serialVersionUID = 1L;

        ClientGoneException() {
            super("the client is gone");
        }
    }
}
