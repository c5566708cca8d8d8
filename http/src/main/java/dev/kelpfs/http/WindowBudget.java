package dev.kelpfs.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what the windows of all connections hold together. Above the limit each is asked to hold no more than one small
 * piece, so that many slow clients cost little each, and the process never what they could hold together. Safe for all threads.
 */
final class WindowBudget {
    /** What a window holds that is asked to be small. */
    static final int SMALL_BYTES = 16 << 10;

    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    WindowBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    void took(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    void gave(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    boolean isTight() {
        return heldBytes.get() > limitBytes;
    }
}
