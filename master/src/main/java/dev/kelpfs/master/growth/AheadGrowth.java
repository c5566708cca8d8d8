package dev.kelpfs.master.growth;

import dev.kelpfs.core.Ticker;
import dev.kelpfs.master.topology.LayoutRoom;
import dev.kelpfs.master.topology.LiveTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at all layouts from time to time and has volumes made before somebody needs them. Safe for all threads. */
public final class AheadGrowth implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AheadGrowth.class);
    /** Soon after the start, when servers had the time to come. */
    private static final Duration FIRST = Duration.ofSeconds(15);
    private static final int PAUSE_SECONDS = 5 * 60;
    /** Masters that started together do not come at the same moment. */
    private static final int MORE_SECONDS = 30;
    /** Layouts that grow at one moment for this reason: less than may grow, so that those in need find room. */
    private static final int MAX_LAYOUTS = 16;
    private static final int GROWTH_SECONDS = 60;

    private final GrowthSettings settings;
    private final LiveTopology topology;
    private final Grower grower;
    private final BooleanSupplier leads;
    private final long preallocateBytes;
    private final RandomGenerator random;
    private final Ticker ticker;
    private final ExecutorService threads;
    private final Supplier<Duration> pause;
    private final Thread worker = Thread.ofVirtual().name("kelp-master-growth").unstarted(this::work);

    /**
     * @param preallocateBytes disk space that servers reserve for each volume; 0 for none
     * @param random safe for all threads
     * @param threads may hold many blocked tasks
     * @param pause before the first and between any two looks
     */
    public AheadGrowth(
            GrowthSettings settings, LiveTopology topology, Grower grower, BooleanSupplier leads, long preallocateBytes,
            RandomGenerator random, Ticker ticker, ExecutorService threads, Supplier<Duration> pause) {
        this.settings = settings;
        this.topology = topology;
        this.grower = grower;
        this.leads = leads;
        this.preallocateBytes = preallocateBytes;
        this.random = random;
        this.ticker = ticker;
        this.threads = threads;
        this.pause = pause;
    }

    /** About five minutes, but the first time sooner. For one thread. @param random safe for all threads */
    public static Supplier<Duration> usualPause(RandomGenerator random) {
        return new Supplier<>() {
            private boolean first = true;

            @Override
            public Duration get() {
                Duration next = first ? FIRST : Duration.ofSeconds(PAUSE_SECONDS + random.nextInt(MORE_SECONDS));
                first = false;
                return next;
            }
        };
    }

    public void start() {
        worker.start();
    }

    private void work() {
        try {
            while (true) {
                ticker.sleep(pause.get());
                if (!leads.getAsBoolean() || settings.disabled()) continue;
                try {
                    look();
                } catch (RuntimeException bug) {
                    LOG.error("Looking for layouts that need volumes failed", bug);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once, and waits until what it began is over. */
    private void look() throws InterruptedException {
        Semaphore atOnce = new Semaphore(MAX_LAYOUTS);
        List<Future<?>> growing = new ArrayList<>();
        for (LayoutRoom layout : topology.room()) {
            atOnce.acquire();
            try {
                growing.add(threads.submit(() -> {
                    try {
                        grow(layout);
                    } catch (InterruptedException stopping) {
                        Thread.currentThread().interrupt();
                    } finally {
                        atOnce.release();
                    }
                }));
            } catch (RejectedExecutionException stopping) {
                return;
            }
        }
        for (Future<?> one : growing) {
            try {
                one.get();
            } catch (ExecutionException bug) {
                LOG.error("Growth ahead of need failed", bug.getCause());
            }
        }
    }

    private void grow(LayoutRoom layout) throws InterruptedException {
        for (GrowthPlan.Step step : GrowthPlan.steps(layout, topology.spots(layout.key().diskType()), settings, random)) {
            GrowthRequest request = new GrowthRequest(layout.key(), step.wish(), step.volumes(), preallocateBytes, 0, true);
            // What is being made, or was made a moment ago and is not yet in the registry, counts at the next look.
            if (grower.underWay(request).isPresent() || topology.awaitsRegistry(layout.key())) return;
            grower.grow(request).await(GROWTH_SECONDS);
        }
    }

    @Override
    public void close() {
        worker.interrupt();
    }
}
