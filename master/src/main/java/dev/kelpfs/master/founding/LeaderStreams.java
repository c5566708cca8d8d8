package dev.kelpfs.master.founding;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.wire.kelp.LeaderView;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Tells all that watch who leads: at once, on every change, and at least every 200 ms, so that silence means something. One
 * thread sends; a stream that takes nothing misses repetitions only. Safe for all threads.
 */
public final class LeaderStreams implements AutoCloseable {
    /** Several tries fit between two beats. */
    private static final Duration PAUSE = Duration.ofMillis(150);
    private static final int MAX_STREAMS = 20_000;

    private final Supplier<LeaderView> view;
    private final Set<ServerCallStreamObserver<LeaderView>> open = ConcurrentHashMap.newKeySet();
    private final Thread sender = Thread.ofVirtual().name("kelp-master-leader-streams").unstarted(this::send);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake;
    /** Guarded by {@link #lock}. */
    private boolean changed;

    /** @param view who leads now */
    public LeaderStreams(Supplier<LeaderView> view, Ticker ticker) {
        this.view = view;
        this.wake = ticker.newCondition(lock);
    }

    public void start() {
        sender.start();
    }

    /** Who leads may have changed. */
    public void changed() {
        lock.lock();
        try {
            changed = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    void add(ServerCallStreamObserver<LeaderView> stream) {
        if (open.size() >= MAX_STREAMS) {
            stream.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription(MAX_STREAMS + " streams watch this master already").asRuntimeException());
            return;
        }
        stream.setOnCancelHandler(() -> open.remove(stream));
        open.add(stream);
        changed();
    }

    private void send() {
        try {
            while (true) {
                LeaderView now = view.get();
                for (ServerCallStreamObserver<LeaderView> stream : open) send(stream, now);
                pause();
            }
        } catch (InterruptedException closed) {
            for (ServerCallStreamObserver<LeaderView> stream : open) {
                if (stream.isCancelled()) continue;
                stream.onError(Status.UNAVAILABLE.withDescription("this master is stopping").asRuntimeException());
            }
        }
    }

    /** Until something changed, or the streams must be told again that nothing did. */
    private void pause() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!changed && open.isEmpty()) wake.await();
            if (!changed) wake.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
            changed = false;
        } finally {
            lock.unlock();
        }
    }

    private void send(ServerCallStreamObserver<LeaderView> stream, LeaderView now) {
        if (stream.isCancelled()) open.remove(stream);
        else if (stream.isReady()) stream.onNext(now);
    }

    @Override
    public void close() {
        sender.interrupt();
        try {
            sender.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
