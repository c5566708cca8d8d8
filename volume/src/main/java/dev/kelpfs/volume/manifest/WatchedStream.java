package dev.kelpfs.volume.manifest;

import dev.kelpfs.core.Ticker;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A stream from another server that is closed if a read waits too long: a peer that vanished without a word must not keep
 * a thread forever. A virtual thread watches it. For one reading thread.
 */
final class WatchedStream extends FilterInputStream {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final long NOT_READING = Long.MIN_VALUE;

    private final Ticker ticker;
    private final Thread watcher;

    /** When the read that is under way began. */
    private volatile long readSince = NOT_READING;

    WatchedStream(InputStream in, Ticker ticker) {
        super(in);
        this.ticker = ticker;
        watcher = Thread.ofVirtual().name("kelp-chunk-watcher").start(this::watch);
    }

    @Override
    public int read() throws IOException {
        readSince = ticker.nanos();
        try {
            return in.read();
        } finally {
            readSince = NOT_READING;
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        readSince = ticker.nanos();
        try {
            return in.read(target, offset, length);
        } finally {
            readSince = NOT_READING;
        }
    }

    @Override
    public void close() throws IOException {
        watcher.interrupt();
        super.close();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY);
                long since = readSince;
                if (since != NOT_READING && ticker.nanos() - since > PATIENCE.toNanos()) {
                    in.close();
                    return;
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (IOException alreadyBroken) {
            // The reader sees it.
            return;
        }
    }
}
