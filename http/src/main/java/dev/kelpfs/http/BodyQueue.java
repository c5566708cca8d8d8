package dev.kelpfs.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The window between the event loop, which puts pieces of a body in, and the one thread that reads them.
 */
public final class BodyQueue implements BodyReader {
    private final int windowBytes;
    private final WindowBudget budget;
    private final Runnable onWanted;
    private final Runnable onRoom;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final Deque<ByteBuf> pieces = new ArrayDeque<>();
    private int waitingBytes;
    private boolean full;
    private boolean wanted;
    private boolean complete;
    private boolean closed;
    private @Nullable Supplier<? extends IOException> failure;

    /**
     * @param onWanted called by the reader before it first waits; no piece needs to come before
     * @param onRoom called by the reader when a window that was full has room again
     */
    public BodyQueue(int windowBytes, Runnable onWanted, Runnable onRoom) {
        this(windowBytes, new WindowBudget(Long.MAX_VALUE), onWanted, onRoom);
    }

    /** @param budget for the windows of all connections */
    BodyQueue(int windowBytes, WindowBudget budget, Runnable onWanted, Runnable onRoom) {
        this.windowBytes = windowBytes;
        this.budget = budget;
        this.onWanted = onWanted;
        this.onRoom = onRoom;
    }

    /** Takes a piece over. @return whether there is room for another one; if not, {@code onRoom} will be called */
    public boolean offer(ByteBuf piece) {
        lock.lock();
        try {
            if (closed || failure != null) {
                piece.release();
                return true;
            }
            pieces.addLast(piece);
            waitingBytes += piece.readableBytes();
            budget.took(piece.readableBytes());
            // Full until the reader says that it has room: who was told to stop is waiting for that word.
            if (waitingBytes >= window()) full = true;
            changed.signal();
            return !full;
        } finally {
            lock.unlock();
        }
    }

    /** The last piece was put in. */
    public void complete() {
        lock.lock();
        try {
            complete = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The rest will never come; what waits is thrown away, so that nobody takes it for a body.
     *
     * @param cause makes what the reader is thrown
     */
    public void fail(Supplier<? extends IOException> cause) {
        lock.lock();
        try {
            if (complete || failure != null) return;
            failure = cause;
            dropAll();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The exchange is over: frees what waits. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            dropAll();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) return 0;
        boolean room;
        int moved;
        lock.lock();
        try {
            if (!await()) return END;
            moved = move(target);
            waitingBytes -= moved;
            budget.gave(moved);
            room = full && waitingBytes <= window() / 2;
            if (room) full = false;
        } finally {
            lock.unlock();
        }
        if (room) onRoom.run();
        return moved;
    }

    /** Waits for a piece. @return false at the end of the body */
    private boolean await() throws IOException {
        while (true) {
            if (failure != null) throw failure.get();
            if (closed) throw new IOException("the exchange is over; its body can no longer be read");
            if (!pieces.isEmpty()) return true;
            if (complete) return false;
            if (!wanted) {
                wanted = true;
                onWanted.run();
            }
            try {
                changed.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for a body");
            }
        }
    }

    private int move(ByteBuffer target) {
        int start = target.position();
        while (target.hasRemaining() && !pieces.isEmpty()) {
            ByteBuf piece = pieces.getFirst();
            int count = Math.min(piece.readableBytes(), target.remaining());
            int limit = target.limit();
            target.limit(target.position() + count);
            piece.readBytes(target);
            target.limit(limit);
            if (!piece.isReadable()) pieces.removeFirst().release();
        }
        return target.position() - start;
    }

    private int window() {
        return budget.isTight() ? Math.min(WindowBudget.SMALL_BYTES, windowBytes) : windowBytes;
    }

    private void dropAll() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        budget.gave(waitingBytes);
        waitingBytes = 0;
    }
}
