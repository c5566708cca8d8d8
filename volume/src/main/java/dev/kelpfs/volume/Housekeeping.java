package dev.kelpfs.volume;

import dev.kelpfs.storage.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the disks once a minute: free space, and volumes that have outlived their time. One thread of its own. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);
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
            while (!stop.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) tidy();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tidy() {
        try {
            store.checkDisks();
            if (!store.deleteExpired().isEmpty()) volumesChanged.run();
        } catch (IOException | RuntimeException failed) {
            // It is tried again in a minute; meanwhile serving goes on.
            LOG.error("looking after the disks failed", failed);
        }
    }
}
