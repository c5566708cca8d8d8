package dev.kelpfs.volume;

import dev.kelpfs.storage.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the disks: volumes that have outlived their time go within a pulse of the heartbeat, free space is checked once
 * a minute. One thread of its own.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final int PERIODS_PER_DISK_CHECK = 12;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final Store store;
    private final Runnable volumesChanged;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private Housekeeping(Store store, Runnable volumesChanged) {
        this.store = store;
        this.volumesChanged = volumesChanged;
        this.thread = Thread.ofPlatform().name("kelp-housekeeping").daemon().unstarted(this::run);
    }

    /** @param volumesChanged called after volumes were deleted */
    static Housekeeping start(Store store, Runnable volumesChanged) {
        Housekeeping housekeeping = new Housekeeping(store, volumesChanged);
        housekeeping.thread.start();
        return housekeeping;
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(STOP_PATIENCE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (int period = 1; !stop.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS); period++) {
                tidy(period % PERIODS_PER_DISK_CHECK == 0);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tidy(boolean alsoDisks) {
        try {
            if (alsoDisks) store.checkDisks();
            if (!store.deleteExpired().isEmpty()) volumesChanged.run();
        } catch (IOException | RuntimeException failed) {
            // It is tried again in a moment; meanwhile serving goes on.
            LOG.error("looking after the disks failed", failed);
        }
    }
}
