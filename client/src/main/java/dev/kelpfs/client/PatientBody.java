package dev.kelpfs.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream that does not wait for ever: when no byte comes for the given time, a read fails. One
 * delivery of the network is asked for at a time, so memory is bounded. Read and closed by one thread.
 */
final class PatientBody extends InputStream implements BodySubscriber<InputStream> {
    private static final List<ByteBuffer> END = List.of();

    private final Duration patience;
    /** Holds at most the one delivery that was asked for, and the end. */
    private final BlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
    private final Deque<ByteBuffer> current = new ArrayDeque<>();
    private boolean ended;

    /** Guarded by this. */
    private Flow.@Nullable Subscription subscription;
    /** Guarded by this. */
    private boolean closed;
    /** Written before the end is put into the queue. */
    private volatile @Nullable Throwable failure;

    PatientBody(Duration patience) {
        this.patience = patience;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        synchronized (this) {
            subscription = begun;
            if (closed) {
                begun.cancel();
                return;
            }
        }
        begun.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (buffers.isEmpty()) ask();
        else arrived.add(buffers);
    }

    @Override
    public void onError(Throwable thrown) {
        failure = thrown;
        arrived.add(END);
    }

    @Override
    public void onComplete() {
        arrived.add(END);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) return 0;
        if (!fill()) return -1;
        ByteBuffer next = current.element();
        int count = Math.min(length, next.remaining());
        next.get(to, offset, count);
        if (!next.hasRemaining()) current.remove();
        return count;
    }

    @Override
    public int available() {
        ByteBuffer next = current.peek();
        return next == null ? 0 : next.remaining();
    }

    /** Gives the rest up; the connection is not used again unless everything had come. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
            if (subscription != null && !ended) subscription.cancel();
        }
        ended = true;
        current.clear();
        arrived.clear();
        arrived.add(END);
    }

    /** @return false at the end */
    private boolean fill() throws IOException {
        while (current.isEmpty()) {
            if (ended) return endOrFailure();
            List<ByteBuffer> buffers = await();
            if (buffers == END) {
                ended = true;
            } else {
                for (ByteBuffer buffer : buffers) {
                    if (buffer.hasRemaining()) current.add(buffer);
                }
                ask();
            }
        }
        return true;
    }

    private List<ByteBuffer> await() throws IOException {
        try {
            List<ByteBuffer> buffers = arrived.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (buffers != null) return buffers;
            close();
            failure = new IOException("no byte came for " + patience.toMillis() + " ms");
            return END;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("reading was interrupted", interrupted);
        }
    }

    private boolean endOrFailure() throws IOException {
        Throwable thrown = failure;
        if (thrown != null) throw new IOException("the answer broke off: " + thrown.getMessage(), thrown);
        if (isClosed()) throw new IOException("the answer was closed before it was read");
        return false;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void ask() {
        Flow.Subscription open;
        synchronized (this) {
            open = subscription;
        }
        if (open != null) open.request(1);
    }
}
