package dev.kelpfs.master.vacuum;

import dev.kelpfs.core.Ticker;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has all volumes looked at from time to time, on the leader and while nobody switched it off. Safe for all threads. */
public final class AutoVacuum implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AutoVacuum.class);
    private static final int PAUSE_SECONDS = 14 * 60;
    /** Masters that started together do not come at the same moment. */
    private static final int MORE_SECONDS = 120;

    private final Vacuumer vacuumer;
    private final VacuumSwitch mayRun;
    private final BooleanSupplier leads;
    private final double garbageThreshold;
    private final Ticker ticker;
    private final Supplier<Duration> pause;
    private final Thread worker = Thread.ofVirtual().name("kelp-master-vacuum").unstarted(this::work);

    /** @param pause before the first and between any two sweeps */
    public AutoVacuum(
            Vacuumer vacuumer, VacuumSwitch mayRun, BooleanSupplier leads, double garbageThreshold, Ticker ticker,
            Supplier<Duration> pause) {
        this.vacuumer = vacuumer;
        this.mayRun = mayRun;
        this.leads = leads;
        this.garbageThreshold = garbageThreshold;
        this.ticker = ticker;
        this.pause = pause;
    }

    /** About a quarter of an hour. @param random safe for all threads */
    public static Supplier<Duration> usualPause(RandomGenerator random) {
        return () -> Duration.ofSeconds(PAUSE_SECONDS + random.nextInt(MORE_SECONDS));
    }

    public void start() {
        worker.start();
    }

    private void work() {
        try {
            while (true) {
                ticker.sleep(pause.get());
                if (!leads.getAsBoolean() || !mayRun.isOn()) continue;
                try {
                    vacuumer.sweep(garbageThreshold);
                } catch (RuntimeException bug) {
                    LOG.error("A sweep for garbage failed", bug);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        worker.interrupt();
    }
}
